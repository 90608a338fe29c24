"""The way out: what a turn queues is sent, refused, tried again or withheld, and followed to its end."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import DateTime, bindparam, text

from bot.channels.sender import CollectingSender, Outgoing, Sent
from models.base import Channel
from models.db import Database, Row
from models.errors import SendRefused
from models.messaging.outbox import LEASE, WINDOW
from models.messaging.tables import MessageStatus
from models.vault import Vault
from tests.bot.town import Shop, Town, open_town
from tests.shops import open_cafe

TUNDE, CHIOMA = "+2348030000002", "+2348031234567"
CLAIMED = text(
    "UPDATE messages SET status = 'sending', attempts = 1, next_attempt_at = :now + interval '2 minutes'"
    " WHERE direction = 'outbound' RETURNING id"
).bindparams(bindparam("now", type_=DateTime(timezone=True)))
"""What claiming does, by a process that dies before it goes on."""
BUSY = SendRefused("20429", 429, "Too many requests", retry=True)
DOWN = SendRefused("20500", 500, "Internal error", retry=True, uncertain=True)


class MoodyProvider(CollectingSender):
    """Refuses as long as there is a reason, may hang, and may report on a message before it answers for it."""

    def __init__(self) -> None:
        super().__init__(lambda message: self.reason if message.to in self.about else None)
        self.reason: SendRefused | None = None
        self.about = {CHIOMA, TUNDE}
        self.asked: list[Outgoing] = []
        self.reports_first: str | None = None
        self.town: Town | None = None
        self.hangs_for: str | None = None
        self.line: str | None = None
        self.is_hanging, self.goes_on, self.has_sent = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(self, message: Outgoing) -> Sent:
        self.asked.append(message)
        if message.to == self.hangs_for:
            self.is_hanging.set()
            await self.goes_on.wait()
        if self.reports_first and self.town:
            assert await self.town.reports(message, self.reports_first) == 204
        sent = await super().send(message)
        if message.line == (self.line or message.line):
            self.has_sent.set()
        return sent


@pytest.fixture
async def provider(dsn: str, database: Database, vault: Vault, now: datetime) -> AsyncIterator[MoodyProvider]:
    provider = MoodyProvider()
    async with open_town(dsn, database, vault, now, provider) as town:
        provider.town = town
        yield provider


@pytest.fixture
async def shop(provider: MoodyProvider, database: Database, vault: Vault, now: datetime) -> Shop:
    """A café whose provider has moods."""
    assert provider.town is not None
    tenant = await open_cafe(database, vault, now)
    return Shop(provider.town, tenant.id, tenant.phone_number, tenant.vendor_code)


async def out(shop: Shop) -> list[Row]:
    """Outgoing messages, oldest first."""
    return await shop.rows("SELECT * FROM messages WHERE direction = 'outbound' ORDER BY seq")


async def last(shop: Shop) -> Row:
    return (await out(shop))[-1]


async def test_an_answer_is_queued_with_its_turn_and_then_sent(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).posts("points")
    await cafe.town.services.reception.finish()
    (queued,) = await out(cafe)
    assert (queued.status, queued.attempts, queued.provider_id, queued.sent_at) == ("queued", 0, None, None)
    assert queued.next_attempt_at == cafe.town.clock.now
    await cafe.settle()
    (sent,) = await out(cafe)
    assert (sent.status, sent.attempts, sent.next_attempt_at) == ("sending", 1, None)
    assert sent.sent_at == cafe.town.clock.now
    assert sent.provider_id.startswith("SM")
    (taken,) = cafe.phone(CHIOMA).received()
    assert (taken.channel, taken.line, taken.body) == (Channel.WHATSAPP, cafe.number, sent.body)
    await cafe.settle()
    assert len(cafe.phone(CHIOMA).received()) == 1


async def test_a_final_refusal_is_kept_with_its_code(shop: Shop, provider: MoodyProvider) -> None:
    provider.reason = SendRefused("21610", 400, "Attempt to send to unsubscribed recipient", retry=False)
    await shop.phone(CHIOMA, "sms").says("points")
    failed = await last(shop)
    assert (failed.status, failed.error_code, failed.next_attempt_at) == ("failed", "21610", None)
    assert "unsubscribed" in failed.error_message
    provider.reason = None
    shop.town.clock.pass_by(days=1)
    await shop.settle()
    assert (await last(shop)).status == "failed"
    assert provider.sent == []


async def test_whoever_the_carrier_has_opted_out_is_written_to_no_more(shop: Shop, provider: MoodyProvider) -> None:
    """A STOP that reached the carrier and not us: what we go on sending is refused, and counts against us."""
    chioma = shop.phone(CHIOMA, "sms")
    await chioma.says("hi")
    provider.reason = SendRefused("21610", 400, "Attempt to send to unsubscribed recipient", retry=False)
    await chioma.says("points")
    provider.reason = None
    (customer,) = await shop.rows("SELECT opted_in FROM customers")
    assert customer.opted_in is False
    assert await shop.phone(TUNDE).says("log 08031234567 5000 730264")
    assert [sent.to for sent in provider.sent] == [CHIOMA, TUNDE]
    assert "Welcome back" in await chioma.says("start")


@pytest.mark.parametrize("reason", [BUSY, DOWN], ids=["busy", "down"])
async def test_what_may_pass_is_tried_again(shop: Shop, provider: MoodyProvider, reason: SendRefused) -> None:
    chioma = shop.phone(CHIOMA)
    provider.reason = reason
    await chioma.says("points")
    waits = []
    for attempts in (1, 2, 3):
        again = await last(shop)
        assert (again.status, again.error_code, again.attempts) == ("queued", reason.code, attempts)
        waits.append(again.next_attempt_at - shop.town.clock.now)
        assert waits[-1] > timedelta(0)
        await shop.settle()
        assert len(provider.asked) == attempts, "tried before its time"
        shop.town.clock.now = again.next_attempt_at
        provider.reason = reason if attempts < 3 else None
        await shop.settle()
    assert waits == sorted(waits)
    assert len(set(waits)) == 3
    sent = await last(shop)
    assert (sent.status, sent.attempts) == ("sending", 4)
    assert len(chioma.received()) == 1


async def test_the_provider_may_name_the_time(shop: Shop, provider: MoodyProvider) -> None:
    provider.reason = SendRefused("20429", 429, "Too many requests", retry=True, after=90)
    await shop.phone(CHIOMA).says("points")
    assert (await last(shop)).next_attempt_at == shop.town.clock.now + timedelta(seconds=90)


async def test_no_message_is_tried_for_ever(shop: Shop, provider: MoodyProvider) -> None:
    provider.reason = DOWN
    await shop.phone(CHIOMA).says("points")
    for _ in range(20):
        shop.town.clock.pass_by(hours=1)
        await shop.settle()
    failed = await last(shop)
    assert (failed.status, failed.error_code) == ("failed", "20500")
    assert len(provider.asked) == failed.attempts < 10


async def test_an_answer_does_not_overtake_the_one_before_it(shop: Shop, provider: MoodyProvider) -> None:
    """Whoever reads "Booked!" before "Shall I book it?" cancels what he wanted."""
    chioma = shop.phone(CHIOMA)
    provider.reason = BUSY
    await chioma.says("points")
    provider.reason = None
    await chioma.says("history")
    assert chioma.received() == []
    shop.town.clock.pass_by(minutes=1)
    await shop.settle()
    points, history = [sent.body for sent in chioma.received()]
    assert "no points yet" in points
    assert "Nothing here yet" in history


async def test_one_persons_trouble_keeps_nobody_elses_answer_back(shop: Shop, provider: MoodyProvider) -> None:
    provider.reason, provider.about = DOWN, {CHIOMA}
    await shop.phone(CHIOMA).says("points")
    assert "no points yet" in await shop.phone("+2348031111111").says("points")


async def test_a_message_that_hangs_keeps_nobody_elses_back(shop: Shop, provider: MoodyProvider) -> None:
    """The provider has ten seconds for each: as long nobody else of this shop, or of any other, would hear from us."""
    ada, outbox = shop.phone("+2348031111111"), shop.town.services.outbox
    assert outbox is not None
    provider.hangs_for, provider.line = CHIOMA, shop.number
    sending = asyncio.create_task(outbox.run())
    async with asyncio.timeout(10):
        await shop.phone(CHIOMA).posts("points")
        await provider.is_hanging.wait()
        await ada.posts("points")
        await provider.has_sent.wait()
    # the sweep takes up what other tests have left unsent as well
    assert [sent.to for sent in provider.sent if sent.line == shop.number] == [ada.number]
    provider.hangs_for = None
    provider.goes_on.set()
    await outbox.finish()
    assert [sent.to for sent in provider.sent if sent.line == shop.number] == [ada.number, CHIOMA]
    await stopped(sending)


async def test_what_nobody_announced_is_found_at_once(
    cafe: Shop, dsn: str, database: Database, vault: Vault, now: datetime
) -> None:
    """Queued by a process that is gone."""
    await cafe.phone(CHIOMA).posts("points")
    await cafe.town.services.reception.finish()
    provider = MoodyProvider()
    provider.line = cafe.number
    async with open_town(dsn, database, vault, now, provider) as town:
        assert town.services.outbox is not None
        sending = asyncio.create_task(town.services.outbox.run())
        async with asyncio.timeout(10):
            await provider.has_sent.wait()
        assert CHIOMA in [sent.to for sent in provider.sent if sent.line == cafe.number]
        await stopped(sending)


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_report_that_overtakes_the_answer_counts(shop: Shop, provider: MoodyProvider) -> None:
    """The provider's callback can be here before its own answer, when the message has no SID with us yet."""
    provider.reports_first = "delivered"
    await shop.phone(CHIOMA).says("points")
    sent = await last(shop)
    assert (sent.status, sent.next_attempt_at) == ("delivered", None)
    assert sent.provider_id.startswith("SM")


