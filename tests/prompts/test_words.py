"""Words are found, filled and written as their reader writes them; what is missing is refused aloud."""

from datetime import UTC, date, datetime, time

import pytest

from prompts import Money, UnknownPrompt, has, locale_for, say


def test_money_is_written_with_as_many_digits_as_it_needs() -> None:
    said = {"customer": "Ada", "amount": Money(500_000, "NGN")}
    assert say("purchase-pin", said, "en_NG").startswith("₦5,000 for Ada")
    said["amount"] = Money(2050, "USD")
    assert say("purchase-pin", said, "en_US").startswith("$20.50 for Ada")


def test_a_day_is_named_by_weekday_and_date_without_its_year() -> None:
    day = date(2026, 11, 28)
    assert say("house-day", {"day": day}, "en_NG") == "Saturday, 28 November"
    assert say("house-day", {"day": day}, "en_US") == "Saturday, November 28"


def test_a_clock_reads_as_in_its_country() -> None:
    assert say("house-clock", {"time": time(15, 30)}, "en_NG") == "15:30"
    assert say("house-clock", {"time": time(15, 30)}, "en_US") == "3:30 PM"


def test_an_instant_is_day_and_time() -> None:
    when = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
    told = say("house-appointment", {"service": "Tasting class", "when": when}, "en_NG")
    assert told == "Tasting class, Saturday, 28 November, 11:00"


def test_a_missing_sentence_and_a_missing_value_are_refused() -> None:
    with pytest.raises(UnknownPrompt, match="no-such-sentence"):
        say("no-such-sentence", {}, "en_NG")
    with pytest.raises(UnknownPrompt, match="house-day"):
        say("house-day", {}, "en_NG")


def test_attributes_are_sentences_of_their_own() -> None:
    assert has("booking-time.taken", "en")
    assert not has("booking-time.sold", "en")


@pytest.mark.parametrize(("language", "expected"), [("en", "en_NG"), ("en-GB", "en_NG"), ("en_US", "en_NG")])
def test_a_language_is_written_as_the_business_country_does(language: str, expected: str) -> None:
    assert locale_for(language, "NG") == expected
