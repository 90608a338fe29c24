"""Codes that a message brings: of the business it is for, and of the friend who sent its writer."""

import re

from bot.hearing.vocabulary import normal
from models.loyalty import friend_codes

JOIN = re.compile(r"\b(?:join|code)\W+(?!(?:join|code)\b)([a-z0-9]{3,20})\b")


def vendor_code(text: str) -> str | None:
    """The code a message names, for choosing a business on a shared number: `JOIN LEKKI`, or the code alone.

    Where several words could be it the last one is taken: people lead up to it ("I want to join the club, code …").
    """
    said = normal(text)
    named: list[str] = JOIN.findall(said)
    if named:
        return named[-1].upper()
    return said.upper() if re.fullmatch(r"[a-z0-9]{3,20}", said) else None


def brought(text: str) -> dict[str, str]:
    """The code of a friend, where the message holds one."""
    code = friend_codes.find(text)
    return {"code": code} if code else {}
