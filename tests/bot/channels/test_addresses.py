import pytest

from bot.channels.addresses import address_of, phone_of
from models.base import Channel


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("+14155238886", "+14155238886"),
        ("whatsapp:+254712345678", "+254712345678"),
        (" WhatsApp:+2348012345678 ", "+2348012345678"),
        ("+123456789012345", "+123456789012345"),
        ("+1234567890123456", None),
        ("+0123456789", None),
        ("12345", None),
        ("REGULARS", None),
        ("client:ada", None),
        ("sip:ada@example.com", None),
        ("whatsapp:NG.1349120865530274", None),
        ("+2٣٤٨٠١٢٣", None),
        ("anonymous", None),
        ("", None),
    ],
)
def test_the_phone_of_an_address(address: str, phone: str | None) -> None:
    assert phone_of(address) == phone


@pytest.mark.parametrize("channel", Channel)
def test_an_address_made_from_a_phone_is_read_back(channel: Channel) -> None:
    assert phone_of(address_of("+2348012345678", channel)) == "+2348012345678"


def test_a_caller_is_written_to_by_sms() -> None:
    assert address_of("+14155238886", Channel.VOICE) == "+14155238886"
    assert address_of("+14155238886", Channel.WHATSAPP) == "whatsapp:+14155238886"
