"""What can be done here, for a customer or for staff."""

from flows.flow import Flow
from flows.reply import Choice
from flows.tables import START
from models.people.tables import Role


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
        wanted = CUSTOMER if context.staff is None else OWNER if context.staff.role == Role.OWNER else STAFF
        self.choices = tuple(
            Choice(f"start:{flow}", context.word(f"{flow}-label".replace("_", "-"))) for flow in wanted
        )
        return "staff" if context.staff else "customer"


CUSTOMER = ("points", "redemption", "standing", "referral", "booking", "appointments", "person")
STAFF = ("purchase", "fulfilment", "look_up", "reversal", "day", "walk_in", "follow_ups", "totals", "waiting")
OWNER = (*STAFF[:3], "day", "walk_in", "follow_ups", "totals", "approval", "campaigns", "waiting")
"""Ten at most: a list on WhatsApp has no more rows. Everything else is found by its name."""
