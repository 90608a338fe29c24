"""A customer who waits for a person is brought to mind once more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bot.jobs.context import JobContext
from bot.jobs.outcome import Again, Done, Outcome
from flows.reply import Reply
from models.messaging.handoffs import still_waiting
from models.messaging.quiet_hours import quiet_until
from models.people.members import customer_of, name_of
from models.people.staff import owners


async def nudge_team(job: JobContext, payload: dict[str, Any]) -> Outcome:
    """Tells the owners, unless somebody has seen to it meanwhile; at night it waits for the morning."""
    customer_id, since = UUID(payload["customer_id"]), datetime.fromisoformat(payload["since"])
    if not await still_waiting(job.tx, customer_id, since):
        return Done()
    morning = quiet_until(job.now, job.zone)
    if morning is not None:
        return Again(morning, "quiet hours")
    customer = await customer_of(job.tx, customer_id)
    name = name_of(customer.first_name, customer.last_name, customer.whatsapp_name)
    who = {"customer": name or customer.phone_number, "phone": customer.phone_number}
    words = Reply("person-still-waiting", {**who, "since": job.local(since)})
    told = [await job.tell(owner, words) for owner in await owners(job.tx, job.now) if owner.id != customer.id]
    return Done({"told": sum(message is not None for message in told)})
