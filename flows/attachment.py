"""A picture, a voice note or a file without words: kept, and answered honestly."""

from flows.flow import Flow
from flows.tables import START


class Attachment(Flow):
    """Says that words are needed."""

    name = "attachment"
    first = "receive"
    moves = (("kept", START, "kept"),)

    async def receive(self) -> str:
        self.values = {"business": self.context.tenant.business_name}
        return "kept"
