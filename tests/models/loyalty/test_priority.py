"""Who has earned priority books further ahead than others."""

from datetime import timedelta

from sqlmodel import col, select

from models.booking import ahead
from models.booking.busy import Asking
from models.booking.services import services
from models.db import Database
from models.loyalty import purchases
from models.people.tables import User
from models.tenancy.businesses import load_tenant
from models.vault import Vault
from tests.make import make_customer
from tests.models.loyalty.climbing import LAGOS
from tests.models.loyalty.shop import NOW
from tests.shops import open_cafe

_TUNDE = select(User).where(col(User.full_name) == "Tunde")
LAST, DAY = 30, timedelta(days=1)


async def test_gold_sees_a_week_more(database: Database, vault: Vault) -> None:
    """The tasting class is on Saturdays, up to thirty days ahead: 19 December is the thirty-first."""
    cafe = await open_cafe(database, vault, NOW)
    gold, other = [await make_customer(database, cafe.id, f"+23480312345{digits}") for digits in (61, 62)]
    async with database.tenant(cafe.id) as tx:
        (tunde,) = await tx.all(_TUNDE)
        await purchases.log_purchase(
            tx,
            customer_id=gold.id,
            amount=25_000_000,
            currency="NGN",
            by=tunde,
            source="whatsapp",
            logged_via="chat",
            key="a feast",
            now=NOW,
            expire_days=None,
        )
    today = NOW.astimezone(LAGOS).date()
    last = {}
    async with database.tenant(cafe.id) as tx:
        (tasting,) = await services(tx)
        assert tasting.horizon_days == LAST
        assert (await load_tenant(tx)).settings["priority_days"] == 7
        for customer in (gold, other):
            asking = Asking(NOW, LAGOS, 1, customer.id)
            last[customer.id] = (await ahead.free_days(tx, tasting, today, today + 60 * DAY, asking))[-1]
    assert str(last[other.id]) == "2026-12-12"
    assert str(last[gold.id]) == "2026-12-19"
