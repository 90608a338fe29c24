"""Businesses are found by slug, and a transaction knows its own."""

from datetime import datetime

import pytest

from models.base import Channel, uuid7
from models.db import Database
from models.tenancy.businesses import Business, all_businesses, businesses_on_line, find, load_tenant
from models.tenancy.settings import TenantSettings
from models.vault import Vault
from tests.shops import afresh, open_shop, variation


async def test_a_business_is_found_by_its_slug_alone(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("laundry")
    tenant = await open_shop(database, vault, file, now)
    business = Business(tenant.id, file.business.slug, "FreshFold Laundry", file.business.code)
    assert await find(database, file.business.slug) == business
    assert business in await all_businesses(database)
    assert await find(database, file.business.code) is None


async def test_a_shared_number_has_the_businesses_that_name_it(database: Database, vault: Vault, now: datetime) -> None:
    number = "+14155559310"
    files = [variation(afresh(name), {"lines.shared": [number]}) for name in ("laundry", "consultancy")]
    for file in (*files, afresh("cafe")):
        await open_shop(database, vault, file, now)
    for channel in Channel:
        here = await businesses_on_line(database, number, channel)
        assert {one.code for one in here} == {file.business.code for file in files}
        assert [one.name for one in here] == sorted(one.name for one in here)
    assert await businesses_on_line(database, files[0].lines.number, Channel.SMS) == []


async def test_a_transaction_without_a_business_says_so(database: Database) -> None:
    async with database.tenant(uuid7()) as tx:
        with pytest.raises(LookupError):
            await load_tenant(tx)


async def test_settings_have_defaults_and_pass_over_what_is_newer(
    database: Database, vault: Vault, now: datetime
) -> None:
    tenant = await open_shop(database, vault, afresh("laundry"), now)
    tenant.settings.update(of_a_newer_version=True)
    settings = TenantSettings.of(tenant)
    assert (settings.undo_seconds, settings.redemption_minutes, settings.hold_minutes) == (60, 15, 5)
    assert settings.purchase_ceiling == 400_00
