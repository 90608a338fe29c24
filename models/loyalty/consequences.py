"""What follows from a purchase besides its points: a tier. All of it in the transaction of the purchase."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.db import Tx
from models.loyalty import standings
from models.loyalty.standings import Moved
from models.loyalty.tables import Purchase
from models.people.tables import Customer
from models.tenancy.businesses import load_tenant


@dataclass(frozen=True, slots=True)
class Consequences:
    """What has changed for the customer: the tier reached, if another."""

    moved: Moved | None = None


async def follow(tx: Tx, purchase: Purchase, customer: Customer, now: datetime) -> Consequences:
    """What a purchase that is in the books leads to. The customer is locked."""
    zone = ZoneInfo((await load_tenant(tx)).zone)
    return Consequences(await standings.settle(tx, customer.id, now, zone, purchase_id=purchase.id))


async def followed(tx: Tx, purchase: Purchase) -> Consequences:
    """What a purchase led to when it was logged."""
    return Consequences(await standings.moved_by(tx, purchase.id))


async def take_back(tx: Tx, customer: Customer, now: datetime) -> Consequences:
    """What it leads to that a purchase, or a part of one, was taken back. The customer is locked."""
    zone = ZoneInfo((await load_tenant(tx)).zone)
    return Consequences(await standings.settle(tx, customer.id, now, zone))


NOTHING = Consequences()
