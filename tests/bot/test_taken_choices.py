"""What a choice starts checks who takes it: no customer gets into a flow of staff, and foreign ids do nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bot.jobs.context import JobContext
from bot.jobs.registry import Periodic
from flows.registry import STAFF_ONLY
from flows.reply import Choice, Reply, starting
from models import TENANT_TABLES
from models.db import Database
from models.messaging.tables import InboundEvent, Message, StandingOffer, Turn
from models.operations.job_tables import CronJobLog
from models.people import members
from models.people.tables import Customer
from models.vault import Vault
from prompts import say
from tests.bot.town import Phone, Shop, Town
from tests.shops import open_cafe

AMAKA, TUNDE, ADA, BEN = "+2348030000001", "+2348030000002", "+2348031234567", "+2348037654321"
TALK = (CronJobLog, Customer, InboundEvent, Message, StandingOffer, Turn)
"""Tables in which any message leaves a trace."""

FOREIGN: Sequence[tuple[str, str, str, Mapping[str, object]]] = (
    ("approval", "request", "approvals", {"decision": "refuse", "why": "talk_first"}),
    ("approval", "which", "approvals", {"decision": "refuse", "why": "talk_first"}),
    ("availability", "service", "services", {}),
    ("booking", "service", "services", {"seats": 1, "confirm": True}),
    ("booking_review", "which", "bookings", {"decision": "decline"}),
    ("campaigns", "which", "campaigns", {"step": "pause"}),
    ("cancellation", "which", "bookings", {"confirm": True}),
    ("confirmation", "booking", "bookings", {"version": 1}),
    ("digest", "digest", "owners_digests", {"answer": "ok"}),
    ("follow_ups", "which", "follow_ups", {"deed": "given_up"}),
    ("offer", "offer", "waitlist_offers", {"take": True}),
    ("projects", "which", "projects", {"stage": "cancelled"}),
    ("redemption", "reward", "rewards", {}),
    ("referral_review", "referral", "referrals", {"decision": "refuse"}),
    ("reschedule", "which", "bookings", {"day": "2026-11-28", "time": "2026-11-28T11:00:00+01:00", "confirm": True}),
    ("reversal", "sale", "purchases", {"customer": ADA, "reason": "mistake"}),
    ("staff_cancel", "which", "bookings", {"confirm": True}),
    ("staff_move", "which", "bookings", {"day": "2026-11-28", "confirm": True}),
    ("visit", "which", "bookings", {}),
    ("visit_action", "which", "bookings", {"act": "no_show"}),
    ("waiting", "who", "customers", {}),
    ("waitlist", "service", "services", {"day": "any", "part": "any", "anyway": True}),
    ("waitlisted", "which", "waitlist_entries", {}),
)
"""Flow, the slot that names a row, the row's table, and answers enough to do something with it."""


async def offer(shop: Shop, number: str, choice: str) -> None:
    """Puts a choice before somebody, as a job does."""

    async def work(job: JobContext) -> int:
        somebody = await members.find_customer(job.tx, number)
        assert somebody is not None
        return int(await job.tell(somebody, Reply("house-left", {}, (Choice(choice, "Take it"),))) is not None)

    await shop.town.services.rounds.run(Periodic("offer", timedelta(), work), shop.tenant_id)
    await shop.settle()


async def takes(phone: Phone, choice: str) -> str:
    """Is offered the choice, and taps it."""
    await offer(phone.shop, phone.number, choice)
    phone.town.clock.pass_by(seconds=1)
    return await phone.says("x", ButtonPayload=choice)


async def rows(shop: Shop) -> dict[str, object]:
    """All that a business knows, but for the talk itself."""
    known = [table.__tablename__ for table in TENANT_TABLES if table not in TALK]
    assert len(known) == len(TENANT_TABLES) - len(TALK)
    return {
        str(name): (await shop.rows(f'SELECT array_agg(t::text ORDER BY t.id) AS all FROM "{name}" t'))[0].all  # noqa: S608 - our own names
        for name in known
    }


