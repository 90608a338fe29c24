"""What the business offers, as something to choose from: what asking, booking, waiting and the desk share."""

from uuid import UUID

from flows.flow import Flow
from flows.reply import Choice
from flows.tables import NEXT
from models.booking.services import is_offered, service, services
from models.booking.tables import Service


class ServiceFlow(Flow):
    """A flow whose slot `service` is the id of what is wanted."""

    _booked: Service | None = None

    async def offer_services(self) -> str:
        """Goes on with the only service there is, unless another was named."""
        offered = await services(self.context.tx)
        if not offered:
            self.values = {"business": self.context.tenant.business_name}
            return "nothing_offered"
        if len(offered) > 1 or "service" in self.frame.early:
            return NEXT
        self.slots.service = str(offered[0].id)
        self.keep("service")
        return await self.pick_service()

    async def pick_service(self) -> str:
        """Says what happened once the service is known."""
        return NEXT

    async def services_offered(self) -> list[Choice]:
        """By name, in the order the business chose."""
        return [Choice(str(one.id), one.name) for one in await services(self.context.tx)]

    async def booked_service(self) -> Service:
        """The service chosen, asked for once a turn. Raises LookupError when it is gone."""
        wanted = UUID(self.slots.service)
        if self._booked is None or self._booked.id != wanted:
            self._booked = await service(self.context.tx, wanted)
        if self._booked is None:
            raise LookupError(f"service {self.slots.service} is gone")
        return self._booked

    async def can_be_had(self, *wanted: str) -> bool:
        """Whether these are still offered: a choice made days ago may name what is withdrawn."""
        found = [await service(self.context.tx, UUID(one)) for one in wanted]
        return all(one is not None and is_offered(one) for one in found)
