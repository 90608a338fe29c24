"""Who can be played in the demo: each business's staff, a customer it knows, and a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from models.base import Channel
from models.db import Database, Tx
from models.loyalty import purchases
from models.people import members
from models.people.staff import find_user
from models.people.tables import User
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find, load_tenant
from models.tenancy.settings import TenantSettings
from models.vault import Vault

KNOWN = {"NG": "+2348031234567", "US": "+14155550177"}
NEW = {"NG": "+2348039876543", "US": "+14155550188"}
NAMES = {"NG": "Chioma", "US": "Sam"}
VISITS_BEFORE = (40, 21, 6)
"""Days ago that the known customer bought something."""

CUSTOMER_TRIES = (
    *("points", "why?", "redeem", "what's free on Saturday?", "book", "when is my appointment?"),
    *("my tier", "badges", "invite a friend", "menu"),
)
NEW_TRIES = ("hi", "what time do you open?", "book", "points")
STAFF_TRIES = (
    *("log", "log {customer} {amount} {pin}", "code", "look up {customer}", "adjust {customer} +500 goodwill"),
    *("today", "walk in {customer}", "block monday 2-3pm", "totals", "approvals", "menu"),
)
"""The second is what the terminal begins with."""
SPEND = {"NGN": 1_200_000, "USD": 6_500}
"""What the known customer spends, in minor units."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to play. `note` tells the player what he needs to know, such as a PIN of the examples."""

    phone: str
    name: str
    role: str
    note: str
    tries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A business of the demo with its cast."""

    slug: str
    name: str
    code: str
    number: str
    shared_number: str | None
    zone: str
    people: tuple[Person, ...]

    def name_of(self, phone: str) -> str | None:
        return next((person.name for person in self.people if person.phone == phone and person.role != "new"), None)

    def shown(self) -> dict[str, Any]:
        """As the page reads it."""
        people = [
            {"phone": one.phone, "name": one.name, "role": one.role, "note": one.note, "try": list(one.tries)}
            for one in self.people
        ]
        return {
            "slug": self.slug,
            "name": self.name,
            "code": self.code,
            "number": self.number,
            "shared_number": self.shared_number,
            "zone": self.zone,
            "people": people,
        }


async def set_the_stage(db: Database, vault: Vault, paths: Sequence[Path], now: datetime) -> list[Example]:
    """Loads the example businesses and gives each a customer with some history; a second time changes nothing."""
    examples = []
    for path in paths:
        file = BusinessFile.read(path)
        await apply(db, vault, file, now)
        example = _example(file)
        await _give_history(db, example, file, now)
        examples.append(example)
    return examples


def _example(file: BusinessFile) -> Example:
    country = file.business.country
    tries = {"customer": KNOWN[country], "amount": str(SPEND[file.business.currency] // 100)}
    staff = tuple(
        Person(
            one.phone,
            one.name,
            "staff",
            f"{one.role.title()}, PIN {one.pin.get_secret_value()}" if one.pin else one.role.title(),
            tuple(line.format(**tries, pin=one.pin.get_secret_value() if one.pin else "PIN") for line in STAFF_TRIES),
        )
        for one in file.staff
    )
    return Example(
        slug=file.business.slug,
        name=file.business.name,
        code=file.business.code,
        number=file.lines.number,
        shared_number=file.lines.shared[0] if file.lines.shared else None,
        zone=file.business.zone,
        people=(
            Person(KNOWN[country], NAMES[country], "customer", "A member with points", CUSTOMER_TRIES),
            Person(NEW[country], "New customer", "new", "Has never written before", NEW_TRIES),
            *staff,
        ),
    )


async def _give_history(db: Database, example: Example, file: BusinessFile, now: datetime) -> None:
    """Through the same operations as any other purchase."""
    known = example.people[0]
    tenant_id = await _id_of(db, example.slug)
    async with db.tenant(tenant_id) as tx:
        if await members.find_customer(tx, known.phone) is not None:
            return
        owner = await find_user(tx, file.staff[0].phone)
        assert owner is not None  # noqa: S101 - the business was applied a moment ago
        first = now - timedelta(days=VISITS_BEFORE[0])
        customer = await members.add_customer(tx, known.phone, known.name, by=owner, now=first)
        await members.join(tx, customer.id, channel=Channel.WHATSAPP, source="demo", wording="demo", now=first)
        for days in VISITS_BEFORE:
            await _buy(tx, customer.id, owner, file, days, now - timedelta(days=days))


async def _buy(tx: Tx, customer_id: UUID, owner: User, file: BusinessFile, days: int, at: datetime) -> None:
    settings = TenantSettings.of(await load_tenant(tx))
    await purchases.log_purchase(
        tx,
        customer_id=customer_id,
        amount=SPEND[file.business.currency],
        currency=file.business.currency,
        by=owner,
        source="manual",
        logged_via="demo",
        key=f"demo:{days}",
        now=at,
        expire_days=settings.points_expire_after_days,
    )


async def _id_of(db: Database, slug: str) -> UUID:
    business = await find(db, slug)
    assert business is not None  # noqa: S101 - see above
    return business.id