async def lively(shop: Shop) -> Shop:
    """Ada has a booking, a purchase, points that wait for the owner's yes, and a place on the waiting list."""
    ada, ben, tunde = shop.phone(ADA), shop.phone(BEN), shop.phone(TUNDE)
    for phone in (ada, ben, tunde, shop.phone(AMAKA)):
        await phone.says("hi")
    assert "booked" in (await ada.says("book", "2", "saturday", "11:00", "skip", "yes")).casefold()
    await tunde.says(f"log {ADA} 5000 730264", f"adjust {ADA} +400 goodwill 730264")
    (service,) = await shop.rows("SELECT id FROM services")
    await takes(ada, starting("waitlist", service=service.id, seats=1, day="any", part="any", anyway=True))
    for table in ("approvals", "bookings", "campaigns", "purchases", "rewards", "waitlist_entries"):
        assert await shop.rows(f"SELECT FROM {table}"), table
    return shop


async def one_of(shop: Shop, table: str) -> UUID:
    """A row of the table; an id that there is nowhere, if it has none."""
    found = await shop.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 1")  # noqa: S608 - our own names
    return found[0].id if found else uuid4()


@pytest.fixture
async def lekki(cafe: Shop) -> Shop:
    return await lively(cafe)


@pytest.fixture
async def ikoyi(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    """Another café of other people."""
    tenant = await open_cafe(database, vault, now)
    return await lively(Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code))


@pytest.mark.parametrize("flow", sorted(STAFF_ONLY))
async def test_no_choice_lets_a_customer_into_a_flow_of_staff(cafe: Shop, flow: str) -> None:
    ada = cafe.phone(ADA)
    await ada.says("hi")
    before = await rows(cafe)
    assert await takes(ada, f"start:{flow}") == say(f"{flow}-not_staff".replace("_", "-"), {}, "en_NG")
    assert await rows(cafe) == before
    (customer,) = await cafe.rows("SELECT conversation_state FROM customers WHERE phone_number = :phone", phone=ADA)
    assert "current" not in customer.conversation_state


async def test_no_choice_of_another_business_or_person_does_anything(lekki: Shop, ikoyi: Shop) -> None:
    """Each flow that an id leads into, with a row of the other café, and with Ada's row taken by Ben."""
    before = await rows(lekki), await rows(ikoyi)
    wrong = []
    for flow, slot, table, answers in FOREIGN:
        theirs, hers = await one_of(ikoyi, table), await one_of(lekki, table)
        is_staffs, is_common = flow in STAFF_ONLY, table in ("services", "rewards")
        tries = [(lekki.phone(AMAKA if is_staffs else BEN), theirs)]
        tries += [] if is_staffs or is_common else [(lekki.phone(BEN), hers)]
        for phone, row in tries:
            told = len(phone.town.sender.sent)
            answer = await takes(phone, starting(flow, **{slot: row}, **answers))
            others = {sent.to for sent in phone.town.sender.sent[told:]} - {phone.number}
            if not answer or "something went wrong" in answer or others:
                wrong.append((flow, answer, others))
            await phone.says("never mind")
    assert wrong == []
    assert (await rows(lekki), await rows(ikoyi)) == before


@pytest.mark.parametrize("flow", ["availability", "booking", "waitlist"])
async def test_a_service_that_is_offered_no_more_is_asked_for_anew(carpet_cleaning: Shop, flow: str) -> None:
    """A choice lasts for days, and what it names may be withdrawn meanwhile."""
    ada = carpet_cleaning.phone(ADA)
    await ada.says("hi")
    (gone,) = await carpet_cleaning.rows("UPDATE services SET is_active = false WHERE display_order = 0 RETURNING id")
    for service in (gone.id, uuid4()):
        answer = await takes(ada, starting(flow, service=service))
        assert say(f"{flow}-service.withdrawn", {}, "en_US") in answer
        await ada.says("never mind")
