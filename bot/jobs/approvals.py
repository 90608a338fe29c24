"""Requests that nobody has decided in time: who asked is told, so that nothing just disappears."""

from bot.jobs.context import JobContext
from flows.reply import Reply
from flows.requests import asked_for
from models.operations import approvals
from models.operations.tables import Approval
from models.people import members, staff


async def expire_approvals(job: JobContext) -> int:
    """Lets them lapse. Deciding looks at the time itself, so a late run changes nothing but the message."""
    lapsed = await approvals.expire(job.tx, job.now)
    for approval in lapsed:
        await _tell(job, approval)
    return len(lapsed)


async def _tell(job: JobContext, approval: Approval) -> None:
    customer = await members.customer(job.tx, approval.customer_id)
    if customer is None:
        return
    told = {**asked_for(approval, customer), "business": job.tenant.business_name}
    if approval.requested_by_user_id is None:
        await job.tell(customer, Reply("receipt-lapsed", told))
        return
    user = await staff.colleague(job.tx, approval.requested_by_user_id)
    if user is not None:
        await job.tell(await staff.person(job.tx, user, job.now), Reply("approval-lapsed", told))
