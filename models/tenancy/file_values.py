"""The values of a business file. Each type says in its refusal what is allowed."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, list_currencies
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    SecretStr,
    SerializationInfo,
    ValidationInfo,
)

from models.booking.openings import Window
from models.booking.reminders import is_kind

# what carriers, and the bot before it knows the business, take for something else
_NOT_CODES = {"CANCEL", "END", "HELP", "INFO", "JOIN", "QUIT", "START", "STOP", "STOPALL", "UNSTOP", "YES"}
_STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_LARGEST_AMOUNT = 10**15
_ONLY_A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAY = timedelta(days=1)


def _text(value: str) -> str:
    cleaned = value.strip()
    if not cleaned or "\0" in cleaned:
        raise ValueError("may not be empty, nor hold a NUL character")
    return cleaned


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", value):
        raise ValueError(f'"{value}" is not a slug: small letters, digits and hyphens, as in "lekki-coffee"')
    return value


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{3,20}", value):
        raise ValueError(f'"{value}" is not a code: 3 to 20 capital letters and digits, as in "LEKKI"')
    if value in _NOT_CODES:
        raise ValueError(f'"{value}" means something else in a message; choose another code')
    return value


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError(f'"{value}" is not a phone number: write it in full, as in "+2348030000001"')
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _pin(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]{6}", value.get_secret_value()):
        raise ValueError("a PIN is six digits in quotes")
    return value


def _zone(value: str) -> str:
    return _known(value, _zones(), 'a time zone, as in "Europe/Paris"')


def _currency(value: str) -> str:
    return _known(value, _currencies(), 'a currency, as in "NGN" or "USD"')


def _country(value: str) -> str:
    return _known(value, frozenset(phonenumbers.SUPPORTED_REGIONS), 'a country, as in "NG" or "US"')


def _language(value: str) -> str:
    try:
        known = Locale.parse(value).language == value
    except (ValueError, UnknownLocaleError):
        known = False
    if not known:
        raise ValueError(f'"{value}" is not a language, as in "en"; the country says how it is written')
    return value


def _lead(value: str) -> str:
    if not is_kind(value):
        raise ValueError(f'"{value}" does not say how long before: write "24h", "90m" or "2d", 10 minutes to 31 days')
    return value


def _known(value: str, allowed: frozenset[str], kind: str) -> str:
    if value in allowed:
        return value
    last_parts = [one for one in allowed if one.endswith(f"/{value}")]
    near = last_parts or get_close_matches(value, allowed, n=1, cutoff=0.8)
    raise ValueError(f'"{value}" is not {kind}' + (f' (did you mean "{near[0]}"?)' if near else ""))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def digits_of(currency: object) -> int:
    """How many decimals amounts in `currency` have; 2 if there is no such currency."""
    known = isinstance(currency, str) and currency in _currencies()
    return get_currency_precision(str(currency)) if known else 2


def _minor(value: object, info: ValidationInfo) -> int:
    """An amount in major units becomes one in minor units; the context knows the `digits` of the currency."""
    digits: int = (info.context or {}).get("digits", 2)
    amount = _decimal(value)
    if amount is None or not amount.is_finite() or amount < 0:
        raise ValueError(f'{_shown(value)} is not an amount: write "1000", 1000 or "150.00"')
    if (minor := amount.scaleb(digits)) != minor.to_integral_value():
        raise ValueError(f"{_shown(value)} has too many decimals: this currency has {digits}")
    if minor > _LARGEST_AMOUNT:
        raise ValueError(f"{_shown(value)} is too large an amount")
    return int(minor)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _major(amount: int, info: SerializationInfo) -> str:
    digits: int = (info.context or {}).get("digits", 2)
    major = Decimal(amount).scaleb(-digits)
    whole = major.to_integral_value()
    return str(whole) if major == whole else f"{major:.{digits}f}"


def _stretches(value: object) -> tuple[Window, ...]:
    """The stretches of one day, earliest first."""
    items = value if isinstance(value, list | tuple) else [value]
    windows = sorted((_stretch(item) for item in items), key=lambda window: window.start)
    for earlier, later in pairwise(windows):
        if earlier.end == time(0) or later.start < earlier.end:
            raise ValueError(f"{_shown(value)} overlaps itself")
    return tuple(windows)


def _stretch(value: object) -> Window:
    if isinstance(value, Window):
        return value
    found = _STRETCH.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError  # noqa: TRY301 - one refusal for whatever cannot be read as two times
        hours, minutes, last_hours, last_minutes = map(int, found.groups())
        start = time(hours, minutes)
        end = time(0) if (last_hours, last_minutes) == (24, 0) else time(last_hours, last_minutes)
    except ValueError:
        refusal = f'{_shown(value)} are not hours: write "09:00-17:00", or ["09:00-12:00", "13:00-17:00"]'
        raise ValueError(refusal) from None
    try:
        return Window(start, end)
    except ValueError:
        raise ValueError(f"{_shown(value)} ends before it starts: write a night as two days") from None


def _written(windows: tuple[Window, ...]) -> str | list[str]:
    """As `_stretches` reads them."""
    written = [f"{window.start:%H:%M}-{_closing(window.end)}" for window in windows]
    return written[0] if len(written) == 1 else written


def _closing(end: time) -> str:
    return "24:00" if end == time(0) else f"{end:%H:%M}"


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str | Decimal) else str(value)


def _begin(value: object) -> datetime:
    """A day stands for its first moment."""
    return _moment(value)[0]


def _end(value: object) -> datetime:
    """A day counts to its end."""
    wall, is_day = _moment(value)
    return wall + _DAY if is_day else wall


def _moment(value: object) -> tuple[datetime, bool]:
    """The wall time, and whether only its day was given."""
    text = str(value) if isinstance(value, date | str) and not isinstance(value, bool) else ""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo or wall.second or wall.microsecond:
        raise ValueError(
            f'{_shown(value)} is neither a day nor a time of one: write "2026-12-24" or "2026-12-24 18:00"'
        )
    return wall, _ONLY_A_DAY.fullmatch(text.strip()) is not None


def _day(value: object) -> date:
    wall, is_day = _moment(value)
    if not is_day:
        raise ValueError(f'{_shown(value)} is not a day: write "2026-12-24"')
    return wall.date()


def _begun(wall: datetime) -> str:
    return f"{wall:%Y-%m-%d}" if wall.time() == time(0) else f"{wall:%Y-%m-%d %H:%M}"


def _ended(wall: datetime) -> str:
    return f"{wall - _DAY:%Y-%m-%d}" if wall.time() == time(0) else f"{wall:%Y-%m-%d %H:%M}"


Text = Annotated[str, AfterValidator(_text)]
Slug = Annotated[str, AfterValidator(_slug)]
Code = Annotated[str, AfterValidator(_code)]
Phone = Annotated[str, AfterValidator(_phone)]
Pin = Annotated[SecretStr, AfterValidator(_pin)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]
Country = Annotated[str, AfterValidator(_country)]
Language = Annotated[str, AfterValidator(_language)]
Lead = Annotated[str, AfterValidator(_lead)]
"""How long before an appointment."""
Money = Annotated[int, BeforeValidator(_minor), PlainSerializer(_major, when_used="json")]
"""Written in major units, kept in minor ones."""
Stretches = Annotated[tuple[Window, ...], PlainValidator(_stretches), PlainSerializer(_written, when_used="json")]
Day = Annotated[date, PlainValidator(_day), PlainSerializer(date.isoformat, when_used="json")]
Begin = Annotated[datetime, PlainValidator(_begin), PlainSerializer(_begun, when_used="json")]
"""When something begins, on the clock of the shop."""
End = Annotated[datetime, PlainValidator(_end), PlainSerializer(_ended, when_used="json")]
"""When something is over, on the clock of the shop: a day is over at the next midnight."""
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]
Positive = Annotated[int, Field(gt=0, le=2**31 - 1)]
Days = Annotated[int, Field(gt=0, le=3660)]
