from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from flows.senses import phone
from tests.flows.senses.situations import LAGOS, LONDON, NEW_YORK


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("0803 123 4567", "+2348031234567"),
        ("2348031234567", "+2348031234567"),
        ("+234 (0) 803 123 4567", "+2348031234567"),
        ("00234 803 123 4567", "+2348031234567"),
        ("it is 08031234567, thanks", "+2348031234567"),
        ("08031234567 - again, 0803 123 4567", "+2348031234567"),
        ("+1 (415) 555-0101", "+14155550101"),
        ("whatsapp:+14155550101", "+14155550101"),
        ("oh eight oh three, one two three, four five six seven", "+2348031234567"),
        ("zero eight oh three double one two three four five six", "+2348031123456"),
    ],
)
def test_a_number_is_heard(said: str, expected: str) -> None:
    assert phone.hear(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said",
    [
        "12345",
        "0803 123 456",
        "0803 123 45678",
        "0803123456x",
        "5000",
        "18/11/2026 14:00",
        "2026-11-18",
        "08031234567 or 08039876543",
        "my card is 4111111111111111",
    ],
)
def test_what_is_not_one_valid_number_is_none(said: str) -> None:
    assert phone.hear(said, LAGOS) is None


@pytest.mark.parametrize("number", ["+14155550123", "+15555550142", "+447700900123", "+2348030000007"])
def test_numbers_kept_for_demonstrations_are_accepted(number: str) -> None:
    """The plan of numbers calls some of them invalid; the demo and the example conversations are full of them."""
    assert phone.hear(number, LAGOS) == number
    assert phone.spot(f"whatsapp:{number}", LAGOS) == number


def test_the_region_of_the_business_completes_a_number() -> None:
    assert phone.hear("(415) 555-0123", NEW_YORK) == "+14155550123"
    assert phone.hear("07700 900123", LONDON) == "+447700900123"


def test_a_number_is_spotted_in_a_sentence_and_a_sum_is_not() -> None:
    assert phone.spot("log 5000 for 0803 123 4567 please", LAGOS) == "+2348031234567"
    assert phone.spot("I paid 5000000 for 2 loads", LAGOS) is None


@given(st.sampled_from(["NG", "US", "GB", "KE", "GH", "ZA"]), st.integers(0, 10**6 - 1))
@settings(deadline=None)
def test_every_way_of_writing_a_mobile_number_is_heard(region: str, tail: int) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    number = phonenumbers.parse(phonenumbers.format_number(example, PhoneNumberFormat.E164)[:-6] + f"{tail:06}", region)
    setting = replace(LAGOS, region=region)
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    expected = written if phonenumbers.is_valid_number(number) else None

    for style in (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL):
        assert phone.hear(phonenumbers.format_number(number, style), setting) == expected
