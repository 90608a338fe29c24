"""A reminded customer says that he will be there."""

from uuid import UUID

from flows.flow import Flow, Slots
from flows.tables import START
from models.booking import promises
from models.booking.promises import Kept


class Asked(Slots):
    """The booking that was spoken of, as it was then. Without one, the next that is coming is meant."""

    booking: UUID | None = None
    version: int | None = None


class Confirmation(Flow):
    """His word is kept with the booking; one that has changed since is told as it is now."""

    name = "confirmation"
    first = "promise"
    Slots = Asked
    moves = (
        ("kept", START, "kept"),
        ("changed", START, "changed"),
        ("gone", START, "gone"),
    )

    async def promise(self) -> str:
        context = self.context
        told = await promises.keep(
            context.tx,
            self.slots.booking,
            version=self.slots.version,
            customer_id=context.customer.id,
            now=context.now,
        )
        if not isinstance(told, Kept):
            return "gone"
        self.values = {
            "service": told.service,
            "when": context.local(told.start),
            "business": context.tenant.business_name,
        }
        return "kept" if told.is_as_spoken_of else "changed"
