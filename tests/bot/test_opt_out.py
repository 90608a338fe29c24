"""STOP and START: on every written channel, in every flow, and nothing else is taken for them."""

import re

import pytest

from tests.bot.town import Phone, Shop

SAM, TUNDE = "+14155550177", "+2348030000002"


async def wishes(shop: Shop) -> list[tuple[str, bool]]:
    """What was said about being written to, in order, by channel."""
    rows = await shop.rows("SELECT channel, granted, given_at FROM consents WHERE purpose = 'marketing' ORDER BY id")
    return [(row.channel, row.granted) for row in rows]


async def is_opted_in(shop: Shop) -> bool:
    (customer,) = await shop.rows("SELECT opted_in FROM customers WHERE phone_number = :phone", phone=SAM)
    return bool(customer.opted_in)


@pytest.fixture
async def sam(consultancy: Shop) -> Phone:
    """A member on WhatsApp who has begun to book."""
    phone = consultancy.phone(SAM)
    await phone.says("hi", "book", "1", "friday")
    return phone


@pytest.fixture
async def by_sms(consultancy: Shop) -> Phone:
    """The same by SMS."""
    phone = consultancy.phone(SAM, channel="sms")
    await phone.says("hi", "book", "1", "friday")
    return phone


STOPS = ["STOP", "stop", " Stop. ", "STOP!", "ＳＴＯＰ", "unsubscribe", "Stop all", "STOPALL", "opt out", "🛑 stop"]


NO_STOPS = [
    "please stop by at 5",
    "When do you stop work?",
    "is there a bus stop?",
    "stop and think tomorrow",
    "can you come at the end of the day",
    "start",
    "yes",
]


class TestWhatsApp:
    async def test_stop_is_obeyed_and_confirmed_once(self, sam: Phone) -> None:
        for said in (*STOPS, "please stop texting me", "Unsubscribe me from this", "no more messages!"):
            await sam.says("start", "book")
            before = len(sam.received())
            assert "won't write to you any more. Send START" in await sam.says(said), said
            assert len(sam.received()) == before + 1
            assert not await is_opted_in(sam.shop)
            assert (await wishes(sam.shop))[-1] == ("whatsapp", False)

    async def test_stop_ends_what_was_open(self, sam: Phone) -> None:
        """Whoever says STOP in the middle of a booking is not asked for the time once more."""
        await sam.says("10:30")
        answer = await sam.says("stop")
        assert "back to where we were" not in answer
        assert not re.search(r"^1\. ", answer, re.MULTILINE)

    async def test_his_own_questions_are_answered_still(self, sam: Phone) -> None:
        await sam.says("stop")
        assert "no points yet" in await sam.says("points")
        assert not await is_opted_in(sam.shop), "to ask is not to agree"

    async def test_start_takes_it_back(self, sam: Phone) -> None:
        await sam.says("stop")
        for said in ("START", "points"):
            answer = await sam.says(said)
        assert "no points yet" in answer
        assert await is_opted_in(sam.shop)
        assert await wishes(sam.shop) == [("whatsapp", True), ("whatsapp", False), ("whatsapp", True)]

    async def test_a_stranger_who_says_stop_is_not_made_a_member(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        assert "won't write to you" in await sam.says("stop")
        (customer,) = await consultancy.rows("SELECT joined_at, opted_in FROM customers")
        assert (customer.joined_at, customer.opted_in) == (None, False)
        assert "Welcome back" in await sam.says("start")

    async def test_a_word_for_leaving_only_leaves(self, sam: Phone) -> None:
        """Carriers take these for an opt-out on SMS; WhatsApp does not."""
        for said in ("cancel", "end", "quit"):
            await sam.says("book")
            assert "nothing is booked" in await sam.says(said)
        assert await is_opted_in(sam.shop)

    async def test_what_only_sounds_like_it_is_not_it(self, sam: Phone) -> None:
        for said in NO_STOPS:
            await sam.says("book", said)
            assert await is_opted_in(sam.shop), said
        assert await wishes(sam.shop) == [("whatsapp", True)]


class TestSms:
    async def test_every_word_that_the_carrier_takes_for_stop_is_one(self, by_sms: Phone) -> None:
        """The carrier has blocked us already and told him so: an answer of ours would be refused."""
        for said in (*STOPS, "CANCEL", "end", "Quit", "revoke", "OPTOUT"):
            await by_sms.says("start", "book")
            before = len(by_sms.received())
            assert await by_sms.says(said) == "", said
            assert len(by_sms.received()) == before
            assert not await is_opted_in(by_sms.shop)
            assert (await wishes(by_sms.shop))[-1] == ("sms", False)
        rows = await by_sms.shop.rows("SELECT status FROM messages WHERE triggered_by LIKE 'opt-out%'")
        assert {row.status for row in rows} == {"withheld"}

    async def test_nothing_is_sent_until_start(self, by_sms: Phone) -> None:
        await by_sms.says("stop")
        assert await by_sms.says("points") == ""
        assert "Welcome back" in await by_sms.says("START")
        assert "no points yet" in await by_sms.says("points")

    async def test_what_the_carrier_takes_for_start_is_one(self, by_sms: Phone) -> None:
        for said in ("unstop", "yes"):
            await by_sms.says("stop")
            assert "Welcome back" in await by_sms.says(said)

    async def test_more_than_the_bare_word_is_no_stop(self, by_sms: Phone) -> None:
        for said in ("cancel my booking", "cancel it please", "please cancel", "never mind"):
            assert await by_sms.says(said)
        assert await is_opted_in(by_sms.shop)

    async def test_nobody_is_invited_to_send_a_word_that_blocks_us(self, laundry: Shop) -> None:
        """Told to send CANCEL, the customer opts out by doing as he is told."""
        sam = laundry.phone(SAM, channel="sms")
        await sam.says("hi")
        for step in ("book", "friday", "10am", "12 Allen Avenue, Chicago", "2"):
            await sam.says(step, "blarg?!", "blarg", "blarg")
        await sam.says("never mind", "redeem", "menu", "blarg", "blarg", "move my appointment", "cancel my appointment")
        invited = [sent.body for sent in sam.received() if re.search(r"\b(CANCEL|END|QUIT|STOPALL)\b", sent.body)]
        assert len(sam.received()) > 20
        assert invited == []

    async def test_staff_are_not_invited_to_either(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE, channel="sms")
        for step in ("log", "0803 999 0000", "yes", "5000", "check code"):
            await tunde.says(step, "blarg", "blarg", "blarg")
        assert len(tunde.received()) == 20
        assert not any(re.search(r"\b(CANCEL|END|QUIT)\b", sent.body) for sent in tunde.received())


async def test_a_stop_on_one_channel_holds_on_the_other(consultancy: Shop) -> None:
    await consultancy.phone(SAM).says("hi", "stop")
    assert await consultancy.phone(SAM, channel="sms").says("points") == ""


async def test_a_call_is_answered_after_stop(consultancy: Shop) -> None:
    """Nothing is sent: he rang himself."""
    await consultancy.phone(SAM).says("hi", "stop")
    call = consultancy.call(SAM)
    await call.dials()
    assert "no points yet" in (await call.says("points")).words
    assert "Goodbye" not in (await call.says("stop")).words
    assert not await is_opted_in(consultancy)