async def test_a_message_that_has_arrived_is_not_sent_again(shop: Shop, provider: MoodyProvider) -> None:
    """The provider took it, reported on it, and its answer to us was lost: trying again would say all twice."""
    provider.reports_first, provider.reason = "sent", DOWN
    chioma = shop.phone(CHIOMA)
    await chioma.says("points")
    shop.town.clock.pass_by(hours=1)
    await shop.settle()
    assert len(provider.asked) == 1
    assert (await last(shop)).status == "sent"


async def test_what_a_dead_process_was_about_to_send_is_sent(cafe: Shop) -> None:
    """Claimed and never handed over: the claim lapses."""
    await cafe.phone(CHIOMA).posts("points")
    await cafe.town.services.reception.finish()
    async with cafe.town.services.db.tenant(cafe.tenant_id) as tx:
        from_the_grave = await tx.all(CLAIMED, now=cafe.town.clock.now)
    assert len(from_the_grave) == 1
    await cafe.settle()
    assert cafe.phone(CHIOMA).received() == []
    cafe.town.clock.now += LEASE
    await cafe.settle()
    assert len(cafe.phone(CHIOMA).received()) == 1


async def test_reports_on_what_was_never_sent_change_nothing(shop: Shop, provider: MoodyProvider) -> None:
    chioma = shop.phone(CHIOMA, "sms")
    await chioma.says("hi")
    (sent,) = chioma.received()
    await chioma.says("stop", "points")
    withheld = await last(shop)
    assert withheld.status == "withheld"
    path = (sent.status_callback or "").rpartition(".")[0]
    message = Outgoing(Channel.SMS, shop.number, CHIOMA, "", status_callback=f"{path}.{withheld.id}")
    assert await shop.town.reports(message, "delivered") == 204
    assert (await last(shop)).status == "withheld"
    assert len(provider.asked) == 1


