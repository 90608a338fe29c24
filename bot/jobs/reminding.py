"""Reminders of appointments, sent when they are due to whom they still concern."""

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from models.booking import due_reminders, reminders
from models.booking.due_reminders import Dropped, Due
from models.people import members
from models.people.tables import Customer


async def send_reminders(job: JobContext) -> int:
    """Those that are due: each is queued, or dropped for a reason, in this transaction."""
    due = await due_reminders.take(job.tx, job.now)
    return sum([await _settle(job, one) for one in due])


async def plan_reminders(job: JobContext) -> int:
    """Finds the bookings that were confirmed while the settings changed, and those that nobody has planned for."""
    return await reminders.plan_all(job.tx, job.now)


async def _settle(job: JobContext, due: Due) -> bool:
    refused, message = due.refused, None
    if refused is None:
        customer = await members.customer_of(job.tx, due.customer_id)
        reply = _reminder(job, customer, due)
        message = await job.tell(customer, reply, until=due.start, expires_at=due.expires_at)
    if message is None:
        await due_reminders.dropped(job.tx, due.reminder_id, refused or Dropped.OPTED_OUT, job.now)
        return False
    await due_reminders.queued(job.tx, due.reminder_id, message, job.now)
    return True


def _reminder(job: JobContext, customer: Customer, due: Due) -> Reply:
    """When and what, and what can be answered. Nobody is told to reply CANCEL: carriers take it for an opt-out."""
    answers = (
        (starting("confirmation", booking=due.booking_id, version=due.version), "confirmation-yes"),
        (starting("reschedule", which=due.booking_id), "confirmation-move"),
        (starting("cancellation", which=due.booking_id), "confirmation-give-up"),
    )
    choices = tuple(
        Choice(start, job.word(customer, label), tuple(job.word(customer, f"{label}-said").split(", ")))
        for start, label in answers
    )
    business, when = job.tenant.business_name, job.local(due.start)
    values = {"business": business, "service": " + ".join(due.services), "when": when, "reference": due.reference}
    return Reply("confirmation-reminder", values, choices)
