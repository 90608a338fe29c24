"""The shape of a flow: its two tables as a machine, with the moves every question has; refused when unsound."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol, cast

from transitions import EventData, Machine

from flows.tables import BACK, CANCEL, LEFT, NEXT, START, Ask, Move
from models.errors import UnsoundFlow


class Traveller(Protocol):
    """One conversation's way through a flow, as the machine's conditions see it."""

    def is_open(self, question: str) -> bool:
        """Whether the question still has to be asked."""

    def is_answered(self, question: str) -> bool:
        """Whether there is an answer to go back to."""


@dataclass(frozen=True)
class Transition:
    """One move of the machine; `unless_closed` and `if_answered` name the question that it hangs on."""

    happened: str
    source: str
    dest: str
    unless_closed: str | None = None
    if_answered: str | None = None


@dataclass(frozen=True)
class Shape:
    """`asks` and `moves` of the flow `name`. Raises UnsoundFlow when they contradict themselves."""

    name: str
    asks: Sequence[Ask]
    moves: Sequence[Move]

    def __post_init__(self) -> None:
        for happened, source, dest in self.moves:
            if source not in (START, *self.questions):
                raise UnsoundFlow(f"{self.name}: {happened!r} leaves {str(source)!r}, which is no question")
            if dest == START:
                raise UnsoundFlow(f"{self.name}: {happened!r} leads back to the start")
        for needed in {need.value for ask in self.asks for need in ask.needs}:
            if needed not in self.questions:
                raise UnsoundFlow(f"{self.name}: {needed!r} is needed but never asked")
        unreachable = set(self.states) - self._reachable() - {LEFT}
        if unreachable:
            raise UnsoundFlow(f"{self.name}: nothing leads to {', '.join(sorted(unreachable))}")

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """In the order in which they are asked."""
        return tuple(ask.state.value for ask in self.asks)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """START, the questions, the ends, and LEFT."""
        return tuple(dict.fromkeys([START, *self.questions, *(str(dest) for _, _, dest in self.moves), LEFT]))

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The states in which the flow is over."""
        return tuple(state for state in self.states if state not in (START, *self.questions))

    def transitions(self) -> Iterator[Transition]:
        """The moves of the table, then those every question has: next, back and cancel."""
        for happened, source, dest in self.moves:
            yield Transition(happened, str(source), str(dest))
        for place, source in enumerate([START, *self.questions]):
            for dest in self.questions:
                if dest != source:
                    yield Transition(NEXT, source, dest, unless_closed=dest)
            for dest in reversed(self.questions[: max(place - 1, 0)]):
                yield Transition(BACK, source, dest, if_answered=dest)
            if source != START:
                yield Transition(CANCEL, source, LEFT)

    def _reachable(self) -> set[str]:
        reached, frontier = {START}, [START]
        edges = [(one.source, one.dest) for one in self.transitions()]
        while frontier:
            here = frontier.pop()
            for source, dest in edges:
                if source == here and dest not in reached:
                    reached.add(dest)
                    frontier.append(dest)
        return reached

    def machine(self) -> Machine:
        """Synchronous, without work in callbacks and without jumps to any state; one serves all conversations."""
        machine = Machine(model=None, states=list(self.states), initial=START, auto_transitions=False, send_event=True)
        for one in self.transitions():
            machine.add_transition(one.happened, one.source, one.dest, conditions=_condition(one))
        return machine


def _condition(transition: Transition) -> Callable[[EventData], bool] | None:
    if transition.unless_closed is not None:
        return partial(_is_open, transition.unless_closed)
    if transition.if_answered is not None:
        return partial(_is_answered, transition.if_answered)
    return None


def _is_open(question: str, event: EventData) -> bool:
    return cast("Traveller", event.model).is_open(question)


def _is_answered(question: str, event: EventData) -> bool:
    return cast("Traveller", event.model).is_answered(question)
