"""What owners were told of a week: once each, and what they made of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.db import Tx
from models.operations import audit
from models.operations.tables import AuditAction, DigestAnswer, OwnersDigest
from models.people.tables import User
from models.statements import add_unless_taken, business, ours, unless_taken

_ADD = unless_taken(OwnersDigest, "tenant_id", "user_id", "week_of")
_BY_ID = select(OwnersDigest).where(
    ours(OwnersDigest),
    col(OwnersDigest.id) == bindparam("digest_id"),
    col(OwnersDigest.user_id) == bindparam("user_id"),
)
_TOLD = select(OwnersDigest).where(ours(OwnersDigest), col(OwnersDigest.week_of) == bindparam("week_of"))
_ANSWER = (
    update(OwnersDigest)
    .where(ours(OwnersDigest), col(OwnersDigest.id) == bindparam("digest_id"))
    .values(answer=bindparam("answer"), answered_at=bindparam("now"))
)


async def told(tx: Tx, week_of: date) -> set[UUID]:
    """The owners who have been told of the week."""
    return {digest.user_id for digest in await tx.all(_TOLD, tenant_id=tx.tenant_id, week_of=week_of)}


async def add(
    tx: Tx, user: User, week_of: date, findings: Sequence[dict[str, Any]], now: datetime
) -> OwnersDigest | None:
    """The digest, once for each owner and week: None if another process has just made it."""
    digest = OwnersDigest(
        tenant_id=business(tx), user_id=user.id, week_of=week_of, findings=list(findings), told_at=now
    )
    return digest if await add_unless_taken(tx, _ADD, digest) else None


async def answer(tx: Tx, digest_id: UUID, said: DigestAnswer, *, by: User, now: datetime) -> OwnersDigest | None:
    """Records what the owner makes of his own digest; the last word counts. None if it is nobody's, or another's."""
    digest: OwnersDigest | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, digest_id=digest_id, user_id=by.id)
    if digest is not None:
        await tx.run(_ANSWER, tenant_id=tx.tenant_id, digest_id=digest_id, answer=said, now=now)
        old, new = {"answer": digest.answer}, {"answer": said}
        await audit.record(tx, AuditAction.UPDATE, "owners_digests", digest_id, by=by, now=now, old=old, new=new)
    return digest
