"""A purchase in one line."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.senses.base import Setting
from flows.senses.log_line import LogLine, read_log_line

LAGOS = Setting(datetime(2026, 11, 18, 12, tzinfo=UTC), ZoneInfo("Africa/Lagos"), "NG", "NGN")
ADA = "+2348031234567"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("log 0803 123 4567 5000 482915", LogLine(ADA, 500_000, "482915")),
        ("log 08031234567 5k 482915", LogLine(ADA, 500_000, "482915")),
        ("Log +234 803 123 4567 ₦5,000 482915", LogLine(ADA, 500_000, "482915")),
        ("log 08031234567 5000", LogLine(ADA, 500_000)),
        ("log 08031234567", LogLine(ADA)),
        ("sale 0803-123-4567 150000 482915", LogLine(ADA, 15_000_000, "482915")),
        ("log 08031234567 5000 drinks 482915", LogLine(ADA, 500_000, "482915", "drinks")),
        ("log 08031234567 5000 hot drinks", LogLine(ADA, 500_000, None, "hot drinks")),
        ("log 08031234567 5k receipt A-17 482 915", LogLine(ADA, 500_000, "482915", None, "A-17")),
        ("log 08031234567 5000 receipt 730264", LogLine(ADA, 500_000, None, None, "730264")),
        ("log 08031234567 5000 food receipt: #730264 482915", LogLine(ADA, 500_000, "482915", "food", "730264")),
        ("log 08031234567 5000 gift card 482915", LogLine(ADA, 500_000, "482915", paid_with="gift_card")),
        ("log 08031234567 5000 drinks points", LogLine(ADA, 500_000, None, "drinks", paid_with="points")),
        ("log 08031234567 5000 naira food", LogLine(ADA, 500_000, None, "food")),
    ],
)
def test_what_staff_type_is_read(typed: str, read: LogLine) -> None:
    assert read_log_line(typed, LAGOS) == read


@pytest.mark.parametrize(
    "typed",
    [
        "log",
        "log 5000 482915",
        "log Ada 5000",
        "08031234567 5000 482915",
        "logged in?",
        "",
        "log 08031234567 5000 food 17",
        "log 08031234567 food",
    ],
)
def test_what_names_no_customer_is_no_line(typed: str) -> None:
    assert read_log_line(typed, LAGOS) is None


def test_the_pin_is_not_shown_by_its_repr() -> None:
    assert "482915" not in repr(LogLine(ADA, 500_000, "482915"))


def test_what_the_line_says_answers_questions_and_the_pin_is_not_kept() -> None:
    line = read_log_line("log 08031234567 5000 drinks gift card receipt A1 482915", LAGOS)
    assert line is not None
    assert line.slots() == {
        "customer": ADA,
        "amount": 500_000,
        "category": "drinks",
        "receipt": "A1",
        "paid_with": "gift_card",
        "one_line": True,
    }
