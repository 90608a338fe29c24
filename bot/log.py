"""How Regulars logs: constant event names, keyword facts, and nobody's number, words or secrets.

    log = structlog.get_logger(__name__)
    log.info("message_sent", tenant=slug, to=phone, sid=sid)

Facts named in PHONES are masked, those named in UNSPOKEN are left out, and a number that slipped into any
other text is masked as well. Libraries are heard from warnings on: in more detail some write whole messages.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PHONES = frozenset({"phone", "sender", "to", "from", "from_", "phone_number"})
"""Facts that are somebody's number."""

UNSPOKEN = frozenset(
    {"body", "text", "payload", "transcript", "pin", "code", "token", "secret", "password", "authorization"}
)
"""Facts that are never written: what people say, and what opens doors."""

_MASK = "•••"
_HEAD, _TAIL, _HIDDEN = 6, 4, 4
_NUMBER = re.compile(r"(?:\+|%2[Bb])\d{7,15}\b")


def mask_phone(phone: str) -> str:
    """`+2348031234567` as `+23480•••4567`: who knows the number knows it again, nobody else learns it.

    At least four digits are hidden, and all of what is short or no number. A prefix like `whatsapp:` stays.
    """
    prefix, colon, number = phone.rpartition(":")
    head = min(_HEAD, len(number) - _TAIL - _HIDDEN)
    tells = head > 0 and number.removeprefix("+").isdigit()
    return f"{prefix}{colon}{number[:head]}{_MASK}{number[-_TAIL:]}" if tells else f"{prefix}{colon}{_MASK}"


def mask_facts(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor that keeps people's numbers and words out of every line."""
    return {name: _masked(name, value) for name, value in event.items() if name not in UNSPOKEN}


def _masked(name: str, value: object) -> object:
    match value:
        case str():
            return mask_phone(value) if name in PHONES else _NUMBER.sub(_mask_found, value)
        case Mapping():
            return {key: _masked(str(key), inner) for key, inner in value.items() if key not in UNSPOKEN}
        case list() | tuple() | set() | frozenset():
            return [_masked(name, inner) for inner in value]
        case None | bool() | int() | float():
            return value
        case _:
            return _masked(name, str(value))


def _mask_found(found: re.Match[str]) -> str:
    return mask_phone(found[0].replace("%2B", "+").replace("%2b", "+"))


def _name_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its logger is the event, its sentence a fact."""
    record: logging.LogRecord = event["_record"]
    return {**event, "event": record.name, "said": event["event"]}


_FACTS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # as text before masking: a traceback's last line may hold the values of a refused row
    structlog.processors.format_exc_info,
)


def configure(level: str = "info", log_format: str = "console", stream: TextIO | None = None) -> None:
    """Sets up logging for the whole process, on `stream` or standard error.

    `level` is debug, info, warning or error; `log_format` is console for people or json for machines.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    rendering = (mask_facts, _renderer(log_format, stream or sys.stderr))
    structlog.configure(
        processors=[*_FACTS, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_names: structlog.WriteLogger(stream or sys.stderr),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_FACTS, _name_event],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)
    logging.getLogger("aiohttp.access").setLevel(threshold)


def _renderer(log_format: str, stream: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(serializer=_to_json)
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())


def _to_json(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()
