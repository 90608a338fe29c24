"""What the flows of staff share: who is working, and whether the PIN is right."""

from flows.flow import Flow
from flows.tables import NEXT
from models.people.pins import PinOutcome
from models.people.tables import Customer, User


class StaffFlow(Flow):
    """A flow that only somebody who works for the business can start."""

    async def admit(self) -> str:
        """The first move: turns away whoever does not work here."""
        return NEXT if self.context.staff is not None else "not_staff"

    @property
    def member_of_staff(self) -> User:
        """Who is working. Raises LookupError when a customer got here."""
        if self.context.staff is None:
            raise LookupError("a flow of staff without staff")
        return self.context.staff

    def check_pin(self, pin: str) -> str | None:
        """None when the PIN is right, else what happened: wrong, locked or disabled."""
        verdict = self.context.verdict(self.member_of_staff, pin)
        if verdict.outcome is PinOutcome.RIGHT:
            return None
        self.values["left"] = verdict.left
        if verdict.until is not None:
            self.values["until"] = self.context.local(verdict.until).time()
        return str(verdict.outcome)

    def called(self, customer: Customer) -> str:
        """How staff know the customer: by name, else by number."""
        return customer.first_name or customer.whatsapp_name or customer.phone_number
