"""SMS and WhatsApp over Twilio: the webhook's form becomes an Inbound, words and choices become a body."""

from collections.abc import Mapping, Sequence

from bot.channels import parts
from bot.channels.addresses import is_whatsapp
from bot.channels.gsm import gsm_friendly
from bot.channels.inbound import Inbound, Media
from bot.channels.twilio_form import required, required_phone, value, whole
from flows.reply import Choice
from models.base import Channel

BODY_LIMIT = 1_600
"""Twilio refuses a longer `Body` (errors 21617 and 21658)."""

TEXT_LIMIT = 4_096
"""The longest text a WhatsApp message holds (Meta); Twilio hands on no more than 1,600 of an SMS."""

MEDIA_LIMIT = 10
"""A message has at most ten media (Twilio's Messages resource, `MediaUrl`)."""


def parse(form: Mapping[str, object]) -> Inbound:
    """The message of a webhook. Raises BadForm if From, To or MessageSid are missing or no phone number.

    `form` maps names to values; of a repeated name the first counts, as multi-dicts have it. A shared place
    without words is heard as its address.
    """
    is_whatsapp_message = is_whatsapp(value(form, "From")) or is_whatsapp(value(form, "To"))
    return Inbound(
        channel=Channel.WHATSAPP if is_whatsapp_message else Channel.SMS,
        line=required_phone(form, "To"),
        sender=required_phone(form, "From"),
        text=value(form, "Body", "ButtonText", "ListTitle", "Address", "Label")[:TEXT_LIMIT],
        provider_id=required(form, "MessageSid", "SmsMessageSid", "SmsSid"),
        choice_id=value(form, "ButtonPayload", "ListId") or None,
        name=value(form, "ProfileName") or None,
        media=_media(form),
        account=value(form, "AccountSid") or None,
    )


def _media(form: Mapping[str, object]) -> tuple[Media, ...]:
    count = min(whole(form, "NumMedia") or 0, MEDIA_LIMIT)
    found = ((value(form, f"MediaUrl{n}"), value(form, f"MediaContentType{n}")) for n in range(count))
    return tuple(Media(url, content_type) for url, content_type in found if url)


def render(text: str, choices: Sequence[Choice], channel: Channel) -> str:
    """The words, then a numbered line for each choice. An SMS is kept in GSM-7 where that is possible."""
    labels = (" ".join(choice.label.split()) for choice in choices)
    numbered = (f"{number}. {label}" for number, label in enumerate(labels, start=1))
    body = "\n".join(filter(None, (text.strip(), *numbered)))
    return gsm_friendly(body) if channel is Channel.SMS else body


def split_message(text: str) -> list[str]:
    """The bodies to send one after the other, each at most BODY_LIMIT long, cut between lines or words."""
    return parts.split(text, BODY_LIMIT)
