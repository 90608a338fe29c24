"""The customer's appointments to come, as something to choose from."""

from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import NEXT
from models.booking import bookings
from models.booking.bookings import Appointment


class Upcoming(Slots):
    """`which` is the appointment's id; `reference` names it where the customer did."""

    which: str | None = None
    reference: str | None = None


class UpcomingFlow(Flow):
    """A flow whose slot `which` is one of the customer's appointments."""

    async def find(self) -> str:
        """Takes the one that was named, or the only one there is, without asking; says "none" when there is none."""
        coming = await self.appointments()
        self.values = {"business": self.context.tenant.business_name, "reference": self.slots.reference or ""}
        if self.slots.reference is not None:
            coming = [one for one in coming if one.reference == self.slots.reference]
            if not coming:
                return "unknown"
        if not coming:
            return "none"
        if len(coming) > 1 or "which" in self.frame.early:
            return NEXT
        self.slots.which = str(coming[0].booking_id)
        self.keep("which")
        return await self.pick()

    async def still_stands(self) -> bool:
        """Not once the appointment is cancelled or over."""
        return self.slots.which is None or await self._chosen() is not None

    async def pick(self) -> str:
        """What is known once the appointment is: "none" if it is not his, or gone; "cut_off" if it is too near."""
        chosen = await self._chosen()
        if chosen is None:
            self.values = {"business": self.context.tenant.business_name}
            return "none"
        if chosen.is_cut_off(self.context.now):
            return self.too_near(chosen)
        return NEXT

    def too_near(self, chosen: Appointment) -> str:
        """Only the team can change it now: says so, and offers to call them."""
        self.values = {
            "service": chosen.service,
            "when": self.context.local(chosen.start),
            "hours": -(-chosen.cutoff_minutes // 60),
        }
        self.choices = (Choice("start:person", self.context.word("person-label")),)
        return "cut_off"

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
        """The one that `which` names. Raises LookupError when it is gone."""
        chosen = await self._chosen()
        if chosen is None:
            raise LookupError(f"appointment {self.slots.which} is gone")
        return chosen

    async def _chosen(self) -> Appointment | None:
        return next((one for one in await self.appointments() if str(one.booking_id) == self.slots.which), None)
