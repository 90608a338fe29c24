"""Follow-ups that have become overdue: marked, and brought to mind of who is to do them."""

from uuid import UUID

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from models.booking import follow_ups
from models.messaging.quiet_hours import quiet_until
from models.people import staff
from models.people.tables import Customer


async def mark_overdue(job: JobContext) -> int:
    """Each once, by day: the list shows what is overdue at any hour, whether or not this has run."""
    if quiet_until(job.now, job.zone) is not None:
        return 0
    found = await follow_ups.mark_overdue(job.tx, job.now)
    for user_id, count in found.items():
        for person in await _who_does(job, user_id):
            see = Choice(starting("follow_ups"), job.word(person, "follow-ups-label"))
            await job.tell(person, Reply("follow-ups-overdue", {"count": count}, (see,)))
    return sum(found.values())


async def _who_does(job: JobContext, user_id: UUID) -> list[Customer]:
    """Who was to do it; the owners for somebody who works here no more."""
    user = await staff.colleague(job.tx, user_id)
    if user is None or not user.is_active:
        return await staff.owners(job.tx, job.now)
    return [await staff.person(job.tx, user, job.now)]
