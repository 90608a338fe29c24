"""A thank-you, a goodbye, an "ok": answered in kind, and nothing more."""

from flows.flow import Flow
from flows.tables import START


class Thanks(Flow):
    """Says that it was a pleasure."""

    name = "thanks"
    first = "reply"
    moves = (("welcome", START, "welcome"),)

    async def reply(self) -> str:
        return "welcome"
