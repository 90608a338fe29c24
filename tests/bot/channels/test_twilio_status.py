from itertools import permutations

import pytest
from sqlmodel import SQLModel

from bot.channels.twilio_status import (
    CALL_STATUSES,
    STATUS_RANK,
    CallStatus,
    StatusUpdate,
    moves_forward,
    parse_call_status,
    parse_status,
    status_named,
)
from models.errors import BadForm
from models.messaging.tables import MessageStatus

FAILURES = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.CANCELED)
OURS_ALONE = (MessageStatus.RECEIVED, MessageStatus.WITHHELD, MessageStatus.DEMO, MessageStatus.SPOKEN)


def after(*reported: MessageStatus) -> MessageStatus:
    """Where a queued message ends when these callbacks come in this order."""
    status = MessageStatus.QUEUED
    for new in reported:
        status = new if moves_forward(status, new) else status
    return status


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "read"))))
def test_callbacks_may_come_in_any_order(order: tuple[str, ...]) -> None:
    assert after(*map(MessageStatus, order)) is MessageStatus.READ


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_final_unless_the_message_arrived(failure: MessageStatus) -> None:
    assert after(MessageStatus.SENT, failure) is failure
    assert after(failure, MessageStatus.SENDING, MessageStatus.SENT, *FAILURES) is failure
    assert after(failure, MessageStatus.DELIVERED) is MessageStatus.DELIVERED
    assert after(MessageStatus.DELIVERED, failure) is MessageStatus.DELIVERED
    assert after(MessageStatus.READ, failure) is MessageStatus.READ


@pytest.mark.parametrize("status", MessageStatus)
def test_a_repeat_changes_nothing(status: MessageStatus) -> None:
    assert not moves_forward(status, status)


@pytest.mark.parametrize("status", OURS_ALONE)
def test_what_twilio_never_had_does_not_move(status: MessageStatus) -> None:
    assert not any(moves_forward(status, new) or moves_forward(new, status) for new in STATUS_RANK)


def test_a_status_read_back_as_text_moves_the_same() -> None:
    assert moves_forward("queued", "sent")
    assert not moves_forward("sent", "queued")
    assert not moves_forward("lost", "sent")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", MessageStatus.QUEUED),
        ("scheduled", MessageStatus.QUEUED),
        ("partially_delivered", MessageStatus.SENT),
        ("read", MessageStatus.READ),
        ("received", None),
        ("withheld", None),
        ("", None),
    ],
)
def test_twilios_words_in_ours(word: str, status: MessageStatus | None) -> None:
    assert status_named(word) is status


def test_an_update_of_a_message() -> None:
    failed = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003", "SmsStatus": "sent"}
    assert parse_status(failed) == StatusUpdate("SM1", MessageStatus.UNDELIVERED, "30003")
    older = {"SmsSid": "SM1", "SmsStatus": "sent"}
    assert parse_status(older) == StatusUpdate("SM1", MessageStatus.SENT, None)
    fine = {"MessageSid": "SM1", "MessageStatus": "delivered", "ErrorCode": "0"}
    assert parse_status(fine).error_code is None


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"MessageSid": "SM1", "MessageStatus": "lost"}])
def test_an_update_without_a_known_status_is_bad(form: dict[str, str]) -> None:
    with pytest.raises(BadForm):
        parse_status(form)


def test_an_update_without_a_sid_is_bad() -> None:
    with pytest.raises(BadForm, match="MessageSid"):
        parse_status({"MessageStatus": "sent"})
    with pytest.raises(BadForm, match="CallSid"):
        parse_call_status({"CallStatus": "completed"})


def test_an_update_of_a_call() -> None:
    ended = {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "42", "SequenceNumber": "3"}
    assert parse_call_status(ended) == CallStatus("CA1", "completed", 42, 3)
    missed = {"CallSid": "CA1", "CallStatus": "no-answer"}
    assert parse_call_status(missed) == CallStatus("CA1", "no-answer", None, None)
    with pytest.raises(BadForm, match="paused"):
        parse_call_status({**ended, "CallStatus": "paused"})


def test_every_status_of_a_call_can_be_stored() -> None:
    """A word the table's check does not allow would make the callback fail at the UPDATE."""
    rules = (str(getattr(rule, "sqltext", "")) for rule in SQLModel.metadata.tables["calls"].constraints)
    (allowed,) = (rule for rule in rules if rule.startswith("status IN"))
    assert all(f"'{word}'" in allowed for word in CALL_STATUSES)
