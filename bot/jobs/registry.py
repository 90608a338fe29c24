"""Everything that happens by the clock, written out by hand."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.jobs.approvals import expire_approvals
from bot.jobs.context import JobContext
from bot.jobs.digest import tell_owners
from bot.jobs.earning import settle_campaigns, tell_what_expires
from bot.jobs.following_up import mark_overdue
from bot.jobs.lapsing import lapse_pending
from bot.jobs.nudging import nudge_team
from bot.jobs.outcome import Outcome
from bot.jobs.refilling import offer_free_time, tell_refills, tidy_waitlist
from bot.jobs.reminding import plan_reminders, send_reminders
from bot.jobs.standing import celebrate_birthdays, pay_referrals, review_tiers
from bot.jobs.tidying import (
    deliver_again,
    expire_holds,
    expire_points,
    forget_jobs,
    forget_offers,
    void_codes,
    wipe_secrets,
)
from models.messaging.handoffs import NUDGE_TEAM

Work = Callable[[JobContext], Awaitable[int]]
"""Does its part for one business and says how many things it did."""
WorkOnce = Callable[[JobContext, dict[str, Any]], Awaitable[Outcome]]
"""Does what was asked for with this payload and says whether it is over."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes round `every` so often, in a transaction of its own for each business."""

    name: str
    every: timedelta
    work: Work


@dataclass(frozen=True, slots=True)
class OneOff:
    """Work that a turn or a job asks for with `models.operations.queue.enqueue`."""

    name: str
    work: WorkOnce


_ROUND = timedelta(seconds=10)

PERIODIC: tuple[Periodic, ...] = (
    Periodic("tell_owners", timedelta(minutes=15), tell_owners),
    Periodic("celebrate_birthdays", timedelta(hours=1), celebrate_birthdays),
    Periodic("expire_approvals", timedelta(minutes=10), expire_approvals),
    Periodic("deliver_again", timedelta(minutes=10), deliver_again),
    Periodic("settle_campaigns", timedelta(minutes=1), settle_campaigns),
    Periodic("tell_what_expires", timedelta(minutes=30), tell_what_expires),
    Periodic("expire_holds", timedelta(minutes=1), expire_holds),
    Periodic("expire_points", _ROUND, expire_points),
    Periodic("forget_jobs", timedelta(days=1), forget_jobs),
    Periodic("follow_ups", timedelta(hours=1), mark_overdue),
    Periodic("forget_offers", timedelta(hours=1), forget_offers),
    Periodic("lapse_pending", timedelta(minutes=1), lapse_pending),
    Periodic("offer_free_time", timedelta(seconds=20), offer_free_time),
    Periodic("pay_referrals", timedelta(minutes=1), pay_referrals),
    Periodic("plan_reminders", timedelta(hours=1), plan_reminders),
    Periodic("review_tiers", timedelta(hours=1), review_tiers),
    Periodic("send_reminders", timedelta(minutes=1), send_reminders),
    Periodic("tell_refills", timedelta(minutes=1), tell_refills),
    Periodic("tidy_waitlist", timedelta(minutes=1), tidy_waitlist),
    Periodic("void_codes", _ROUND, void_codes),
    Periodic("wipe_secrets", _ROUND, wipe_secrets),
)

ONE_OFF: Mapping[str, OneOff] = {job.name: job for job in (OneOff(NUDGE_TEAM, nudge_team),)}
