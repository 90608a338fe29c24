"""Projects: what becomes of a consultation, stage by stage."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Date, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

from models.db import Tx
from models.people import interactions, leads
from models.people.tables import ConversionPotential, Customer, InteractionType, Project, ProjectStatus
from models.statements import add_unless_taken, business, ours, unless_taken, written

STAGES = tuple(stage for stage in ProjectStatus if stage is not ProjectStatus.CANCELLED)
"""In this order; any of them may be left out on the way."""
OVER = (ProjectStatus.COMPLETED, ProjectStatus.CANCELLED)

_STEPS = {
    ProjectStatus.PROPOSAL_SENT: InteractionType.PROPOSAL_SENT,
    ProjectStatus.SIGNED: InteractionType.CONTRACT_SIGNED,
    ProjectStatus.IN_PROGRESS: InteractionType.PROJECT_STARTED,
    ProjectStatus.COMPLETED: InteractionType.PROJECT_COMPLETED,
}
_MOST = 20

_ADD = unless_taken(Project, "tenant_id", "original_booking_id")
_OF_BOOKING = select(Project).where(ours(Project), col(Project.original_booking_id) == bindparam("booking_id"))
_HELD = select(Project).where(ours(Project), col(Project.id) == bindparam("project_id")).with_for_update(key_share=True)
_ADVANCE = (
    update(Project)
    .where(ours(Project), col(Project.id) == bindparam("project_id"), col(Project.status) == bindparam("was"))
    .values(
        status=bindparam("becomes"),
        start_date=func.coalesce(col(Project.start_date), bindparam("started", type_=Date)),
        actual_completion=func.coalesce(col(Project.actual_completion), bindparam("completed", type_=Date)),
        actual_value=func.coalesce(bindparam("value", type_=BigInteger), col(Project.actual_value)),
    )
)
_PIPELINE = (
    select_columns(
        col(Project.id),
        col(Project.project_name),
        col(Project.status),
        col(Project.estimated_value),
        col(Customer.phone_number),
        func.coalesce(
            func.nullif(func.concat_ws(" ", Customer.first_name, Customer.last_name), ""), Customer.whatsapp_name
        ).label("customer"),
    )
    .join(Customer, (col(Customer.tenant_id) == Project.tenant_id) & (col(Customer.id) == Project.customer_id))
    .where(ours(Project), col(Project.status).not_in([written(stage) for stage in OVER]))
    .order_by(col(Project.updated_at).desc())
    .limit(_MOST)
)


class Advance(StrEnum):
    """What became of a project's next stage. `back`: it is further on already, or over."""

    ADVANCED = "advanced"
    ALREADY = "already"
    BACK = "back"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class InPipeline:
    """A project that is not over, as a list shows it; `value` in minor units."""

    project_id: UUID
    name: str
    status: ProjectStatus
    value: int | None
    customer: str


async def open_project(
    tx: Tx,
    customer_id: UUID,
    name: str,
    *,
    booking_id: UUID | None = None,
    value: int | None = None,
    stage: ProjectStatus = ProjectStatus.QUALIFIED,
) -> Project:
    """The project of this consultation, opened if there is none: a second time is the first. `value` in minor units."""
    project = Project(
        tenant_id=business(tx),
        customer_id=customer_id,
        original_booking_id=booking_id,
        project_name=name,
        estimated_value=value,
        status=stage.value,
    )
    if await add_unless_taken(tx, _ADD, project):
        return project
    found: Project | None = await tx.one(_OF_BOOKING, tenant_id=tx.tenant_id, booking_id=booking_id)
    assert found is not None  # noqa: S101 - the key was taken by it, and projects are never deleted
    return found


async def advance(
    tx: Tx, project_id: UUID, to: ProjectStatus, *, by: UUID, now: datetime, today: date, value: int | None = None
) -> Advance:
    """Takes the project to a later stage, or cancels it; `value` is what it came to in the end. Twice is once."""
    project = await tx.one(_HELD, tenant_id=tx.tenant_id, project_id=project_id)
    if project is None:
        return Advance.UNKNOWN
    refusal = _refusal(ProjectStatus(project.status), to)
    if refusal is not None:
        return refusal
    await tx.run(
        _ADVANCE,
        tenant_id=tx.tenant_id,
        project_id=project_id,
        was=project.status,
        becomes=to.value,
        started=today if to is ProjectStatus.IN_PROGRESS else None,
        completed=today if to is ProjectStatus.COMPLETED else None,
        value=value,
    )
    await _follow(tx, project, to, by, now)
    return Advance.ADVANCED


async def pipeline(tx: Tx) -> list[InPipeline]:
    """The projects that are not over, the last touched first."""
    rows = await tx.all(_PIPELINE, tenant_id=tx.tenant_id)
    return [
        InPipeline(
            row.id, row.project_name, ProjectStatus(row.status), row.estimated_value, row.customer or row.phone_number
        )
        for row in rows
    ]


def _refusal(was: ProjectStatus, to: ProjectStatus) -> Advance | None:
    if was is to:
        return Advance.ALREADY
    if was in OVER:
        return Advance.BACK
    ahead = to is ProjectStatus.CANCELLED or STAGES.index(to) > STAGES.index(was)
    return None if ahead else Advance.BACK


async def _follow(tx: Tx, project: Project, to: ProjectStatus, by: UUID, now: datetime) -> None:
    """What a stage means for the customer: a step of his journey, and a signature makes the lead a client."""
    step = _STEPS.get(to)
    if step is None:
        return
    signed = to is not ProjectStatus.PROPOSAL_SENT
    potential = ConversionPotential.CONVERTED if signed else ConversionPotential.HIGH
    if signed:
        await leads.convert(tx, project.customer_id)
    details = {"project": str(project.id)}
    await interactions.record(
        tx, project.customer_id, step, now=now, user_id=by, potential=potential, details=details, score=leads.PAID
    )
