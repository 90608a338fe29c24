"""People who do anything at any moment: whatever they write, they are answered, and nothing in the books goes wrong."""

from collections.abc import Sequence
from random import Random

import pytest
import structlog

from tests.bot.town import Phone, Shop

WORDS = (
    *("points", "history", "menu", "redeem", "book", "my appointment", "move my appointment", "cancel my appointment"),
    *("join", "person", "help", "hi", "thanks", "stop", "start", "undo", "log", "check code", "log a purchase"),
    *("cancel", "back", "repeat", "start over", "skip", "never mind", "what?", "sorry", "ok", "bye"),
    *("1", "2", "3", "4", "5", "9", "0", "yes", "no", "yes please", "no thanks", "no, friday", "both", "none of these"),
    *("tomorrow", "friday", "saturday at 11", "next week", "28 November", "10:30", "3pm", "half past two", "noon"),
    *("5000", "5k", "-5", "482915", "730264", "111111", "0803 123 4567", "+2348039990000", "ABC-DEFG", "xyz"),
    *("log 0803 123 4567 5000 730264", "log 08039990000 2000", "log 5000", "Where are you?", "is there parking"),
    *("anything earlier?", "anything later?", "next week same time", "the day after", "any other day", "other times"),
    *("what's free on friday?", "when is the next free slot?", "any slots tomorrow afternoon", "after 4", "mornings"),
    *(
        "book for my daughter",
        "for my daughter Ada",
        "add a note: ring twice",
        "for 2 on saturday",
        "same time as last time",
    ),
    *("cancel SHO-20261118-0001K", "book friday at 9", "move it to next week same time", "earlier in the week"),
    *("do you repair gearboxes in Norway?", "12 Allen Avenue, Ikeja", "my name is Ada", "2 loads", "", "👍", "?"),
)


async def wanders(phones: Sequence[Phone], random: Random, steps: int) -> None:
    """So many messages, each from anybody, with time passing in between. None goes unanswered but by SMS after STOP."""
    shop = phones[0].shop
    for _ in range(steps):
        phone, said = random.choice(phones), random.choice(WORDS)
        before = len(shop.town.sender.sent)
        await phone.says(said)
        (row,) = await shop.rows("SELECT opted_in FROM customers WHERE phone_number = :p", p=phone.number)
        answers = sum(sent.to == phone.number for sent in shop.town.sender.sent[before:])
        assert answers == 1 or (not row.opted_in and answers == 0), f"{answers} answers to {said!r}"
        shop.town.clock.pass_by(seconds=random.choice((0, 1, 1, 5, 30, 400, 4000)))


async def books_are_in_order(shop: Shop) -> None:
    failed = await shop.rows("SELECT error FROM inbound_events WHERE attempts > 0 OR processed_at IS NULL")
    assert failed == []
    (books,) = await shop.rows(
        "SELECT (SELECT coalesce(sum(points), 0) FROM points_transactions) AS entries,"
        " (SELECT coalesce(sum(current_balance - debt), 0) FROM customer_points_balance) AS balances,"
        " (SELECT min(current_balance) FROM customer_points_balance) AS lowest"
    )
    assert books.entries == books.balances
    assert (books.lowest or 0) >= 0


@pytest.mark.parametrize("seed", range(2))
async def test_at_the_cafe(cafe: Shop, seed: int) -> None:
    people = [("+2348031234567", "whatsapp"), ("+2348039990000", "sms"), ("+2348030000001", "whatsapp")]
    phones = [cafe.phone(number, channel) for number, channel in (*people, ("+2348030000002", "sms"))]
    with structlog.testing.capture_logs() as logged:
        await wanders(phones, Random(seed), 120)  # noqa: S311 - the same walk each time
    assert logged == []
    await books_are_in_order(cafe)


@pytest.mark.parametrize("seed", range(2))
async def test_at_the_laundry(laundry: Shop, seed: int) -> None:
    phones = [laundry.phone("+14155550171"), laundry.phone("+14155550172", "sms"), laundry.phone("+14155550121")]
    with structlog.testing.capture_logs() as logged:
        await wanders(phones, Random(seed), 120)  # noqa: S311 - the same walk each time
    assert logged == []
    await books_are_in_order(laundry)
