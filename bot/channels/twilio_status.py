"""What Twilio reports later: how a message fares, and how a call ended.

Callbacks come in any order and carry no time, so a message's status only ever moves up in rank.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.twilio_form import required, value, whole
from models.errors import BadForm
from models.messaging.tables import MessageStatus

STATUS_RANK: Mapping[str, int] = {
    MessageStatus.QUEUED: 0,
    MessageStatus.SENDING: 1,
    MessageStatus.SENT: 2,
    MessageStatus.FAILED: 3,
    MessageStatus.UNDELIVERED: 3,
    MessageStatus.CANCELED: 3,
    MessageStatus.DELIVERED: 4,
    MessageStatus.READ: 5,
}
"""The failures share a rank below `delivered`: final against each other and against what came before them,
not against the proof that the message arrived after all."""

CALL_STATUSES = frozenset(
    {"queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"}
)

# Twilio's words for stages we do not tell apart.
_ALSO = {
    "accepted": MessageStatus.QUEUED,
    "scheduled": MessageStatus.QUEUED,
    "partially_delivered": MessageStatus.SENT,
}


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """How one message fares. `error_code` is Twilio's ("30003"): keep it even if the message arrives."""

    sid: str
    status: MessageStatus
    error_code: str | None


@dataclass(frozen=True, slots=True)
class CallStatus:
    """How a call goes: `duration` in seconds at its end; `sequence`, if any, orders the call's callbacks."""

    call_sid: str
    status: str
    duration: int | None
    sequence: int | None


def moves_forward(old: str, new: str) -> bool:
    """Whether a message at `old` may be set to `new`.

    False for a repeat, for a callback that was overtaken, and for messages Twilio never had (`withheld`,
    `demo`, …).
    """
    return old in STATUS_RANK and new in STATUS_RANK and STATUS_RANK[new] > STATUS_RANK[old]


def status_named(word: str) -> MessageStatus | None:
    """Our status for Twilio's word, None for a word we do not know."""
    if word in _ALSO:
        return _ALSO[word]
    return MessageStatus(word) if word in STATUS_RANK else None


def parse_status(form: Mapping[str, object]) -> StatusUpdate:
    """The update of a message's callback. Raises BadForm if the SID is missing or the status unknown."""
    word = required(form, "MessageStatus", "SmsStatus")
    status = status_named(word)
    if status is None:
        raise BadForm(f"{word!r} is no status of an outgoing message.")
    return StatusUpdate(required(form, "MessageSid", "SmsSid"), status, _error_code(form))


def parse_call_status(form: Mapping[str, object]) -> CallStatus:
    """The update of a call's callback. Raises BadForm if the SID is missing or the status unknown."""
    word = required(form, "CallStatus")
    if word not in CALL_STATUSES:
        raise BadForm(f"{word!r} is no status of a call.")
    sid = required(form, "CallSid")
    return CallStatus(sid, word, whole(form, "CallDuration"), whole(form, "SequenceNumber"))


def _error_code(form: Mapping[str, object]) -> str | None:
    code = value(form, "ErrorCode")
    return code if code.strip("0") else None  # "0" says that there was no error
