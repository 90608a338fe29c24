"""Each message counts once, and those of one person in their order, however and however often they arrive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from bot.channels.sender import CollectingSender
from models.db import Database
from models.vault import Vault
from tests.bot.town import Shop, open_town

TUNDE, CHIOMA = "+2348030000002", "+2348031234567"
MESSAGES = "/webhooks/twilio/messages"
LOG_LINE = "log 0803 123 4567 5000 730264"


async def delivers(shop: Shop, form: dict[str, str], times: int) -> None:
    """The same webhook so many times at once."""
    responses = await asyncio.gather(*(shop.town.post(MESSAGES, form) for _ in range(times)))
    assert {response.status for response in responses} == {204}
    await shop.settle()


async def counted(shop: Shop) -> tuple[int, ...]:
    """Events, outgoing messages, turns, purchases and ledger entries of the business."""
    (row,) = await shop.rows(
        "SELECT (SELECT count(*) FROM inbound_events), (SELECT count(*) FROM messages WHERE direction = 'outbound'),"
        " (SELECT count(*) FROM turns), (SELECT count(*) FROM purchases), (SELECT count(*) FROM points_transactions)"
    )
    return tuple(row)


async def test_a_message_that_comes_again_changes_nothing(cafe: Shop) -> None:
    """The provider posts again whenever our answer was late or lost."""
    await cafe.phone(CHIOMA).says("hi")
    form = cafe.town.form(TUNDE, cafe.number, LOG_LINE, "whatsapp")
    await delivers(cafe, form, 1)
    after_one = await counted(cafe)
    for _ in range(3):
        await delivers(cafe, form, 1)
    assert await counted(cafe) == after_one == (2, 3, 2, 1, 1)
    assert "100 points" in await cafe.phone(CHIOMA).says("points")


async def test_twenty_copies_at_once_are_one_message(cafe: Shop) -> None:
    """Looking first and writing then would let all that look at the same moment through."""
    await cafe.phone(CHIOMA).says("hi")
    await delivers(cafe, cafe.town.form(TUNDE, cafe.number, LOG_LINE, "whatsapp"), 20)
    assert await counted(cafe) == (2, 3, 2, 1, 1)
    assert [row.status for row in await cafe.rows("SELECT status FROM messages WHERE direction = 'outbound'")] == [
        "sending"
    ] * 3


async def test_twenty_copies_of_a_first_message_make_one_customer(cafe: Shop) -> None:
    await delivers(cafe, cafe.town.form(CHIOMA, cafe.number, "points", "sms"), 20)
    assert len(await cafe.rows("SELECT FROM customers")) == 1
    assert len(await cafe.rows("SELECT FROM consents")) == 2
    assert len(cafe.phone(CHIOMA).received()) == 1


async def test_a_message_that_comes_again_on_another_channel_is_the_same(cafe: Shop) -> None:
    form = cafe.town.form(CHIOMA, cafe.number, "points", "sms")
    await delivers(cafe, form, 1)
    await delivers(cafe, {**form, "Body": "redeem"}, 1)
    assert (await counted(cafe))[:2] == (1, 1)


async def test_messages_in_quick_succession_are_taken_in_their_order(cafe: Shop) -> None:
    """Nobody at a counter waits for each answer: taken in another order, the PIN would answer the wrong question."""
    await cafe.phone(CHIOMA).says("hi")
    tunde = cafe.phone(TUNDE)
    await tunde.posts("log", "0803 123 4567", "5k", "730264", "log", "0803 123 4567", "2k", "730264")
    await cafe.settle()
    purchases = await cafe.rows("SELECT amount FROM purchases ORDER BY purchased_at, id")
    assert sorted(purchase.amount for purchase in purchases) == [200_000, 500_000]
    bodies = [sent.body for sent in tunde.received()]
    assert [body.startswith("Done") for body in bodies] == [False, False, False, True] * 2


async def test_messages_at_the_same_moment_are_taken_one_after_the_other(cafe: Shop) -> None:
    """Two turns that start from the same state would both answer the same question."""
    chioma = cafe.phone(CHIOMA)
    await asyncio.gather(*(chioma.posts(said) for said in ("points", "history", "menu", "book", "1", "cancel")))
    await cafe.settle()
    turns = await cafe.rows(
        "SELECT event.seq, message.seq AS said FROM inbound_events event"
        " JOIN messages message ON message.event_id = event.id AND message.direction = 'outbound' ORDER BY event.seq"
    )
    assert len(turns) == 6
    assert [turn.said for turn in turns] == sorted(turn.said for turn in turns)
    assert sum("Welcome to" in sent.body for sent in chioma.received()) == 1


async def test_thirty_people_at_once_are_all_answered(cafe: Shop) -> None:
    people = [cafe.phone(f"+23480355500{n:02d}", channel="sms") for n in range(30)]
    await asyncio.gather(*(person.posts("hi", "points", "book") for person in people))
    await cafe.settle()
    for person in people:
        welcome, points, seats = [sent.body for sent in person.received()]
        assert "Welcome" in welcome
        assert "no points yet" in points
        assert "For how many" in seats
    assert await counted(cafe) == (90, 90, 90, 0, 0)


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def both_wait(owner: asyncpg.Connection) -> None:
    """Until two turns wait for the conversation."""
    async with asyncio.timeout(10):
        while await owner.fetchval(WAITING) < 2:
            await owner.execute("SELECT pg_sleep(0.005)")


@asynccontextmanager
async def held(dsn: str, shop: Shop, phone: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else is at work on this person's conversation for as long as the block lasts."""
    owner = await asyncpg.connect(dsn)
    try:
        async with owner.transaction():
            await owner.execute(
                "SELECT FROM customers WHERE tenant_id = $1 AND phone_number = $2 FOR UPDATE", shop.tenant_id, phone
            )
            yield owner
    finally:
        await owner.close()


async def test_the_door_does_not_wait_for_a_turn_under_way(cafe: Shop, dsn: str) -> None:
    """The provider gives a webhook fifteen seconds and then posts it again."""
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    async with held(dsn, cafe, CHIOMA):
        await chioma.posts("book")
        await chioma.posts("2", "points")
        assert len(chioma.received()) == 1
    await cafe.settle()
    _, seats, days, points = [sent.body for sent in chioma.received()]
    assert "For how many" in seats
    assert "which day" in days
    assert "no points yet" in points


async def test_two_processes_take_each_message_once(
    cafe: Shop, dsn: str, database: Database, vault: Vault, now: datetime
) -> None:
    """The sweep of one may come upon what the other is just about to answer."""
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    async with open_town(dsn, database, vault, now, CollectingSender()) as other:
        other.clock.pass_by(minutes=1)
        async with held(dsn, cafe, CHIOMA) as owner:
            await chioma.posts("book", "1", "points", "cancel")
            assert await other.services.reception.sweep() > 0
            await both_wait(owner)
        await other.settle(cafe.tenant_id)
        await cafe.settle()
        await other.settle(cafe.tenant_id)
        sent = [*chioma.received(), *(one for one in other.sender.sent if one.to == CHIOMA)]
    assert len(sent) == 5
    assert await counted(cafe) == (5, 5, 5, 0, 0)
    turns = await cafe.rows(
        "SELECT turn.intent FROM inbound_events event JOIN turns turn ON turn.event_id = event.id ORDER BY event.seq"
    )
    happened = ["join.joined", "booking.next", "booking.next", "points.shown", "booking.cancel"]
    assert [turn.intent for turn in turns] == happened
