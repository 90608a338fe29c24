"""What can be done here, for a customer or for staff."""

from flows.flow import Flow
from flows.reply import Choice
from flows.tables import START


class Menu(Flow):
    """Lists what to try; everything listed can be chosen by number."""

    name = "menu"
    first = "look"
    has_the_floor = True
    moves = (
        ("customer", START, "customer"),
        ("staff", START, "staff"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {
            "business": context.tenant.business_name,
            "name": context.staff.full_name if context.staff else "",
        }
        wanted = STAFF if context.staff else CUSTOMER
        self.choices = tuple(
            Choice(f"start:{flow}", context.word(f"{flow}-label".replace("_", "-"))) for flow in wanted
        )
        return "staff" if context.staff else "customer"


CUSTOMER = ("points", "redemption", "booking", "appointments", "person")
STAFF = ("day", "walk_in", "purchase", "fulfilment", "waiting", "look_up", "totals", "follow_ups")
