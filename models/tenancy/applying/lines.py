"""The numbers of a business file: its own on every channel, and those it shares."""

from datetime import datetime
from uuid import UUID

import sqlalchemy
from sqlalchemy import DateTime, String, bindparam, delete, func, null
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select

from models.base import Channel
from models.db import Tx
from models.errors import BusinessFileError
from models.tenancy.business_file import BusinessFile
from models.tenancy.tables import PhoneLine

_LINES = select(PhoneLine).where(col(PhoneLine.tenant_id) == bindparam("tenant"))
_GIVE_UP = delete(PhoneLine).where(
    col(PhoneLine.tenant_id) == bindparam("tenant"), col(PhoneLine.id) == bindparam("row")
)
_NUMBER, _CHANNEL = bindparam("number", type_=String), bindparam("channel", type_=String)
_SHARE = sqlalchemy.select(func.share_line(_NUMBER, _CHANNEL))
_LEAVE = sqlalchemy.select(func.leave_shared_lines(bindparam("kept", type_=ARRAY(String))))
_NOW = bindparam("now", type_=DateTime(timezone=True))
# a sender and a code that nobody has: the answer is about the number alone, and no choice is recorded
_LINE = func.route_line(_CHANNEL, _NUMBER, "", null(), _NOW).table_valued("known", "shared")
_ROUTE = select(_LINE.c.known, _LINE.c.shared)


async def bring(tx: Tx, tenant_id: UUID, file: BusinessFile, now: datetime) -> int:
    """Takes the own number, joins the shared ones and leaves the others; says how many lines came or went.

    Raises BusinessFileError if the own number is shared by others, or a shared one is somebody's own. That
    the own number is also another's own shows as a unique violation.
    """
    changed: int = await tx.value(_LEAVE, kept=file.lines.shared)
    wanted = {(file.lines.number, channel.value) for channel in Channel}
    kept = {(line.number, line.channel): line for line in await tx.all(_LINES, tenant=tenant_id)}
    for place in kept.keys() - wanted:
        await tx.run(_GIVE_UP, tenant=tenant_id, row=kept[place].id)
    for number, channel in sorted(wanted - kept.keys()):
        if (await tx.one(_ROUTE, channel=channel, number=number, now=now)).shared:
            raise BusinessFileError(f'{file.source}: lines.number: "{number}" is shared by businesses')
        await tx.add(PhoneLine(tenant_id=tenant_id, number=number, channel=channel))
    for number in file.lines.shared:
        changed += await _share(tx, number, file, now)
    return changed + len(kept.keys() ^ wanted)


async def _share(tx: Tx, number: str, file: BusinessFile, now: datetime) -> int:
    joined = 0
    for channel in Channel:
        line = await tx.one(_ROUTE, channel=channel, number=number, now=now)
        if line.known and not line.shared:
            raise BusinessFileError(f'{file.source}: lines.shared: "{number}" is one business\'s own')
        joined += await tx.value(_SHARE, number=number, channel=channel)
    return joined
