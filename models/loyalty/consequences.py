"""What follows from a purchase besides its points: achievements, a tier, a friend's first purchase that counts.

All of it in the transaction of the purchase, and all of it taken back with the purchase.
"""

from datetime import datetime

from models.db import Tx
from models.loyalty import referral_payment, referrals, rising
from models.loyalty.rising import NOTHING, Consequences
from models.loyalty.tables import PaidWith, Purchase
from models.people.tables import Customer, User


async def follow(tx: Tx, purchase: Purchase, customer: Customer, now: datetime) -> Consequences:
    """What a purchase that is in the books leads to. The customer is locked."""
    of = await rising.terms(tx)
    if purchase.paid_with == PaidWith.MONEY:
        await referrals.qualify(tx, purchase, wait=of.return_window, valid=of.referral_valid)
    return await rising.rise(tx, customer.id, of, now, purchase_id=purchase.id)


async def followed(tx: Tx, purchase: Purchase) -> Consequences:
    """What a purchase led to when it was logged."""
    return await rising.risen_by(tx, purchase.id)


async def take_back(tx: Tx, purchase: Purchase, now: datetime, *, by: User | None) -> Consequences:
    """What it leads to that a purchase, or a part of one, was taken back. Its customer is locked.

    A purchase that is gone pays for no friend; one of which a part is left still does.
    """
    of = await rising.terms(tx)
    await referral_payment.take_back(tx, purchase, of, now, by=by)
    return await rising.fall(tx, purchase.customer_id, of, now, by=by)


__all__ = ["NOTHING", "Consequences", "follow", "followed", "take_back"]
