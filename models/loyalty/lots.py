"""Lots: where the points of an account lie, when each expires, and what has been taken out of them.

The caller has locked the account, so what is read here stays true until the transaction ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Integer,
    String,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select

from models.base import uuid7
from models.db import Tx
from models.loyalty import accounts
from models.loyalty.entries import Entry
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import PointsLot
from models.loyalty.tables import PointsLotUse as Use
from models.statements import business, ours, written


class UseState(StrEnum):
    """What became of points taken out of a lot."""

    HELD = "held"
    POSTED = "posted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Part:
    """Points of one lot."""

    lot_id: UUID
    points: int
    expires_at: datetime | None = None


_USABLE = (
    select(PointsLot)
    .where(
        ours(PointsLot),
        col(PointsLot.customer_id) == bindparam("customer_id"),
        col(PointsLot.remaining) > written(0),
        col(PointsLot.available_at) <= bindparam("now"),
        or_(col(PointsLot.expires_at).is_(None), col(PointsLot.expires_at) > bindparam("now")),
    )
    .order_by(col(PointsLot.expires_at).asc().nulls_last(), col(PointsLot.available_at), col(PointsLot.id))
)
_PENDING = (
    select(PointsLot)
    .where(
        ours(PointsLot),
        col(PointsLot.customer_id) == bindparam("customer_id"),
        col(PointsLot.remaining) > written(0),
        col(PointsLot.available_at) > bindparam("now"),
    )
    .order_by(col(PointsLot.available_at), col(PointsLot.id))
)
_OF_ENTRY = select(PointsLot).where(ours(PointsLot), col(PointsLot.transaction_id) == bindparam("entry_id"))
_OF_REDEMPTION = (
    select(PointsLot)
    .join(Use, (col(Use.tenant_id) == col(PointsLot.tenant_id)) & (col(Use.lot_id) == col(PointsLot.id)))
    .where(
        ours(PointsLot),
        ours(Use),
        col(Use.reward_redemption_id) == bindparam("redemption_id"),
        col(Use.state) == UseState.POSTED,
    )
)

_taken = (
    func.unnest(
        bindparam("uses", type_=ARRAY(Uuid())),
        bindparam("lots", type_=ARRAY(Uuid())),
        bindparam("points", type_=ARRAY(Integer())),
    )
    .table_valued(column("id", Uuid()), column("lot_id", Uuid()), column("points", Integer()))
    .render_derived(name="taken")
)
_FROM_LOTS = (
    update(PointsLot)
    .where(ours(PointsLot), col(PointsLot.id) == _taken.c.lot_id)
    .values(remaining=col(PointsLot.remaining) - _taken.c.points)
)
_TAKE = (
    insert(Use)
    .from_select(
        ["tenant_id", "id", "lot_id", "points", "transaction_id", "reward_redemption_id", "state"],
        select_columns(
            bindparam("tenant_id", type_=Uuid()),
            *(_taken.c.id, _taken.c.lot_id, _taken.c.points),
            bindparam("entry_id", None, Uuid()),
            bindparam("redemption_id", None, Uuid()),
            bindparam("state", type_=String()),
        ),
        include_defaults=False,
    )
    .add_cte(_FROM_LOTS.cte("from_lots"))
)
_POST = (
    update(Use)
    .where(
        ours(Use),
        col(Use.reward_redemption_id) == bindparam("redemption_id"),
        col(Use.state) == UseState.HELD,
    )
    .values(state=UseState.POSTED, transaction_id=bindparam("entry_id", type_=Uuid()))
)
_EXTEND = (
    update(PointsLot)
    .where(
        ours(PointsLot),
        col(PointsLot.id) == any_(bindparam("lots", type_=ARRAY(Uuid()))),
        col(PointsLot.expires_at) < bindparam("until"),
    )
    .values(expires_at=bindparam("until"))
)


def _giving_back(*uses: ColumnElement[bool]) -> Executable:
    returned = (
        update(Use).where(ours(Use), *uses).values(state=UseState.RETURNED).returning(col(Use.lot_id), col(Use.points))
    ).cte("returned")
    # an UPDATE … FROM adds once to a lot, however many rows of `returned` name it
    by_lot = (
        select_columns(returned.c.lot_id, func.sum(returned.c.points).label("points"))
        .group_by(returned.c.lot_id)
        .subquery("by_lot")
    )
    return (
        update(PointsLot)
        .where(ours(PointsLot), col(PointsLot.id) == by_lot.c.lot_id)
        .values(remaining=col(PointsLot.remaining) + by_lot.c.points)
        .returning(col(PointsLot.id), by_lot.c.points, col(PointsLot.expires_at))
    )


_RELEASE = _giving_back(col(Use.reward_redemption_id) == bindparam("redemption_id"), col(Use.state) == UseState.HELD)
_UNDO_SPEND = _giving_back(
    col(Use.reward_redemption_id) == bindparam("redemption_id"),
    col(Use.transaction_id) == bindparam("entry_id"),
    col(Use.state) == UseState.POSTED,
)
_UNDO_EXPIRY = _giving_back(
    col(Use.lot_id) == bindparam("lot_id"),
    col(Use.transaction_id) == bindparam("entry_id"),
    col(Use.state) == UseState.POSTED,
)


async def usable(tx: Tx, customer_id: UUID, now: datetime) -> list[PointsLot]:
    """The lots that can be spent from, in the order in which they are: earliest expiry first, never last."""
    return await tx.all(_USABLE, tenant_id=tx.tenant_id, customer_id=customer_id, now=now)


async def owing(tx: Tx, customer_id: UUID, now: datetime) -> list[PointsLot]:
    """The lots that pay what is owed: those that can be spent, then those that cannot yet, soonest first.

    Pending points pay too. If they did not, a debt would come back when points that could have paid it expire.
    """
    pending = await tx.all(_PENDING, tenant_id=tx.tenant_id, customer_id=customer_id, now=now)
    return [*await usable(tx, customer_id, now), *pending]


async def lot_of(tx: Tx, earning: Entry) -> PointsLot:
    """The lot that the earning made: there is always one."""
    (lot,) = await tx.all(_OF_ENTRY, tenant_id=tx.tenant_id, entry_id=earning.id)
    return lot


async def lots_spent_on(tx: Tx, spending: Entry) -> list[PointsLot]:
    """The lots whose points the entry spent."""
    return await tx.all(_OF_REDEMPTION, tenant_id=tx.tenant_id, redemption_id=spending.redemption_id)


async def open_lot(tx: Tx, entry: Entry, available_at: datetime | None = None) -> None:
    """Puts the points of an entry into a lot of their own, to be spent from `available_at` on, or at once."""
    lot = PointsLot(
        tenant_id=business(tx),
        customer_id=entry.customer_id,
        transaction_id=entry.id,
        points=entry.points,
        remaining=entry.points,
        available_at=available_at or entry.at,
        expires_at=entry.expires_at,
    )
    await tx.add(lot)


def split(lots: Sequence[PointsLot], points: int) -> list[Part]:
    """The parts of these lots, in their order, that make up `points`, or all there is."""
    parts: list[Part] = []
    for lot in lots:
        if points <= 0:
            break
        parts.append(Part(lot.id, min(lot.remaining, points), lot.expires_at))
        points -= parts[-1].points
    return [part for part in parts if part.points]


async def take(
    tx: Tx,
    parts: Sequence[Part],
    state: UseState,
    *,
    entry_id: UUID | None = None,
    redemption_id: UUID | None = None,
) -> int:
    """Takes the parts, of different lots, out of them and records for what. Answers the points taken."""
    if parts:
        columns = {
            "uses": [uuid7() for _ in parts],
            "lots": [part.lot_id for part in parts],
            "points": [part.points for part in parts],
        }
        purpose = {"entry_id": entry_id, "redemption_id": redemption_id, "state": state}
        await tx.run(_TAKE, tenant_id=tx.tenant_id, **columns, **purpose)
    return total(parts)


async def post_held(tx: Tx, redemption_id: UUID, entry_id: UUID) -> None:
    """What was held for the redemption is spent by the entry."""
    await tx.run(_POST, tenant_id=tx.tenant_id, redemption_id=redemption_id, entry_id=entry_id)


async def give_back_held(tx: Tx, redemption_id: UUID) -> int:
    """Returns what is held for the redemption to its lots. Answers the points returned."""
    return total(await _give_back(tx, _RELEASE, redemption_id=redemption_id))


async def give_back_spent(tx: Tx, spend: Entry) -> list[Part]:
    """Returns what the entry spent to its lots. Answers how much each got back."""
    return await _give_back(tx, _UNDO_SPEND, redemption_id=spend.redemption_id, entry_id=spend.id)


async def give_back_expired(tx: Tx, lot_id: UUID, expiry: Entry) -> None:
    """Returns what the entry took out of the lot when it expired."""
    await _give_back(tx, _UNDO_EXPIRY, lot_id=lot_id, entry_id=expiry.id)


async def extend(tx: Tx, parts: Sequence[Part], until: datetime) -> list[UUID]:
    """Lets no lot of these expire before `until`. Answers the lots that would have."""
    early = [part.lot_id for part in parts if part.expires_at and part.expires_at < until]
    if early:
        await tx.run(_EXTEND, tenant_id=tx.tenant_id, lots=early, until=until)
    return early


async def repay(
    tx: Tx,
    account: Account,
    now: datetime,
    *,
    entry_id: UUID | None = None,
    redemption_id: UUID | None = None,
) -> None:
    """Pays the debt of the account, as far as it goes, with what the entry or redemption has just brought."""
    if not account.debt:
        return
    parts = split(await owing(tx, account.customer_id, now), account.debt)
    paid = await take(tx, parts, UseState.POSTED, entry_id=entry_id, redemption_id=redemption_id)
    await accounts.change(tx, account.customer_id, debt=-paid)


def total(parts: Sequence[Part]) -> int:
    return sum(part.points for part in parts)


async def _give_back(tx: Tx, statement: Executable, **uses: UUID | None) -> list[Part]:
    rows = await tx.all(statement, tenant_id=tx.tenant_id, **uses)
    return [Part(row.id, row.points, row.expires_at) for row in rows]
