"""Every word people read or hear, by key: prompts/<locale>/*.ftl (Fluent), strict about what is missing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, get_currency_precision
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern
from fluent.runtime.types import fluent_number
from fluent.syntax.ast import Junk, Resource

LANGUAGES = ("en",)


class UnknownPrompt(KeyError):  # noqa: N818 - names what is unknown
    """A sentence is asked for that prompts/ does not hold, or one of its values is missing."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, written as the reader's locale writes it."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day that comes round every year: a birthday has no weekday."""

    day: date


@dataclass(frozen=True, slots=True)
class FarDay:
    """A day that is not the next of its name: its year says more than its weekday."""

    day: date


def say(key: str, values: Mapping[str, object], locale: str) -> str:
    """The sentence `key` (or `key.attribute`) in the language of `locale` ("en_NG"), its values written its way.

    Datetimes are written as wall times: give them in the zone of the reader. Raises UnknownPrompt.
    """
    if not values:
        return _label(key, locale)
    return _filled(key, values, locale)


@cache
def _label(key: str, locale: str) -> str:
    return _filled(key, {}, locale)


def _filled(key: str, values: Mapping[str, object], locale: str) -> str:
    bundle = _bundle(locale.split("_", maxsplit=1)[0])
    name, _, attribute = key.partition(".")
    pattern = _pattern(bundle, name, attribute)
    if pattern is None:
        raise UnknownPrompt(key)
    written = {name: _written(value, locale) for name, value in values.items()}
    long = {name: text for name, text in written.items() if isinstance(text, str) and len(text) > _LONGEST_TEXT}
    said, errors = bundle.format_pattern(pattern, {**written, **{name: _stand_in(name) for name in long}})
    if errors:
        raise UnknownPrompt(f"{key}: {errors[0]}")
    text = str(said)
    for name, words in long.items():
        text = text.replace(_stand_in(name), words)
    return text


_LONGEST_TEXT = 2_000
"""Fluent refuses a text of more than 2,500 characters; a shop's answer, or a customer's question, may be longer."""


def _stand_in(name: str) -> str:
    return f"\ue000{name}\ue000"  # private use: nobody writes these characters


def locale_for(language: str, country: str) -> str:
    """A language as a country writes it: "en" or "en-GB" in "NG" is "en_NG"."""
    return f"{language.replace('-', '_').split('_')[0]}_{country}"


def has(key: str, locale: str) -> bool:
    """Whether prompts/ holds the sentence."""
    name, _, attribute = key.partition(".")
    return _pattern(_bundle(locale.split("_", maxsplit=1)[0]), name, attribute) is not None


def _pattern(bundle: FluentBundle, name: str, attribute: str) -> Pattern | None:
    if not bundle.has_message(name):
        return None
    message = bundle.get_message(name)
    return message.attributes.get(attribute) if attribute else message.value


@cache
def _bundle(language: str) -> FluentBundle:
    known = language if language in LANGUAGES else LANGUAGES[0]
    bundle = FluentBundle([known], use_isolating=False)
    for path in sorted((files("prompts") / known).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".ftl"):
            resource = FluentResource(path.read_text(encoding="utf-8"))
            _refuse_junk(resource, path.name)
            bundle.add_resource(resource)
    return bundle


def _refuse_junk(resource: Resource, file: str) -> None:
    """Fluent passes over what it cannot read; a sentence that is silently missing is worse than none."""
    for entry in resource.body:
        if isinstance(entry, Junk):
            raise UnknownPrompt(f"{file} cannot be read at: {(entry.content or '').strip()[:80]!r}")


def _written(value: object, locale: str) -> object:
    """Money, dates, times and whole numbers as the locale writes them; all else as it is."""
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value, locale)
    return str(value)


def _money(money: Money, locale: str) -> str:
    digits = get_currency_precision(money.currency)
    amount = Decimal(money.minor).scaleb(-digits)
    whole = amount == amount.to_integral_value()
    return format_currency(
        amount, money.currency, "¤#,##0" if whole else None, locale=locale, currency_digits=not whole
    )


def _date(value: date, locale: str) -> str:
    return format_date(value, _day_pattern(locale), locale=locale)


def _time(value: time, locale: str) -> str:
    # the narrow space before AM and PM is in no SMS alphabet: with it a message holds half as much
    return format_time(value, "short", locale=locale).replace("\u202f", " ")


@cache
def _day_pattern(locale: str) -> str:
    """The locale's full date without its year: an appointment is named by weekday and day."""
    return re.sub(r"[\s,./]*y+[\s.]*", "", Locale.parse(locale).date_formats["full"].pattern)


_WRITERS: tuple[tuple[type, Callable[[Any, str], object]], ...] = (
    (Money, _money),
    (DayOfYear, lambda value, locale: format_skeleton("MMMMd", value.day, locale=locale)),
    (FarDay, lambda value, locale: format_date(value.day, "long", locale=locale)),
    (datetime, lambda value, locale: f"{_date(value, locale)}, {_time(value.time(), locale)}"),
    (date, _date),
    (time, _time),
    (bool, lambda value, _: str(value).lower()),
    (int, lambda value, _: fluent_number(value)),
)
"""In this order: a datetime is a date too, and a bool a whole number."""

__all__ = ["LANGUAGES", "DayOfYear", "FarDay", "Money", "UnknownPrompt", "has", "locale_for", "say"]
