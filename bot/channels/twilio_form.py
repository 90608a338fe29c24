"""The form of a Twilio webhook: fields by name, the first of a repeated one, made safe to store."""

import re
from collections.abc import Mapping

from bot.channels.addresses import phone_of
from bot.channels.inbound import cleaned
from models.errors import BadForm

_WHOLE = re.compile("[0-9]{1,9}")


def value(form: Mapping[str, object], *names: str) -> str:
    """The first of these fields that has a value, "" if none has. An uploaded file is no value."""
    return next((cleaned(found) for name in names if isinstance(found := form.get(name), str) and found), "")


def required(form: Mapping[str, object], *names: str) -> str:
    """As `value`, but raises BadForm when none of the fields has one."""
    if found := value(form, *names):
        return found
    raise BadForm(f"{names[0]} is missing.")


def required_phone(form: Mapping[str, object], name: str) -> str:
    """The E.164 number of an address field. Raises BadForm if it is missing or no phone number."""
    if phone := phone_of(required(form, name)):
        return phone
    raise BadForm(f"{name} is no phone number.")


def whole(form: Mapping[str, object], name: str) -> int | None:
    """A field's whole number of up to nine digits, so that it fits an `integer` column; None for all else."""
    return whole_number(value(form, name))


def whole_number(text: str) -> int | None:
    """The number that the text is, None if it is none or has more than nine digits."""
    digits = text.strip()
    return int(digits) if _WHOLE.fullmatch(digits) else None
