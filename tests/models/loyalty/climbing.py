"""A shop in which customers rise: low tiers that last a month, something to achieve, friends to bring."""

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.base import Channel
from models.loyalty import achievements, birthdays, referral_payment, referrals, rising, standings, tier_review
from models.loyalty.achievements import Achieved
from models.loyalty.birthdays import Celebrated
from models.loyalty.referral_payment import Case, Doubtful, Paid
from models.loyalty.referrals import Recorded
from models.loyalty.rising import Terms
from models.loyalty.standing_tables import LoyaltyAchievement, LoyaltyTier, Referral, TierEvent
from models.loyalty.tier_review import Reviewed
from models.loyalty.tiers import Standing
from models.people import members
from models.people.tables import Customer, User
from tests.make import make_customer
from tests.models.loyalty.shop import Shop

LAGOS = ZoneInfo("Africa/Lagos")
TIERS = {"bronze": 0, "silver": 100, "gold": 250}
_EVENTS = (
    select(TierEvent)
    .where(col(TierEvent.customer_id) == bindparam("customer"))
    .order_by(col(TierEvent.occurred_at), col(TierEvent.id))
)
_REFERRALS = select(Referral).order_by(col(Referral.joined_at), col(Referral.id))
_CUSTOMER = select(Customer).where(col(Customer.id) == bindparam("customer"))
_NAMED = update(Customer).where(col(Customer.id) == bindparam("customer")).values(last_name=bindparam("name"))
HARDER = update(LoyaltyAchievement).values(criteria={"purchases": 100})
LOCKED = _CUSTOMER.with_for_update(key_share=True)
FREE = _CUSTOMER.with_for_update(key_share=True, skip_locked=True)
JOINED = update(Customer).where(col(Customer.id) == bindparam("customer")).values(joined_at=bindparam("now"))
_phones = count(1)


async def open_tiers(shop: Shop, months: int = 1) -> None:
    rows = [
        LoyaltyTier(
            tenant_id=shop.tenant_id,
            name=name,
            points_required=points,
            display_order=place,
            version=1,
            since=date.min,
            period_months=months,
        )
        for place, (name, points) in enumerate(TIERS.items(), 1)
    ]
    await shop.add(*rows)


async def goal(shop: Shop, name: str = "Regular", *, points: int = 0, repeats: str = "ever", **criteria: int) -> None:
    row = LoyaltyAchievement(
        tenant_id=shop.tenant_id, name=name, points_reward=points, criteria=criteria, repeats=repeats
    )
    await shop.add(row)


async def customer(shop: Shop, customer_id: UUID | None = None) -> Customer:
    async with shop.database.tenant(shop.tenant_id) as tx:
        (found,) = await tx.all(_CUSTOMER, customer=customer_id or shop.customer.id)
    return found


async def standing(shop: Shop, customer_id: UUID | None = None) -> Standing:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await standings.standing_of(tx, customer_id or shop.customer.id, shop.now, LAGOS)


async def achieved(shop: Shop, customer_id: UUID | None = None) -> list[Achieved]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await achievements.of_customer(tx, customer_id or shop.customer.id)


async def events(shop: Shop, customer_id: UUID | None = None) -> list[TierEvent]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await tx.all(_EVENTS, customer=customer_id or shop.customer.id)


async def review(shop: Shop) -> list[Reviewed]:
    """What the nightly look at all tiers does."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        found = await tier_review.candidates(tx, standings.today(shop.now, LAGOS))
        reviewed = [await tier_review.review(tx, one, shop.now, LAGOS) for one in found]
    return [one for one in reviewed if one is not None]


# -- friends -------------------------------------------------------------------------------------------------


async def code(shop: Shop, customer_id: UUID | None = None) -> str:
    async with shop.database.tenant(shop.tenant_id) as tx:
        (whose,) = await tx.all(_CUSTOMER, customer=customer_id or shop.customer.id)
        return await referrals.code_of(tx, whose)


async def stranger(shop: Shop, **facts: Any) -> Customer:
    """Somebody whose first message is being answered."""
    phone = f"+2348040{next(_phones):06}"
    return await make_customer(shop.database, shop.tenant_id, phone, **{"loyalty_status": "inactive", **facts})


async def record(shop: Shop, friend: Customer, with_code: str) -> Recorded:
    async with shop.database.tenant(shop.tenant_id) as tx:
        recorded = await referrals.record(tx, friend, with_code, name=None, now=shop.now)
        await members.join(tx, friend.id, channel=Channel.WHATSAPP, source="test", wording="w", now=shop.now)
    return recorded


async def bring(shop: Shop, customer_id: UUID | None = None, **facts: Any) -> UUID:
    """A friend who joins with the customer's code."""
    friend = await stranger(shop, **facts)
    await record(shop, friend, await code(shop, customer_id))
    return friend.id


async def named(shop: Shop, customer_id: UUID, name: str) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.run(_NAMED, customer=customer_id, name=name)


async def all_referrals(shop: Shop) -> list[Referral]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await tx.all(_REFERRALS)


async def terms(shop: Shop, **changes: Any) -> Terms:
    async with shop.database.tenant(shop.tenant_id) as tx:
        usual = await rising.terms(tx)
    return Terms(**{**{name: getattr(usual, name) for name in Terms.__slots__}, **changes})


async def settle(shop: Shop, referral_id: UUID, of: Terms) -> Paid | Doubtful | None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await referral_payment.settle(tx, referral_id, of, shop.now)


async def pay_due(shop: Shop, **changes: Any) -> list[Paid | Doubtful]:
    """What the minute's look at friends does."""
    of = await terms(shop, **changes)
    async with shop.database.tenant(shop.tenant_id) as tx:
        due = await referral_payment.due(tx, shop.now)
    settled = [await settle(shop, one, of) for one in due]
    return [one for one in settled if one is not None]


async def approve(shop: Shop, referral_id: UUID, by: User) -> Paid | None:
    of = await terms(shop)
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await referral_payment.approve(tx, referral_id, of, shop.now, by=by)


async def refuse(shop: Shop, referral_id: UUID, by: User) -> Case | None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await referral_payment.refuse(tx, referral_id, shop.now, by=by)


# -- birthdays -----------------------------------------------------------------------------------------------


async def tell_birthday(shop: Shop, day: date) -> birthdays.Told:
    whose = await customer(shop)
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await birthdays.tell(tx, whose, day, year=None)


async def celebrate(shop: Shop) -> list[Celebrated]:
    of = await terms(shop)
    async with shop.database.tenant(shop.tenant_id) as tx:
        found = await birthdays.celebrating(tx, standings.today(shop.now, LAGOS))
        done = [await birthdays.celebrate(tx, one, of, shop.now) for one in found]
    return [one for one in done if one is not None]
