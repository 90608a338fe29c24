"""Monday morning: what was unusual at the till in the week before, for each owner in his own chat."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from bot.jobs.context import JobContext
from flows.digest import digest_choices
from flows.reply import Reply
from models.loyalty import signals, tills
from models.loyalty.signals import Finding
from models.messaging.quiet_hours import quiet_until
from models.operations import digests
from models.people import members, staff
from models.people.tables import Customer, Role, User

NOT_BEFORE = time(9)
STANDS, SIX_DAYS = timedelta(days=7), timedelta(days=6)


async def tell_owners(job: JobContext) -> int:
    """Tells every owner who has not been told. A week in which nobody logged anything is not worth a message."""
    week_of = _last_week(job)
    if week_of is None:
        return 0
    told = await digests.told(job.tx, week_of)
    owners = [one for one in await staff.colleagues(job.tx) if one.role == Role.OWNER and one.id not in told]
    if not owners:
        return 0
    till = await tills.of_week(job.tx, week_of, job.zone)
    if not till.week and not till.moves:
        return 0
    found = signals.findings(till)
    return sum([await _tell(job, owner, week_of, found) for owner in owners])


def _last_week(job: JobContext) -> date | None:
    """The Monday of the week before, once this week's Monday has come to nine o'clock and nobody is woken."""
    local = job.local(job.now)
    monday = local.date() - timedelta(days=local.weekday())
    is_early = local.replace(tzinfo=None) < datetime.combine(monday, NOT_BEFORE)
    return None if is_early or quiet_until(job.now, job.zone) else monday - tills.WEEK


async def _tell(job: JobContext, owner: User, week_of: date, found: Sequence[Finding]) -> bool:
    digest = await digests.add(job.tx, owner, week_of, [one.kept() for one in found], job.now)
    if digest is None:
        return False
    person = await staff.person(job.tx, owner, job.now)
    values: dict[str, Any] = {"business": job.tenant.business_name, "since": week_of, "until": week_of + SIX_DAYS}
    if not found:
        return bool(await job.tell(person, Reply("digest-nothing-unusual", values)))
    lines = [await _line(job, person, one) for one in found]
    choices = digest_choices(digest.id, lambda key: job.word(person, key))
    reply = Reply("digest-unusual", {**values, "lines": "\n".join(lines)}, choices)
    return bool(await job.tell(person, reply, until=job.now + STANDS))


async def _line(job: JobContext, reader: Customer, found: Finding) -> str:
    user = await staff.colleague(job.tx, found.user_id)
    who: dict[str, object] = {"staff": user.full_name if user else "?"}
    if found.customer_id is not None:
        who["whom"] = await _called(job, found.customer_id)
    return job.word(reader, f"digest-line-{found.kind}".replace("_", "-"), **who, **found.figures)


async def _called(job: JobContext, customer_id: UUID) -> str:
    customer = await members.customer(job.tx, customer_id)
    if customer is None:
        return "?"
    name = members.name_of(customer.first_name, customer.last_name, customer.whatsapp_name)
    return name or customer.phone_number
