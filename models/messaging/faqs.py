"""Questions the business has answered: finding the one that is meant, by words alone.

An FAQ is as close as the closest of its question and its aliases. Closeness adds up two things: how many of
the asked words are there, in whatever form, and how alike the letters are. The second forgives typing and
tells "when", "where" and "how" apart, which the first takes for no words at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy
from sqlalchemy import (
    ARRAY,
    Integer,
    String,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col, select

from models.db import Tx
from models.messaging.tables import Faq, UnansweredQuestion

# test_faqs.py measures what these are worth; between two FAQs without a `LEAD` only the customer can choose
CONFIDENT, LEAD, CLOSE = 0.3, 0.12, 0.175
_WEIGHT_OF_WORDS, _WEIGHT_OF_LETTERS = 6.0, 0.5

_TENANT = bindparam("tenant", type_=Uuid)
_QUESTION = bindparam("question", type_=String)
_ENGLISH = literal_column("'english'", String)
# any of the words will do: no FAQ has all the words of a sentence
_ANY_WORD = func.replace(cast(func.plainto_tsquery(_ENGLISH, _QUESTION), String), "&", "|")
_ASKED = sqlalchemy.select(cast(func.nullif(_ANY_WORD, ""), TSQUERY).label("words")).cte("asked")
_ALL_SAYINGS = col(Faq.aliases).op("||")(func.to_jsonb(col(Faq.question)))
_SAYINGS = func.jsonb_array_elements_text(_ALL_SAYINGS).table_valued("value", joins_implicitly=True)
_SAME_WORDS = func.ts_rank(func.to_tsvector(_ENGLISH, _SAYINGS.c.value), _ASKED.c.words)
_SAME_LETTERS = func.similarity(_SAYINGS.c.value, _QUESTION)
_CLOSENESS = func.max(_WEIGHT_OF_WORDS * func.coalesce(_SAME_WORDS, 0.0) + _WEIGHT_OF_LETTERS * _SAME_LETTERS).label(
    "closeness"
)
_CLOSEST = (
    sqlalchemy.select(col(Faq.id), _CLOSENESS)
    .join_from(Faq, _ASKED, sqlalchemy.true())
    .where(col(Faq.tenant_id) == _TENANT, col(Faq.is_active))
    .group_by(col(Faq.tenant_id), col(Faq.id))
    .order_by(_CLOSENESS.desc(), col(Faq.display_order))
    .limit(bindparam("limit", type_=Integer))
)
_BY_IDS = select(Faq).where(col(Faq.tenant_id) == _TENANT, col(Faq.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
_COUNT_USE = (
    update(Faq)
    .where(col(Faq.tenant_id) == _TENANT, col(Faq.id) == bindparam("faq"))
    .values(usage_count=col(Faq.usage_count) + 1)
)


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """The FAQs that came close, closest first; `best` is the first of them when there is no doubt."""

    best: Faq | None
    candidates: list[Faq]


async def search(tx: Tx, question: str, *, limit: int = 3) -> FaqMatch:
    """Up to `limit` FAQs of the business that may be meant."""
    # two at least: the lead of the first shows against the second
    closest = await tx.all(_CLOSEST, tenant=tx.tenant_id, question=question, limit=max(limit, 2))
    close = [row for row in closest[:limit] if row.closeness >= CLOSE]
    candidates = await by_ids(tx, [row.id for row in close])
    return FaqMatch(candidates[0] if _is_sure([row.closeness for row in closest]) else None, candidates)


def _is_sure(closeness: Sequence[float]) -> bool:
    if not closeness or closeness[0] < CONFIDENT:
        return False
    return len(closeness) == 1 or closeness[0] - closeness[1] >= LEAD


async def by_ids(tx: Tx, ids: Sequence[UUID | str]) -> list[Faq]:
    """Those FAQs, in the order of `ids`, retired ones too: what was offered can be answered."""
    found = {str(faq.id): faq for faq in await tx.all(_BY_IDS, tenant=tx.tenant_id, ids=list(ids))}
    return [found[str(one)] for one in ids if str(one) in found]


async def count_use(tx: Tx, faq_id: UUID) -> None:
    """Notes that the answer was given once more."""
    await tx.run(_COUNT_USE, tenant=tx.tenant_id, faq=faq_id)


async def record_unanswered(tx: Tx, customer_id: UUID, question: str, channel: str, now: datetime) -> None:
    """Keeps a question for the owner to answer. Raises LookupError outside a business."""
    if tx.tenant_id is None:
        raise LookupError("a question belongs to a business")
    await tx.add(
        UnansweredQuestion(
            tenant_id=tx.tenant_id, customer_id=customer_id, question=question, channel=channel, asked_at=now
        )
    )
