"""What came in, whatever it came over: a message, or one turn of a phone call."""

import re
from dataclasses import dataclass, field
from typing import Literal, Self

import orjson

from models.base import Channel

# PostgreSQL's text holds no NUL, and UTF-8 holds no lone surrogate: either would fail at the INSERT.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def cleaned(text: str) -> str:
    """The text without the characters that neither UTF-8 nor PostgreSQL can hold."""
    return _UNSTORABLE.sub("", text)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice note or file: where the provider keeps it, and its MIME type, "" if unnamed."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message, or one turn of a call.

    `line` is the business's number and `sender` the person's, both E.164; `sender` is "" for a caller who
    withholds the number. `text` is what was written, spoken or keyed in. `choice_id` is the id of a tapped
    choice, `name` what the person calls themselves, `account` the provider's account the line belongs to.
    `provider_id` is the same for every delivery of the same message or turn.
    """

    channel: Channel
    line: str
    sender: str
    text: str = field(repr=False)  # it may be a PIN or a redemption code, and a repr ends in logs
    provider_id: str
    choice_id: str | None = None
    name: str | None = field(default=None, repr=False)
    media: tuple[Media, ...] = ()
    account: str | None = None
    kind: Literal["message", "call"] = "message"

    def to_bytes(self) -> bytes:
        """As it rests in the sealed payload: a JSON object."""
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """The reverse of `to_bytes`. Raises ValueError, KeyError or TypeError for anything else."""
        fields = orjson.loads(payload)
        media = tuple(Media(**item) for item in fields["media"])
        return cls(**{**fields, "channel": Channel(fields["channel"]), "media": media})
