"""Everything that happens by the clock, written out by hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.jobs.approvals import expire_approvals
from bot.jobs.context import JobContext
from bot.jobs.refilling import offer_free_time, tell_refills, tidy_waitlist
from bot.jobs.reminding import plan_reminders, send_reminders
from bot.jobs.tidying import expire_holds, expire_points, forget_offers, void_codes, wipe_secrets

Work = Callable[[JobContext], Awaitable[int]]
"""Does its part for one business and says how many things it did."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes round `every` so often, in a transaction of its own for each business."""

    name: str
    every: timedelta
    work: Work


_ROUND = timedelta(seconds=10)

PERIODIC: tuple[Periodic, ...] = (
    Periodic("expire_approvals", timedelta(minutes=10), expire_approvals),
    Periodic("expire_holds", _ROUND, expire_holds),
    Periodic("expire_points", _ROUND, expire_points),
    Periodic("forget_offers", timedelta(hours=1), forget_offers),
    Periodic("offer_free_time", timedelta(seconds=20), offer_free_time),
    Periodic("plan_reminders", timedelta(hours=1), plan_reminders),
    Periodic("send_reminders", timedelta(minutes=1), send_reminders),
    Periodic("tell_refills", timedelta(minutes=1), tell_refills),
    Periodic("tidy_waitlist", timedelta(minutes=1), tidy_waitlist),
    Periodic("void_codes", _ROUND, void_codes),
    Periodic("wipe_secrets", _ROUND, wipe_secrets),
)