async def test_without_a_provider_answers_are_marked_as_shown(
    dsn: str, database: Database, vault: Vault, now: datetime
) -> None:
    """Silently dropped, they would look like sent."""
    async with open_town(dsn, database, vault, now, None) as town:
        tenant = await open_cafe(database, vault, now)
        cafe = Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)
        await cafe.phone(CHIOMA).says("points")
        shown = await last(cafe)
        assert (shown.status, shown.next_attempt_at) == (MessageStatus.DEMO, None)
        assert "no points yet" in shown.body


async def test_a_long_answer_is_sent_in_parts_that_the_provider_takes(cafe: Shop) -> None:
    long = " ".join(f"Sentence number {n} of the answer." for n in range(120))
    await cafe.rows("UPDATE faqs SET answer = :long WHERE question = 'Is there parking?'", long=long)
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await chioma.says("Is there parking?")
    parts = chioma.received()[1:]
    assert len(parts) > 2
    assert all(len(part.body) <= 1600 for part in parts)
    assert " ".join(part.body for part in parts) == long
    # the arrival of the first part must not pass for that of the whole
    assert [part.status_callback is not None for part in parts] == [*([False] * (len(parts) - 1)), True]
    assert len(await out(cafe)) == 2


async def test_choices_are_numbered_and_an_sms_keeps_to_its_alphabet(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA, "sms")
    await chioma.says("hi")
    menu = await chioma.says("menu")
    assert re.findall(r"^(\d)\. ", menu, re.MULTILINE) == list("12345678")
    await cafe.phone(TUNDE).says("log 08031234567 5000 730264")
    assert "NGN 5,000" in chioma.received()[-1].body


