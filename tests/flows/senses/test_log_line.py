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
    ],
)
def test_what_staff_type_is_read(typed: str, read: LogLine) -> None:
    assert read_log_line(typed, LAGOS) == read


@pytest.mark.parametrize(
    "typed", ["log", "log 5000 482915", "log Ada 5000", "08031234567 5000 482915", "logged in?", ""]
)
def test_what_names_no_customer_is_no_line(typed: str) -> None:
    assert read_log_line(typed, LAGOS) is None


def test_the_pin_is_not_shown_by_its_repr() -> None:
    assert "482915" not in repr(LogLine(ADA, 500_000, "482915"))
