import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from bot.channels.inbound import Inbound, Media
from bot.channels.twilio_messaging import BODY_LIMIT, TEXT_LIMIT, parse, render, split_message
from flows.reply import Choice
from models.base import Channel
from models.errors import BadForm
from tests.bot.channels.signed import genuine

SMS = {"From": "+15005550006", "To": "+15005550001", "Body": "hi", "MessageSid": "SM1", "AccountSid": "AC1"}
CHOICES = (Choice("wash", "Wash & fold"), Choice("iron", "Iron  \n only"))


def test_a_captured_whatsapp_message() -> None:
    assert parse(MultiDict(genuine()["whatsapp_unicode_emoji"].params)) == Inbound(
        channel=Channel.WHATSAPP,
        line="+14155238886",
        sender="+254712345678",
        text="Habari! 👋🏾 Nataka kuweka miadi – kesho saa 3? ñ ü 你好",
        provider_id="SM11111111111111111111111111111111",
        name="Zoë Müller 🌸",
        account="ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )


def test_a_captured_sms_with_a_repeated_field() -> None:
    assert parse(MultiDict(genuine()["repeated_params"].params)) == Inbound(
        Channel.SMS, "+15005550001", "+15005550006", "hi", "SM22222222222222222222222222222222"
    )


@pytest.mark.parametrize("missing", ["From", "To", "MessageSid"])
def test_a_form_without_a_sender_line_or_sid_is_bad(missing: str) -> None:
    with pytest.raises(BadForm, match=missing):
        parse({name: value for name, value in SMS.items() if name != missing})
    with pytest.raises(BadForm, match=missing):
        parse({**SMS, missing: ""})


@pytest.mark.parametrize("address", ["12345", "REGULARS", "whatsapp:NG.1349120865530274", "messenger:77"])
def test_a_sender_without_a_phone_is_bad(address: str) -> None:
    with pytest.raises(BadForm, match="From"):
        parse({**SMS, "From": address})


def test_an_uploaded_file_is_no_text() -> None:
    assert parse({**SMS, "Body": object()}).text == ""
    with pytest.raises(BadForm, match="MessageSid"):
        parse({**SMS, "MessageSid": object()})


@pytest.mark.parametrize("field", ["ButtonPayload", "ListId"])
def test_a_tap_names_what_was_chosen(field: str) -> None:
    tapped = parse({**SMS, field: "wash", "Body": "Wash & fold"})
    assert (tapped.choice_id, tapped.text) == ("wash", "Wash & fold")


def test_a_shared_place_is_heard_as_its_address() -> None:
    place = {"Body": "", "Latitude": "6.45", "Longitude": "3.39", "Address": "5 Marina, Lagos", "Label": "Us"}
    assert parse({**SMS, **place}).text == "5 Marina, Lagos"


def test_what_cannot_be_stored_is_left_out_and_the_rest_is_cut() -> None:
    assert parse({**SMS, "Body": "a\x00b\ud83dc"}).text == "abc"
    assert parse({**SMS, "Body": "é" * 5_000}).text == "é" * TEXT_LIMIT


def test_media_are_counted_and_bounded() -> None:
    ten = {f"MediaUrl{n}": f"https://example.com/{n}" for n in range(12)}
    form = {**SMS, **ten, "MediaContentType0": "image/jpeg"}
    two = parse({**form, "NumMedia": "2"}).media
    assert two == (Media("https://example.com/0", "image/jpeg"), Media("https://example.com/1", ""))
    assert len(parse({**form, "NumMedia": "9" * 9}).media) == 10
    assert parse({**SMS, "NumMedia": "3"}).media == ()
    assert parse({**form, "NumMedia": "many"}).media == ()
    assert parse({**form, "NumMedia": "9" * 5_000}).media == ()


def test_choices_become_numbered_lines() -> None:
    numbered = "What now?\n1. Wash & fold\n2. Iron only"
    assert render("What now?", CHOICES, Channel.WHATSAPP) == numbered
    assert render("", CHOICES[:1], Channel.SMS) == "1. Wash & fold"
    assert render("Done.\n", (), Channel.SMS) == "Done."


def test_only_an_sms_is_folded() -> None:
    assert render("It’s ₦500", (), Channel.SMS) == "It's NGN 500"
    assert render("It’s ₦500", (), Channel.WHATSAPP) == "It’s ₦500"


def test_a_long_body_is_cut_before_a_choice_not_within() -> None:
    body = render("x" * 1_590, CHOICES, Channel.SMS)
    assert split_message(body) == ["x" * 1_590, "1. Wash & fold\n2. Iron only"]


@given(st.text(st.sampled_from("ab \n🌸"), max_size=5_000))
def test_no_body_is_longer_than_twilio_takes(text: str) -> None:
    assert all(0 < len(body) <= BODY_LIMIT for body in split_message(text))
