"""What the flows at the counter share: the customer they are about."""

from flows.staff import StaffFlow
from flows.tables import NEXT
from models.people import members
from models.people.kinship import is_own
from models.people.tables import Customer


class CounterFlow(StaffFlow):
    """A flow about one customer, whose number is the slot `customer`."""

    async def find_customer(self) -> str:
        """Goes on with a customer we know, and nobody's own."""
        if is_own(self.member_of_staff, self.slots.customer):
            return "own"
        return NEXT if await self.customer() is not None else "unknown"

    async def customer(self) -> Customer | None:
        """Whose number was given."""
        return await members.find_customer(self.context.tx, self.slots.customer)

    async def say_whose(self) -> Customer | None:
        """Puts the customer into the words of a question."""
        customer = await self.customer()
        self.values["customer"] = self.called(customer) if customer else self.slots.customer
        return customer
