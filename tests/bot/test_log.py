"""What stands in the log, and what never does. Each test logs in a process of its own, set up for real."""

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from bot.log import mask_phone


def logged(code: str, level: str = "info", log_format: str = "json") -> str:
    """What the lines of code write to standard error."""
    program = f"""
import logging, structlog
from bot.log import configure
configure({level!r}, {log_format!r})
log = structlog.get_logger("test")
{textwrap.dedent(code)}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "", "standard output belongs to the commands"
    return done.stderr


def lines(code: str, level: str = "info") -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged(code, level).splitlines()]


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+2348031234567", "+23480•••4567"),
        ("+14155550101", "+141•••0101"),
        ("whatsapp:+2348031234567", "whatsapp:+23480•••4567"),
        ("+12345678", "+•••5678"),
        ("+1234567", "•••"),
        ("12345", "•••"),
        ("anonymous", "•••"),
        ("", "•••"),
    ],
)
def test_a_number_is_known_again_and_not_learnt(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_an_event_is_a_name_and_facts() -> None:
    (line,) = lines('log.info("message_sent", tenant="cafe", points=50, to="+2348031234567")')

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "message_sent",
        "level": "info",
        "tenant": "cafe",
        "points": 50,
        "to": "+23480•••4567",
    }


def test_what_was_said_is_left_out() -> None:
    """Whoever debugs a turn logs the message sooner or later, and the message may be a PIN."""
    (line,) = lines('log.info("heard", body="482915", text="hi", pin="482915", code="AB3", inner={"pin": "1"})')

    assert line.keys() == {"event", "level", "timestamp", "inner"}
    assert line["inner"] == {}


def test_numbers_are_masked_wherever_they_stand() -> None:
    """Postgres writes the values of a refused row into its error, and an address has them in its query."""
    (refused,) = lines(
        """
        try:
            raise ValueError("Key (phone)=(+2348031234567) already exists")
        except ValueError:
            log.exception("turn_abandoned", why="saw +2348031234567", all=[{"sender": "+2348031234567"}])
        """
    )
    (asked,) = lines('logging.getLogger("aiohttp.access").info("GET /thread?phone=%2B2348031234567")')

    assert "8031234567" not in json.dumps([refused, asked])
    assert "Key (phone)=(+23480•••4567)" in refused["exception"]
    assert refused["why"] == "saw +23480•••4567"
    assert refused["all"] == [{"sender": "+23480•••4567"}]


def test_libraries_are_heard_from_warnings_on() -> None:
    """The Twilio SDK and the OpenAI SDK write whole requests at lower levels."""
    heard = lines(
        """
        for name in ("twilio.async_http_client", "openai._base_client", "asyncpg"):
            logging.getLogger(name).debug("body: hello")
            logging.getLogger(name).info("body: hello")
        logging.getLogger("asyncpg").warning("a notice of %s", "the server")
        """,
        level="debug",
    )

    assert [(line["event"], line["level"], line["said"]) for line in heard] == [
        ("asyncpg", "warning", "a notice of the server")
    ]


def test_a_level_silences_what_lies_below_it() -> None:
    code = 'log.info("a"); log.warning("b"); logging.getLogger("aiohttp.access").info("c")'

    assert [line["event"] for line in lines(code, "warning")] == ["b"]


def test_the_console_is_for_people_and_shows_no_variables() -> None:
    """A pretty traceback prints the values of local variables: a PIN among them."""
    shown = logged(
        """
        def check(pin):
            return 1 / 0
        try:
            check("482" + "915")
        except ZeroDivisionError:
            log.exception("turn_abandoned", tenant="cafe")
        """,
        log_format="console",
    )

    assert "turn_abandoned" in shown
    assert "ZeroDivisionError" in shown
    assert "tenant=cafe" in shown
    assert "482915" not in shown
    assert "\x1b[" not in shown, "colours are for terminals"
