"""The booking machine with reminders and a waiting list: what is told ahead stays true in any order of events."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from models.booking import due_reminders, refills, waitlist, waitlist_offers
from models.booking.ahead_tables import OfferState, PartOfDay, WaitlistEntry, WaitlistOffer, WishState
from models.booking.bookings import Confirmed
from models.booking.due_reminders import Due
from models.booking.refills import Offered, Terms
from models.booking.waitlist import Wish
from tests.models.booking.booking_machine import BookingMachine, people, picks
from tests.models.booking.shop import THURSDAY, Shop

_OFFERS = select(WaitlistOffer)
_ENTRIES = select(WaitlistEntry).order_by(col(WaitlistEntry.joined_at), col(WaitlistEntry.id))


class AheadMachine(BookingMachine):
    """`sent` are the reminders that left. Each wish comes a little later than the one before."""

    sent: set[tuple[UUID, str, int]]
    wishes: int

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.wishes = set(), 0

    # -- reminders -------------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 23))
    def remind(self, hours: int) -> None:
        """Invariant 11: the booking is confirmed, unmoved and ahead, and nobody has heard of it before."""
        late = self.shop.later(minutes=hours * 60)
        for due in self.do(_reminders(late)):
            row, what = self.count.rows[due.booking_id], (due.booking_id, due.kind, due.version)
            assert (row.status, row.version) == ("confirmed", due.version)
            assert row.during.lower == due.start > late.now
            assert what not in self.sent
            self.sent.add(what)

    # -- the waiting list ------------------------------------------------------------------------------------

    @rule(person=people, part=st.sampled_from(PartOfDay))
    def wish(self, person: int, part: PartOfDay) -> None:
        self.wishes += 1
        self.do(_wish(self.shop, self.customers[person], part, self.wishes))

    @rule()
    def offer(self) -> None:
        """Invariant 14: one each, the first that it suits, and who was passed over has a reason."""
        waiting = [entry for entry in self.do(_entries(self.shop)) if entry.state == WishState.WAITING]
        offered = self.do(_round(self.shop))
        assert len({one.customer.id for one in offered}) == len(offered)
        offers = self.do(_offers(self.shop))
        told = {(one.entry_id, one.starts_at) for one in offers}
        asked = {one.entry_id for one in offers if one.state == OfferState.OFFERED}  # about one time at a time
        for made in offered:
            (mine,) = [one for one in offers if one.id == made.offer_id]
            for entry in waiting[: [entry.id for entry in waiting].index(mine.entry_id)]:
                assert not _suits(self.shop, entry, made) or (entry.id, made.start) in told or entry.id in asked
        assert all(one.reason for one in offers if one.state == OfferState.SKIPPED)
        self.look()

    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        """Any offer, also one that is over: it is had while nobody else has the time."""
        held = {one.booking_id for one in self.do(_offers(self.shop))}
        rows = [row for row in self.count.rows.values() if row.id in held and row.status in {"held", "expired"}]
        if not rows:
            return
        row = sorted(rows, key=lambda row: (row.during.lower, row.id))[pick % len(rows)]
        expected = self.count.alive(row) or self.count.wall(row) in self.count.free(row.seats, row.customer_id)
        answer = self.do(self.shop.confirm(row.id))
        assert isinstance(answer, Confirmed) == expected, answer
        self.look()

    @rule(pick=picks)
    def refuse(self, pick: int) -> None:
        entries = self.do(_entries(self.shop))
        if entries:
            self.do(_close(self.shop, entries[pick % len(entries)].id))
            self.look()


def _suits(shop: Shop, entry: WaitlistEntry, offered: Offered) -> bool:
    wish = Wish(
        entry.customer_id, entry.service_id, entry.from_day, entry.until_day, PartOfDay(entry.part_of_day), entry.seats
    )
    return wish.suits(offered.start.astimezone(shop.zone))


async def _reminders(shop: Shop) -> list[Due]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        due = [one for one in await due_reminders.take(tx, shop.now) if one.refused is None]
        for one in due:
            await due_reminders.queued(tx, one.reminder_id, None, shop.now)
    return due


async def _wish(shop: Shop, customer: UUID, part: PartOfDay, place: int) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        wish = Wish(customer, shop.service.id, THURSDAY, THURSDAY, part)
        await waitlist.join(tx, wish, shop.now + timedelta(microseconds=place))


async def _round(shop: Shop) -> list[Offered]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await refills.offer_free_time(tx, Terms(shop.zone, 15, "LEK"), shop.now)


async def _offers(shop: Shop) -> list[WaitlistOffer]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await tx.all(_OFFERS)


async def _entries(shop: Shop) -> list[WaitlistEntry]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await tx.all(_ENTRIES)


async def _close(shop: Shop, entry: UUID) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        await waitlist_offers.close(tx, [entry], shop.now)
