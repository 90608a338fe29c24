"""A request that nobody answers: its time is given back, and its customer hears of it once."""

from datetime import datetime

import pytest

from models.db import Database
from models.vault import Vault
from tests.bot.town import Phone, Shop, Town
from tests.shops import afresh, open_shop, variation

SAM = "+14155550177"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


async def session_asked_for(shop: Shop, channel: str) -> Phone:
    """A strategy session on Friday at 10:30 in Portland."""
    sam = shop.phone(SAM, channel)
    await sam.says("hi")
    assert "kept for you" in await sam.says("book", "2", "friday", "10:30", "yes")
    return sam


@CHANNELS
async def test_the_customer_hears_once_and_may_choose_again(consultancy: Shop, channel: str) -> None:
    sam = await session_asked_for(consultancy, channel)
    consultancy.town.clock.pass_by(hours=23)
    assert await consultancy.runs("lapse_pending") == 0
    consultancy.town.clock.pass_by(hours=1)
    assert [await consultancy.runs("lapse_pending") for _ in range(2)] == [1, 0]
    (told,) = [sent.body for sent in sam.received() if "was not confirmed in time" in sent.body]
    assert "Technical Strategy Session on Friday, November 20, 10:30" in told
    (booking,) = await consultancy.rows("SELECT status, cancellation_reason FROM bookings")
    assert tuple(booking) == ("cancelled", "lapsed")
    assert await consultancy.rows("SELECT FROM booking_resources WHERE takes_time") == []
    assert "Technical Strategy Session: which day" in await sam.says("1")


async def test_what_was_approved_and_not_paid_says_so(consultancy: Shop) -> None:
    sam = await session_asked_for(consultancy, "whatsapp")
    dana = consultancy.phone("+14155550141")
    assert "stands once $150 is paid" in await dana.says("pending", "1", "approve")
    consultancy.town.clock.pass_by(hours=24)
    assert await consultancy.runs("lapse_pending") == 1
    assert "was not paid in time" in sam.received()[-1].body


async def test_a_visit_of_several_services_lapses_in_one_message(
    town: Town, database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("carpet_cleaning")
    asks = [service.model_copy(update={"auto_confirm": False}) for service in file.services]
    tenant = await open_shop(database, vault, variation(file, {"services": asks}), now)
    shop = Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code)
    sam = shop.phone(SAM)
    await sam.says("hi", "book carpet cleaning and upholstery on friday at 9", "12 Allen Avenue, Houston", "yes")
    town.clock.pass_by(hours=48)
    assert await shop.runs("lapse_pending") == 2
    (told,) = [sent.body for sent in sam.received() if "was not confirmed in time" in sent.body]
    assert "Carpet cleaning + Upholstery on Friday, November 20, 9:00" in told
