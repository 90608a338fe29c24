"""What can be done here, for a customer or for staff."""

from flows.flow import Flow, Slots
from flows.reply import Choice, starting
from flows.tables import START
from models.base import Channel
from models.people.tables import Role


class Asked(Slots):
    """`page` is "more" for what the first list has no room for."""

    page: str = ""


class Menu(Flow):
    """Lists what to try; everything listed can be chosen by number."""

    name = "menu"
    first = "look"
    has_the_floor = True
    Slots = Asked
    moves = (
        ("customer", START, "customer"),
        ("staff", START, "staff"),
        ("more", START, "more"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {
            "business": context.tenant.business_name,
            "name": context.staff.full_name if context.staff else "",
        }
        wanted, further = self._lists()
        is_more = self.slots.page == MORE
        self.choices = tuple(self._choice(flow) for flow in (further if is_more else wanted))
        # a caller would have to hear them all
        if not is_more and context.channel is not Channel.VOICE:
            self.choices += (Choice(starting(self.name, page=MORE), context.word("menu-more-label"), ("more",)),)
        if is_more:
            return "more"
        return "staff" if context.staff else "customer"

    def _lists(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What this person may do: the first list, and the one behind "more"."""
        staff = self.context.staff
        if staff is None:
            return CUSTOMER, FURTHER
        return (OWNER, FURTHER_OWNER) if staff.role == Role.OWNER else (STAFF, FURTHER_STAFF)

    def _choice(self, flow: str) -> Choice:
        return Choice(starting(flow), self.context.word(f"{flow}-label".replace("_", "-")))


MORE = "more"
# ten at most, "more" among them: a list on WhatsApp has no more rows
CUSTOMER = ("points", "redemption", "standing", "referral", "booking", "appointments", "person")
FURTHER = (
    "held_reward",
    "history",
    "why",
    "receipt",
    "achievements",
    "birthday",
    "availability",
    "waitlisted",
    "profile",
)
STAFF = ("purchase", "fulfilment", "look_up", "reversal", "day", "walk_in", "follow_ups", "totals", "waiting")
FURTHER_STAFF = (
    "adjustment",
    "approval",
    "why",
    "best_customers",
    "campaigns",
    "booking_review",
    "block",
    "day_off",
    "refills",
    "projects",
)
OWNER = (*STAFF[:3], "day", "walk_in", "totals", "approval", "campaigns", "waiting")
FURTHER_OWNER = (
    "reversal",
    "adjustment",
    "why",
    "best_customers",
    "referral_review",
    "follow_ups",
    "booking_review",
    "block",
    "day_off",
    "projects",
)
