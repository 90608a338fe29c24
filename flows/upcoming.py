"""The customer's appointments to come, as something to choose from."""

from flows.flow import Flow
from flows.reply import Choice
from flows.tables import NEXT
from models.booking import bookings
from models.booking.bookings import Appointment


class UpcomingFlow(Flow):
    """A flow whose slot `which` is one of the customer's appointments."""

    async def find(self) -> str:
        """Takes the only appointment there is without asking; says "none" when there is none."""
        coming = await self.appointments()
        if not coming:
            self.values = {"business": self.context.tenant.business_name}
            return "none"
        if len(coming) == 1:
            self.slots.which = str(coming[0].booking_id)
            self.keep("which")
            await self.pick()
        return NEXT

    async def still_stands(self) -> bool:
        """Not once the appointment is cancelled or over."""
        return self.slots.which is None or self.slots.which in {
            str(one.booking_id) for one in await self.appointments()
        }

    async def pick(self) -> str:
        """What the flow does with the appointment chosen."""
        return NEXT

    async def appointments(self) -> list[Appointment]:
        """Soonest first."""
        return await bookings.upcoming(self.context.tx, self.context.customer.id, self.context.now)

    async def upcoming_choices(self) -> list[Choice]:
        """Each by service and time."""
        return [
            Choice(
                str(one.booking_id),
                self.context.word("house-appointment", service=one.service, when=self.context.local(one.start)),
                (one.reference,),
            )
            for one in await self.appointments()
        ]

    async def chosen_appointment(self) -> Appointment:
        """The one that `which` names."""
        for one in await self.appointments():
            if str(one.booking_id) == self.slots.which:
                return one
        raise LookupError(f"appointment {self.slots.which} is gone")
