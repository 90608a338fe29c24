"""The link that puts an appointment into the customer's own calendar."""

from uuid import UUID

from flows.context import TurnContext
from models.base import Channel
from models.booking import calendar_file


def calendar_line(context: TurnContext, booking_id: UUID) -> str:
    """A line with the link, for the end of a confirmation; nothing where it cannot be opened, or is only heard."""
    if not context.public_base_url or context.channel is Channel.VOICE:
        return ""
    token = calendar_file.token(context.vault, context.tenant.id, booking_id)
    return "\n" + context.word("house-calendar", url=f"{context.public_base_url}/calendar/{token}.ics")