async def test_outside_the_window_an_answer_goes_by_sms(cafe: Shop) -> None:
    """A day after the customer's last WhatsApp message, only templates may be sent there (error 63016)."""
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi")
    cafe.town.clock.now += WINDOW
    await tunde.says("log 08031234567 5000 730264")
    cafe.town.clock.pass_by(seconds=1)
    await tunde.says("log 08031234567 6000 730264")
    _, inside, outside = chioma.received()
    assert [inside.channel, outside.channel] == [Channel.WHATSAPP, Channel.SMS]
    receipts = [row.channel for row in await out(cafe) if row.triggered_by == "purchase-receipt"]
    assert receipts == ["whatsapp", "sms"]


async def test_after_stop_no_receipt_leaves_though_it_was_queued_before(shop: Shop, provider: MoodyProvider) -> None:
    """Invariant 39: whether somebody may be written to is asked when it is sent: between the two he may have said
    STOP.
    """
    chioma, tunde = shop.phone(CHIOMA), shop.phone(TUNDE)
    await chioma.says("hi")
    provider.reason, provider.about = DOWN, {CHIOMA}
    await tunde.says("log 08031234567 5000 730264")
    provider.reason = None
    await chioma.posts("stop")
    await shop.town.services.reception.finish()
    shop.town.clock.pass_by(minutes=1)
    await shop.settle()
    rows = {row.triggered_by: (row.status, row.error_message) for row in await out(shop)}
    assert rows["purchase-receipt"] == ("withheld", "opted_out")
    assert rows["opt-out-stopped"][0] == "sending"
    assert [sent.body[:5] for sent in chioma.received()] == ["Welco", "Done:"]


async def test_after_stop_nothing_is_queued_for_him(cafe: Shop) -> None:
    """Invariant 39."""
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi", "stop")
    assert "100 points" in await tunde.says("log 08031234567 5000 730264")
    assert len(chioma.received()) == 2
    assert len(await cafe.rows("SELECT FROM messages WHERE triggered_by = 'purchase-receipt'")) == 0


async def test_a_provider_that_repeats_an_id_gets_each_message_once(cafe: Shop) -> None:
    """Kept as an error it would be sent again with every lease, and hold up all that comes after it."""
    town = cafe.town

    async def always_the_same(message: Outgoing) -> Sent:
        town.sender.sent.append(message)
        return Sent("SM" + "a" * 32, MessageStatus.QUEUED)

    town.sender.send = always_the_same  # type: ignore[method-assign]
    chioma = cafe.phone("+2348031234567")
    for said in ("hi", "points", "history"):
        await chioma.says(said)
    town.clock.pass_by(minutes=10)
    await town.settle(cafe.tenant_id)
    assert len(chioma.received()) == 3


async def test_a_fault_nobody_foresaw_is_given_up_one_day(cafe: Shop) -> None:
    town = cafe.town

    async def breaks(message: Outgoing) -> Sent:
        raise RuntimeError(f"a fault of the library at {message.line}")

    town.sender.send = breaks  # type: ignore[method-assign]
    await cafe.phone("+2348031234567").says("hi")
    for _ in range(10):
        town.clock.pass_by(hours=1)
        await town.settle(cafe.tenant_id)
    rows = await cafe.rows("SELECT status, error_message FROM messages WHERE direction = 'outbound'")
    assert [(row.status, row.error_message) for row in rows] == [("failed", "RuntimeError")]
