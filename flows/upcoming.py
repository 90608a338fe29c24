"""The customer's appointments to come, as something to choose from."""

from collections.abc import Sequence
from uuid import UUID

from flows.booked import together
from flows.flow import Flow, Slots
from flows.reply import Choice, starting
from flows.tables import NEXT
from models.booking import bookings
from models.booking.bookings import Appointment


class Upcoming(Slots):
    """`which` is the appointment's id; `reference` names it where the customer did."""

    which: str | None = None
    reference: str | None = None


class UpcomingFlow(Flow):
    """A flow whose slot `which` is one of the customer's appointments, or any part of a visit of several."""

    parts: Sequence[Appointment] = ()

    async def find(self) -> str:
        """Takes the one that was named, or the only one there is, without asking; says "none" when there is none."""
        coming = await self.occasions()
        self.values = {"business": self.context.tenant.business_name, "reference": self.slots.reference or ""}
        if not coming:
            return "none" if self.slots.reference is None else "unknown"
        if len(coming) > 1 or "which" in self.frame.early:
            return NEXT
        self.slots.which = str(coming[0][0].booking_id)
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
            "service": together(part.service for part in self.parts),
            "when": self.context.local(chosen.start),
            "hours": -(-chosen.cutoff_minutes // 60),
        }
        self.choices = (Choice(starting("person"), self.context.word("person-label")),)
        return "cut_off"

    async def appointments(self) -> list[Appointment]:
        """Soonest first."""
        return await bookings.upcoming(self.context.tx, self.context.customer.id, self.context.now)

    async def occasions(self) -> list[list[Appointment]]:
        """The appointments, those of one visit together; one named by its reference is meant alone."""
        coming, named = await self.appointments(), self.slots.reference
        if named is not None:
            return [[one] for one in coming if one.reference == named]
        visits: dict[UUID, list[Appointment]] = {}
        for one in coming:
            visits.setdefault(one.visit_id or one.booking_id, []).append(one)
        return list(visits.values())

    async def upcoming_choices(self) -> list[Choice]:
        """Each by service and time."""
        return [
            Choice(
                str(parts[0].booking_id),
                self.context.word(
                    "house-appointment",
                    service=together(part.service for part in parts),
                    when=self.context.local(parts[0].start),
                ),
                tuple(part.reference for part in parts),
            )
            for parts in await self.occasions()
        ]

    async def chosen_appointment(self) -> Appointment:
        """The one that `which` names. Raises LookupError when it is gone."""
        chosen = await self._chosen()
        if chosen is None:
            raise LookupError(f"appointment {self.slots.which} is gone")
        return chosen

    async def _chosen(self) -> Appointment | None:
        """The first part of what was chosen; all `parts` of it are there then."""
        for parts in await self.occasions():
            if any(str(part.booking_id) == self.slots.which for part in parts):
                self.parts = parts
                return parts[0]
        return None
