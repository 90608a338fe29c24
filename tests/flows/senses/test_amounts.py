from dataclasses import replace

import pytest
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.senses import Amount, amount, money
from tests.flows.senses.situations import LAGOS, LONDON, NEW_YORK

CURRENCIES = st.sampled_from(["NGN", "USD", "GBP", "EUR", "GHS", "KES", "ZAR", "INR", "JPY", "KWD", "CHF"])


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        ("5000", 500_000),
        ("5k", 500_000),
        ("2.5k", 250_000),
        ("1.5m", 150_000_000),
        ("₦5,000", 500_000),
        ("N5000", 500_000),
        ("n5000", 500_000),
        ("N5,000.00k", 500_000),
        ("5,000.50", 500_050),
        ("5 000", 500_000),
        ("NGN 2,500", 250_000),
        ("2500 naira", 250_000),
        ("two thousand five hundred", 250_000),
        ("five thousand naira only", 500_000),
        ("half a million", 50_000_000),
        ("20 naira 50 kobo", 2_050),
        ("fifty kobo", 50),
        ("she paid 3500", 350_000),
        ("0", 0),
        (".50", 50),
    ],
)
def test_a_sum_is_heard(said: str, minor: int) -> None:
    assert money.hear(said, LAGOS) == minor


@pytest.mark.parametrize(
    "said",
    [
        "-500",
        "minus 500",
        "₦-500",
        "free",
        "5000 or 6000",
        "12345678901234567890",
        "08031234567",
        "50%",
        "3pm",
        "$20",
        "45 quid",
        "0.005",
        "20.555",
        "in 5 minutes",
        "5000 for 2 loads",
    ],
)
def test_what_is_no_sum_here_is_none(said: str) -> None:
    assert money.hear(said, LAGOS) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("$20.50", Amount(2_050, "USD")),
        ("C$20", Amount(2_000, "CAD")),
        ("$20 CAD", Amount(2_000, "CAD")),
        ("45 quid", Amount(4_500, "GBP")),
        ("2.500,50 €", Amount(250_050, "EUR")),
        ("1 234,50 EUR", Amount(123_450, "EUR")),
        ("300 yen", Amount(300, "JPY")),
        ("KWD 1.500", Amount(1_500, "KWD")),
        ("five kuwaiti dinars", Amount(5_000, "KWD")),
        ("a dollar", Amount(100, "USD")),
        ("15 dollars 50", Amount(1_550, "USD")),
        ("1,00,000 rupees", Amount(10_000_000, "INR")),
    ],
)
def test_another_currency_is_told(said: str, expected: Amount) -> None:
    assert amount(said, LAGOS) == expected
    assert money.hear(said, LAGOS) is None


def test_a_sign_of_many_currencies_is_the_one_of_the_business() -> None:
    assert amount("$20", NEW_YORK) == Amount(2_000, "USD")
    assert amount("$20", replace(NEW_YORK, currency="CAD")) == Amount(2_000, "CAD")
    assert amount("20 pounds", LONDON) == Amount(2_000, "GBP")
    assert amount("20 pounds", replace(LONDON, currency="EGP")) == Amount(2_000, "EGP")


def test_a_word_is_a_currency_only_in_capitals() -> None:
    """TRY is the code of the Turkish lira."""
    assert amount("5 try again", LAGOS) == Amount(500, "NGN")
    assert amount("5 TRY", LAGOS) == Amount(500, "TRY")


def test_an_unknown_sign_of_money_is_not_taken_for_our_own() -> None:
    assert amount("₲5000", LAGOS) is None


def test_only_a_sum_with_its_currency_is_spotted() -> None:
    assert money.spot("he paid 5000 naira for 2 loads", LAGOS) == 500_000
    assert money.spot("i have $20 and 5 rugs", NEW_YORK) == 2_000
    assert money.spot("he paid 5000", LAGOS) is None
    assert money.spot("$5 or $6", NEW_YORK) is None


@given(st.integers(0, 10**11), CURRENCIES, st.sampled_from(["en_US", "en_GB", "en_NG"]))
@settings(deadline=None)
def test_what_we_print_is_read_back(minor: int, currency: str, locale: str) -> None:
    major = minor / 10 ** get_currency_precision(currency)
    printed = format_currency(major, currency, locale=locale)

    assert amount(printed, replace(LAGOS, currency=currency)) == Amount(minor, currency)
    assert money.spot(f"she paid {printed} for 2 loads", replace(LAGOS, currency=currency)) == minor


@given(st.integers(1, 10**6))
@settings(deadline=None)
def test_a_negative_sum_is_never_heard(major: int) -> None:
    for said in (f"-{major}", f"- {major}", f"-₦{major}", f"₦-{major}", f"minus {major}", f"refund -{major}.50"):
        assert money.hear(said, LAGOS) is None
