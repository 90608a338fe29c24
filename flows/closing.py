"""Taking time out of the calendar: what, from when to when, who is affected, and a word to each of them."""

from datetime import datetime, timedelta
from uuid import UUID

from flows import senses
from flows.context import locale_of
from flows.desk import DeskFlow
from flows.reply import Choice, Reply, starting
from flows.tables import NEXT
from models.booking import blocks
from models.booking.blocks import Affected
from models.booking.busy import Asking
from models.booking.schedule import Schedule
from models.booking.services import resources, service
from models.errors import UnsoundFlow
from models.people import members
from prompts import say

EVERYTHING = "everything"
OTHER_TIMES = 3
MOST_LINES = 10


class ClosingFlow(DeskFlow):
    """A flow whose slot `what` is a resource's id or everything, and whose slot `affected` counts bookings."""

    async def span(self) -> tuple[datetime, datetime]:
        """What is taken out, in UTC."""
        raise UnsoundFlow(f"{self.name} takes time out and does not say which")

    async def things(self) -> list[Choice]:
        """Everybody and everything that can be taken out."""
        found = [Choice(str(one.id), one.name) for one in await resources(self.context.tx)]
        whole = Choice(EVERYTHING, self.context.word("closing-everything"), (self.context.word("closing-shop"),))
        return [*found, whole] if len(found) > 1 else found

    async def see(self) -> str:
        """Goes on as far as nobody has to be asked: what is meant, and then whether anybody is affected."""
        if self.slots.what is None and not await self._take_what_is_meant():
            return NEXT
        start, end = await self.span()
        if end <= self.context.now:
            return "past"
        chosen = self._chosen()
        coming = await blocks.affected(self.context.tx, chosen, start, end, now=self.context.now)
        self.slots.affected = len(coming)
        self.keep("affected")
        return NEXT if coming else await self._close()

    def affects_somebody(self) -> bool:
        return bool(self.slots.affected)

    async def those_affected(self) -> list[Choice]:
        """Who is booked then, and yes or no."""
        coming = await self._affected()
        lines = [self._line(one) for one in coming[:MOST_LINES]]
        self.values = {**await self._said(), "lines": "\n".join(lines), "count": len(coming)}
        return self.yes_or_no()

    async def close(self) -> str:
        """After a yes: taken out, and each of them is offered other times."""
        coming = await self._affected()
        if not self.slots.sure:
            self.values = await self._said()
            return "no"
        done = await self._close()
        for one in coming:
            await self._offer_other_times(one)
        self.values["count"] = len(coming)
        return f"{done}_and_told" if coming else done

    async def undo(self, what: dict[str, str]) -> str:
        context = self.context
        lifted = await blocks.unblock(context.tx, UUID(what["block"]), by=self.member_of_staff, now=context.now)
        return "undone" if lifted else "already"

    # -- helpers -----------------------------------------------------------------------------------------------

    async def _take_what_is_meant(self) -> bool:
        """By name in the words that began it, else one's own chair, else the only one there is."""
        offered = await self.things()
        named = senses.choice.spot(self.frame.said, self.context.setting(tuple(offered)))
        own = [one for one in await resources(self.context.tx) if one.user_id == self.member_of_staff.id]
        if named is None and len(own) == 1:
            named = str(own[0].id)
        if named is None and len(offered) == 1:
            named = offered[0].id
        if named is not None:
            self.slots.what = named
            self.keep("what")
        return named is not None

    def _chosen(self) -> list[UUID] | None:
        return None if self.slots.what == EVERYTHING else [UUID(self.slots.what)]

    async def _affected(self) -> list[Affected]:
        start, end = await self.span()
        return await blocks.affected(self.context.tx, self._chosen(), start, end, now=self.context.now)

    async def _close(self) -> str:
        context = self.context
        start, end = await self.span()
        done = await blocks.block(
            context.tx, self._chosen(), start, end, by=self.member_of_staff, now=context.now, reason=self.name
        )
        self.can_undo(timedelta(seconds=context.settings.undo_seconds), block=done.block_id)
        self.values = await self._said()
        return "closed"

    async def _said(self) -> dict[str, object]:
        start, end = await self.span()
        names = {choice.id: choice.label for choice in await self.things()}
        context = self.context
        return {
            "what": names.get(self.slots.what, ""),
            "day": context.local(start).date(),
            "since": context.local(start).time(),
            "until": context.local(end).time(),
        }

    def _line(self, one: Affected) -> str:
        when = self.context.local(one.start)
        return self.context.word("closing-line", when=when, customer=one.name or one.phone, service=one.service)

    async def _offer_other_times(self, one: Affected) -> None:
        context = self.context
        customer = await members.customer_of(context.tx, one.customer_id)
        locale = locale_of(customer.language, context.tenant)
        choices = [
            Choice(
                _moving_to(one, start, context.local(start)), say("house-slot", {"when": context.local(start)}, locale)
            )
            for start in await self._other_times(one)
        ]
        choices += [
            Choice(starting(flow, which=one.booking_id), say(label, {}, locale))
            for flow, label in (("reschedule", "closing-another-time"), ("cancellation", "cancellation-label"))
        ]
        values = {
            "business": context.tenant.business_name,
            "service": one.service,
            "when": context.local(one.start),
            "reference": one.reference,
        }
        context.notify(customer, Reply("closing-told", values, tuple(choices)), until=one.start)

    async def _other_times(self, one: Affected) -> list[datetime]:
        """The first free time of each of the next days."""
        context, wanted = self.context, await service(self.context.tx, one.service_id)
        if wanted is None:
            return []
        asking = Asking(context.now, context.zone, 1, one.customer_id, (one.booking_id,))
        today, days = self._today(), wanted.horizon_days + 1
        free = await Schedule.load(context.tx, wanted, today, days, asking)
        return [free.free_times(day)[0].start for day in free.free_days(today, days)[:OTHER_TIMES]]


def _moving_to(one: Affected, start: datetime, local: datetime) -> str:
    return starting("reschedule", which=one.booking_id, day=local.date(), time=start.isoformat())
