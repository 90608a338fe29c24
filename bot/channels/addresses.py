"""Twilio's addresses: a bare E.164 number for SMS and calls, with `whatsapp:` before it on WhatsApp."""

import re

from models.base import Channel

_WHATSAPP = "whatsapp:"
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def phone_of(address: str) -> str | None:
    """The E.164 number of an address: 2 to 15 digits after the plus (ITU-T E.164 §6.2.1 sets the 15).

    None for what is no phone number: short codes, alphanumeric senders, `client:`, `sip:`, WhatsApp user ids.
    """
    bare = address.strip()
    if is_whatsapp(bare):
        bare = bare[len(_WHATSAPP) :].strip()
    return bare if _E164.fullmatch(bare) else None


def is_whatsapp(address: str) -> bool:
    return address.strip().lower().startswith(_WHATSAPP)


def address_of(phone: str, channel: Channel) -> str:
    """How Twilio wants the number named when a message goes out. A caller is written to by SMS."""
    return _WHATSAPP + phone if channel is Channel.WHATSAPP else phone
