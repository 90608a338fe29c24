"""A flow: its tables, the machine made from them once, and one conversation's way through it."""

from datetime import timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from transitions import Machine

from flows.commands import Start
from flows.context import TurnContext
from flows.reply import Choice, Reply
from flows.shape import Shape
from flows.state import Frame, Undoable
from flows.tables import START, Ask, Move
from models.errors import UnsoundFlow
from models.people.tables import Customer


class Slots(BaseModel):
    """A flow's memory: pydantic guards it on the way in, on the way out, and at each answer."""

    model_config = ConfigDict(validate_assignment=True)


class Flow:
    """Something that can be talked about. Subclasses give the tables; what they do says what happened.

    `first` names the work done when the flow begins, before any question. Every other state than the questions is an
    end: its words are said and the flow is over. A brief flow is a look or an answer, after which an open question is
    put again; every flow without questions is one. What an optional flow asks nobody need answer: as soon as something
    else is said, it is let go of. A flow that has the floor offers what to do next, so an interrupted one waits.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    asks: ClassVar[tuple[Ask, ...]] = ()
    moves: ClassVar[tuple[Move, ...]] = ()
    first: ClassVar[str | None] = None
    is_brief: ClassVar[bool] = False
    is_optional: ClassVar[bool] = False
    is_passing: ClassVar[bool] = False
    has_the_floor: ClassVar[bool] = False
    Slots: ClassVar[type[BaseModel]] = Slots

    shape: ClassVar[Shape]
    machine: ClassVar[Machine]
    by_state: ClassVar[dict[str, Ask]]
    state: str

    def __init_subclass__(cls) -> None:
        cls.by_state = {ask.state.value: ask for ask in cls.asks}
        cls.is_brief = vars(cls).get("is_brief", not cls.asks)  # not a base class's, which asks nothing yet
        cls.shape = Shape(getattr(cls, "name", cls.__name__), cls.asks, cls.moves)
        cls.machine = cls.shape.machine()
        _check_names(cls)

    def __init__(self, context: TurnContext, frame: Frame) -> None:
        self.context = context
        self.frame = frame
        self.slots: Any = self.Slots.model_validate(frame.slots)
        self.state = frame.awaiting if frame.awaiting in self.by_state else START
        self.answer: Any = None
        self.values: dict[str, object] = {}
        self.choices: tuple[Choice, ...] = ()
        self.hidden: frozenset[str] = frozenset()
        self.undoable: Undoable | None = None
        self.goes_on: Start | None = None

    # -- what a subclass may use in its work -------------------------------------------------------------------

    def notify(self, customer: Customer, key: str, **values: object) -> None:
        """Tells another customer."""
        self.context.notify(customer, Reply(key, values))

    def yes_or_no(self) -> list[Choice]:
        """The two answers to a question of confirmation, as taps and keys."""
        return [Choice("yes", self.context.word("house-yes")), Choice("no", self.context.word("house-no"))]

    def can_undo(self, within: timedelta, **what: object) -> None:
        """Offers to take back what was just done, as the last choice."""
        until = self.context.now + within
        self.undoable = Undoable(flow=self.name, what={key: str(value) for key, value in what.items()}, until=until)
        self.choices = (*self.choices, Choice("undo", self.context.word("house-undo")))

    async def undo(self, what: dict[str, Any]) -> str:
        """Takes back what the flow did and says what happened."""
        raise UnsoundFlow(f"{self.name} offers to undo {what} and cannot")

    async def still_stands(self) -> bool:
        """Whether the flow can go on: what it is about may be gone since it was put aside."""
        return True

    async def leave(self) -> None:
        """Called when the customer gives up: put back what was taken for him."""

    @classmethod
    def upgrade(cls, frame: Frame) -> Frame:
        """A position stored by an older version, as this one understands it."""
        return frame

    # -- what the engine uses ----------------------------------------------------------------------------------

    def is_open(self, question: str) -> bool:
        """Whether the question still has to be asked."""
        when = self.by_state[question].when
        if when is not None and not getattr(self, when)():
            return False
        return question not in self.frame.slots

    def is_answered(self, question: str) -> bool:
        """Whether there is an answer to go back to."""
        return question in self.frame.slots

    def fire(self, happened: str) -> None:
        """Makes the move. Raises MachineError when the table knows none."""
        self.machine.events[happened].trigger(self)

    def can(self, happened: str) -> bool:
        """Whether the table knows a move for this from here."""
        event = self.machine.events.get(happened)
        return event is not None and self.state in event.transitions

    def fill(self, slot: str, value: object) -> None:
        """Keeps an answer and forgets those that depended on it."""
        self.clear(slot)
        if not self.by_state[slot].secret:
            setattr(self.slots, slot, value)
            self.keep(slot)

    def keep(self, *slots: str) -> None:
        """Writes slots that the flow's own work has set, so that they are remembered."""
        stored = self.slots.model_dump(mode="json", include=set(slots))
        self.frame.slots.update({name: value for name, value in stored.items() if value is not None})

    def clear(self, slot: str) -> None:
        """Forgets an answer and all that depend on it."""
        self.frame.slots.pop(slot, None)
        if slot in type(self.slots).model_fields:
            setattr(self.slots, slot, type(self.slots).model_fields[slot].default)
        for ask in self.asks:
            if slot in ask.needs and ask.state.value in self.frame.slots:
                self.clear(ask.state.value)


def _check_names(flow: type[Flow]) -> None:
    """Raises UnsoundFlow when a table names a method or a slot that is not there."""
    named = [flow.first, *(name for ask in flow.asks for name in (ask.offers, ask.then, ask.when))]
    for name in named:
        if name is not None and not hasattr(flow, name):
            raise UnsoundFlow(f"{flow.shape.name} has no method {name!r}")
    for ask in flow.asks:
        if not ask.secret and ask.state.value not in flow.Slots.model_fields:
            raise UnsoundFlow(f"{flow.shape.name}: no slot keeps the answer to {ask.state.value!r}")
