"""Staff see the projects under way and take them a stage further."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.people import projects
from models.people.projects import STAGES, Advance, InPipeline
from models.people.tables import ProjectStatus
from prompts import Money

SAME = "same"


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    STAGE = "stage"
    VALUE = "value"


class Asked(Slots):
    """`which` is the project's id, `value` what it came to in the end, in minor units."""

    which: str | None = None
    stage: ProjectStatus | None = None
    value: int | str | None = None


class Projects(StaffFlow):
    """From lead to completed, forwards only; what a stage means for the customer is noted with it."""

    name = "projects"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="under_way"),
        Ask(S.STAGE, (senses.choice,), offers="stages", needs=(S.WHICH,), then="advance"),
        Ask(
            S.VALUE,
            (senses.choice, senses.till_money),
            offers="as_estimated",
            needs=(S.STAGE,),
            then="complete",
            when="is_completed",
        ),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHICH, "nothing"),
        (NONE_LEFT, S.STAGE, "gone"),
        *((happened, question, happened) for question in (S.STAGE, S.VALUE) for happened in ("advanced", "gone")),
    )

    async def under_way(self) -> list[Choice]:
        return [
            Choice(
                str(one.project_id), self.context.word("projects-line", **self._facts(one)), (one.customer, one.name)
            )
            for one in await projects.pipeline(self.context.tx)
        ]

    async def stages(self) -> list[Choice]:
        """Those that are still ahead, and giving it up."""
        project = await self._project()
        if project is None:
            return []
        self.values = self._facts(project)
        ahead = STAGES[STAGES.index(project.status) + 1 :]
        return [
            Choice(stage.value, self.context.word("projects-stage-name", stage=stage.value))
            for stage in (*ahead, ProjectStatus.CANCELLED)
        ]

    def is_completed(self) -> bool:
        return bool(self.slots.stage == ProjectStatus.COMPLETED)

    async def advance(self) -> str:
        return NEXT if self.is_completed() else await self._advance(None)

    async def as_estimated(self) -> list[Choice]:
        project = await self._project()
        self.values = self._facts(project) if project else {}
        return [Choice(SAME, self.context.word("projects-as-estimated"))]

    async def complete(self) -> str:
        project = await self._project()
        estimate = project.value if project else None
        return await self._advance(self.slots.value if isinstance(self.slots.value, int) else estimate)

    async def _advance(self, value: int | None) -> str:
        project, context = await self._project(), self.context
        if project is None:
            return "gone"
        self.values = {**self._facts(project), "becomes": self.slots.stage.value}
        done = await projects.advance(
            context.tx,
            project.project_id,
            self.slots.stage,
            by=self.member_of_staff.id,
            now=context.now,
            today=context.local(context.now).date(),
            value=value,
        )
        return "advanced" if done in (Advance.ADVANCED, Advance.ALREADY) else "gone"

    async def _project(self) -> InPipeline | None:
        found = await projects.pipeline(self.context.tx)
        return next((one for one in found if one.project_id == UUID(self.slots.which)), None)

    def _facts(self, one: InPipeline) -> dict[str, object]:
        worth = Money(one.value or 0, self.context.tenant.currency)
        valued = "yes" if one.value else "no"
        return {
            "project": one.name,
            "customer": one.customer,
            "was": one.status.value,
            "worth": worth,
            "valued": valued,
        }
