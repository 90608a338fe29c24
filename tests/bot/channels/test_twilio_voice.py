from xml.etree import ElementTree as ET

import pytest

from bot.channels.inbound import Inbound
from bot.channels.twilio_voice import (
    EMPTY,
    SAY_LIMIT,
    parse_call,
    twiml_gather,
    twiml_messages,
    twiml_say_and_hang_up,
)
from flows.reply import Choice
from models.base import Channel
from models.errors import BadForm

CALL = {"CallSid": "CA1", "From": "+15005550006", "To": "+15005550001", "Direction": "inbound"}
CHOICES = (Choice("wash", "Wash & fold"), Choice("iron", "Ironing, folding"))
ACTION = "https://example.com/voice?turn=2&line=a"


def option(label: str, digit: int) -> str:
    return f"<{digit}> {label}"


def read(document: str) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - our own words, as Twilio's parser would read them


def gather(say: tuple[str, ...] = ("Hello.",), **changes: object) -> ET.Element:
    arguments = {"action_url": ACTION, "language": "en-NG", "choices": (), "option": option, **changes}
    found = read(twiml_gather(say, **arguments)).find("Gather")  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_first_turn_of_a_call_is_silent() -> None:
    first = parse_call({**CALL, "AccountSid": "AC1", "CallerName": "ADA OBI"}, 0)
    assert first == Inbound(
        Channel.VOICE, "+15005550001", "+15005550006", "", "CA1:0", name="ADA OBI", account="AC1", kind="call"
    )


def test_keys_go_before_words() -> None:
    said = {**CALL, "SpeechResult": "the first one", "Confidence": "0.9"}
    assert parse_call(said, 3).text == "the first one"
    assert parse_call({**said, "Digits": "1"}, 3).text == "1"


def test_turns_of_a_call_are_different_events_and_a_repeated_turn_is_not() -> None:
    assert parse_call(CALL, 1).provider_id != parse_call(CALL, 2).provider_id
    assert parse_call(CALL, 1).provider_id == parse_call({**CALL, "Digits": "1"}, 1).provider_id


@pytest.mark.parametrize(
    "caller",
    [
        "anonymous",
        "Restricted",
        "unknown",
        "",
        "+266696687",
        "+7378742833",
        "+86282452253",
        "client:ada",
        "12345",
    ],
)
def test_callers_without_a_number_are_nobody(caller: str) -> None:
    """Taken for a phone number, the placeholder would make them one customer who sees the others' data."""
    assert parse_call({**CALL, "From": caller}, 0).sender == ""


def test_in_a_call_we_placed_the_person_is_the_one_called() -> None:
    placed = parse_call({**CALL, "Direction": "outbound-api"}, 0)
    assert (placed.line, placed.sender) == ("+15005550006", "+15005550001")


@pytest.mark.parametrize("missing", ["CallSid", "To"])
def test_a_call_without_a_sid_or_a_line_is_bad(missing: str) -> None:
    with pytest.raises(BadForm, match=missing):
        parse_call({**CALL, missing: ""}, 0)


def test_it_speaks_inside_the_gather_and_listens_to_words_and_keys() -> None:
    heard = gather(("Hello & welcome.", "What shall we do?"), choices=CHOICES, hints=("starch", "Wash & fold"))
    assert [said.text for said in heard] == [
        "Hello & welcome.",
        "What shall we do?",
        "<1> Wash & fold",
        "<2> Ironing, folding",
    ]
    assert {said.tag for said in heard} == {"Say"}
    assert heard.attrib == {
        "input": "speech dtmf",
        "action": ACTION,
        "method": "POST",
        "actionOnEmptyResult": "true",
        "timeout": "5",
        "speechTimeout": "auto",
        "finishOnKey": "#",
        "language": "en-NG",
        "hints": "starch,Wash & fold,Ironing folding",
    }


def test_without_wording_the_choices_are_only_listened_for() -> None:
    heard = gather(choices=CHOICES, option=None)
    assert [said.text for said in heard] == ["Hello."]
    assert heard.get("hints") == "Wash & fold,Ironing folding"


def test_the_voice_may_speak_another_locale_than_the_caller() -> None:
    heard = gather(say_language="en-GB")
    assert [said.get("language") for said in heard] == ["en-GB"]
    assert heard.get("language") == "en-NG"
    assert gather()[0].get("language") == "en-NG"


def test_hints_stay_within_what_twilio_takes() -> None:
    """One phrase too long or one too many and Twilio ignores all of them."""
    hints = (gather(hints=["x" * 101, " ", *(f"word {n}" for n in range(600))]).get("hints") or "").split(",")
    assert len(hints) == 500
    assert max(map(len, hints)) <= 100
    assert "hints" not in gather(hints=["", "y" * 101]).attrib


def test_nothing_breaks_the_document() -> None:
    """Characters that XML forbids end a call with Twilio's own apology."""
    nasty = 'a\x00b\x1bc\ud800d\ufffe <Hangup/> & "e" 🌸'
    assert gather((nasty,), hints=[nasty])[0].text == 'abcd <Hangup/> & "e"'
    assert read(twiml_messages([nasty]))[0].text == 'abcd <Hangup/> & "e" 🌸'


def test_a_say_without_words_is_left_out_and_a_long_one_cut() -> None:
    assert len(gather(("🌸", " ", ""))) == 0
    long = gather(("word " * 2_000,))
    assert len(long) > 1
    assert all(len((said.text or "").encode()) <= 3 * SAY_LIMIT < 4_000 for said in long)


def test_codes_are_spelled_on_the_phone() -> None:
    ending = read(twiml_say_and_hang_up(["Your code: ABC-DEFG"], language="en-US"))
    assert [part.tag for part in ending] == ["Say", "Hangup"]
    assert ending[0].text == "Your code: A B C, D E F G"
    assert ending[0].get("language") == "en-US"


def test_messages_answer_a_webhook() -> None:
    answer = read(twiml_messages(["One & two", "", " \n", "three"]))
    assert [(part.tag, part.text) for part in answer] == [("Message", "One & two"), ("Message", "three")]
    assert twiml_messages([" "]) == EMPTY
    assert len(read(EMPTY)) == 0
