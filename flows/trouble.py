"""A message that could not be dealt with: the person is told, and the conversation goes on."""

from flows.flow import Flow
from flows.tables import START


class Trouble(Flow):
    """Apologises in the shop's name."""

    name = "trouble"
    first = "apologise"
    moves = (("sorry", START, "sorry"),)

    async def apologise(self) -> str:
        self.values = {"business": self.context.tenant.business_name}
        return "sorry"
