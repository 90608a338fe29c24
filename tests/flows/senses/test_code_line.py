"""Codes typed at the counter, and words that only look like one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.senses.base import Setting
from flows.senses.code_line import CodeLine, read_code_line
from models.loyalty.codes import new_code, printed

LAGOS = Setting(datetime(2026, 11, 18, 12, tzinfo=UTC), ZoneInfo("Africa/Lagos"), "NG", "NGN")


def test_a_code_is_read_in_every_shape_it_is_typed_in() -> None:
    code = new_code()
    shapes = (code, printed(code), printed(code).lower(), printed(code).replace("-", " "), f"code {printed(code)}")
    for typed in shapes:
        assert read_code_line(typed, LAGOS) == CodeLine(code), typed
        assert read_code_line(f"{typed} 730264", LAGOS) == CodeLine(code, "730264"), typed


@pytest.mark.parametrize("words", ["perhaps", "welcome", "hello 730264", "log 0803 123 4567 5000 730264", "", "730264"])
def test_words_are_no_code(words: str) -> None:
    assert read_code_line(words, LAGOS) is None


def test_neither_code_nor_pin_is_shown_by_its_repr() -> None:
    assert repr(CodeLine("ABCDEFG", "730264")) == "CodeLine()"
