"""The clock's round: one business's trouble, or a slow round, is nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import asyncpg
from structlog.testing import capture_logs

from bot.channels.inbound import Inbound
from bot.inbox import Inbox
from bot.jobs.desk import Desk
from bot.jobs.housekeeping import keep_house
from bot.jobs.periodic import Rounds
from bot.jobs.registry import PERIODIC, Periodic
from bot.jobs.tidying import SECRETS_KEPT
from bot.reception import OVERDUE
from models.base import Channel
from models.db import Database
from models.vault import Vault
from tests.bot.town import Shop, Town
from tests.shops import afresh, open_shop, variation

CHIOMA = "+2348031234567"
SEALED = "SELECT FROM messages WHERE sealed_body IS NOT NULL"


def periodic(name: str) -> Periodic:
    (job,) = [one for one in PERIODIC if one.name == name]
    return job


async def shop_with_a_secret(town: Town, database: Database, vault: Vault, name: str) -> Shop:
    """A café whose one member has just been told a code on the phone."""
    file = variation(afresh("cafe"), {"business.name": name})
    tenant = await open_shop(database, vault, file, town.clock.now)
    shop = Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)
    await shop.phone(CHIOMA).says("hi")
    await shop.phone(file.staff[0].phone).says("log 08031234567 5000 482915")
    call = shop.call(CHIOMA)
    await call.dials()
    await call.says("redeem", "1")
    assert len(await shop.rows(SEALED)) == 1
    return shop


@asynccontextmanager
async def refusing(dsn: str, shop: Shop) -> AsyncIterator[None]:
    """No message of this shop can be changed, as after a fault in its data."""
    owner = await asyncpg.connect(dsn)
    await owner.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON messages FOR EACH ROW"
        f" WHEN (OLD.tenant_id = '{shop.tenant_id}') EXECUTE FUNCTION refuse()"
    )
    try:
        yield
    finally:
        await owner.execute("DROP FUNCTION refuse CASCADE")
        await owner.close()


async def test_a_shop_in_trouble_does_not_keep_the_others_untidy(
    town: Town, dsn: str, database: Database, vault: Vault
) -> None:
    """The shops come in the order of their names: all after the first in trouble would be left out."""
    broken = await shop_with_a_secret(town, database, vault, "000 Broken Coffee")
    sound = await shop_with_a_secret(town, database, vault, "001 Sound Coffee")
    town.clock.now += SECRETS_KEPT
    town.clock.pass_by(seconds=1)
    async with refusing(dsn, broken):
        with capture_logs() as logged:
            await town.services.rounds.go_round(periodic("wipe_secrets"))
    assert await sound.rows(SEALED) == []
    assert len(await broken.rows(SEALED)) == 1
    (slug,) = [row.slug for row in await broken.rows("SELECT slug FROM tenants")]
    assert [(one["job"], one["business"]) for one in logged if one["event"] == "job_failed"] == [("wipe_secrets", slug)]
    kept = "SELECT status, done, error_message FROM cron_job_logs"
    assert await broken.rows(kept) == [("failed", 0, "RaiseError: no")]
    assert await sound.rows(kept) == [("completed", 1, None)]


@asynccontextmanager
async def busy(dsn: str, shop: Shop) -> AsyncIterator[Database]:
    """A pool with no connection left: whoever asks it for one waits for as long as the block lasts."""
    pool = await Database.connect(dsn, size=2)
    try:
        async with pool.tenant(shop.tenant_id), pool.tenant(shop.tenant_id):
            yield pool
    finally:
        await pool.close()


async def answered(shop: Shop, number: int) -> None:
    """Until so many messages have been answered."""
    async with asyncio.timeout(10):
        while len(await shop.rows("SELECT FROM inbound_events WHERE processed_at IS NOT NULL")) < number:
            await shop.rows("SELECT pg_sleep(0.005)")


async def test_who_was_left_unanswered_does_not_wait_for_the_round(
    cafe: Shop, dsn: str, database: Database, vault: Vault, now: datetime
) -> None:
    """A round through many businesses, or one that hangs, takes longer than anybody waits for an answer."""
    inbox, reception = Inbox(database, vault), cafe.town.services.reception
    cafe.town.clock.now += OVERDUE * 2
    async with busy(dsn, cafe) as pool:
        keeping = asyncio.create_task(keep_house(reception, every=0.01))
        going_round = asyncio.create_task(Rounds(Desk(pool, vault, None, cafe.town.clock)).go_round(PERIODIC[0]))
        for number in (1, 2):
            left = Inbound(Channel.SMS, cafe.number, CHIOMA, "hi", f"SM{number:032x}")
            await inbox.receive(left, now)
            await answered(cafe, number)
        assert not going_round.done()
        for task in (keeping, going_round):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    await cafe.settle()


async def test_sealed_words_are_found_without_reading_every_message(dsn: str) -> None:
    """Every round asks each business for them, and nearly no message has any."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("SET enable_seqscan = off")
        plan = await owner.fetch(
            "EXPLAIN UPDATE messages SET sealed_body = NULL WHERE tenant_id = gen_random_uuid()"
            " AND sealed_body IS NOT NULL AND status NOT IN ('queued', 'sending') AND at < now()"
        )
    finally:
        await owner.close()
    assert any("ix_messages_sealed" in row[0] for row in plan)
