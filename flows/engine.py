"""Carries commands out: the only place that moves a conversation.

A turn is `take(commands)`: it changes the state, lets flows do their work inside the open transaction and collects
what to say. It knows no flow by name; what people can talk about is in flows.registry.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from flows.commands import (
    Ask as Question,
)
from flows.commands import (
    Back,
    Cancel,
    Choose,
    Clarify,
    Command,
    Fill,
    Human,
    OptIn,
    OptOut,
    Repeat,
    Restart,
    Skip,
    Start,
    Unclear,
    Undo,
)
from flows.context import TurnContext
from flows.flow import Flow
from flows.registry import FLOWS, HOUSE, STAFF_ONLY, Registry
from flows.reply import Choice, Reply, starting
from flows.state import ConversationState, Frame
from flows.tables import BACK, CANCEL, ELSEWHERE, LEFT, NEXT, NONE_LEFT, START, Ask
from prompts import has

MISSES_BEFORE_A_PERSON = 3
DEEPEST = 3
"""How many interrupted flows are kept: further back, nobody remembers what he was asked."""


class Conversation:
    """One person's conversation during one turn. `replies` grows; `state` is what to keep afterwards."""

    def __init__(self, state: ConversationState, context: TurnContext, flows: Registry = FLOWS) -> None:
        self.state = state
        self.context = context
        self.flows = flows
        self.replies: list[Reply] = []
        self.happened: list[str] = []
        self._secrets: dict[str, str] = {}
        self._asked: Reply | None = None

    async def take(self, commands: Sequence[Command]) -> None:
        """Carries out what one message meant, in order."""
        for command in commands:
            await self._carry_out(command)
        offered = next((reply.choices for reply in reversed(self.replies) if reply.choices), ())
        if self.replies:
            self.state.offer(offered, self.context.now)

    async def _carry_out(self, command: Command) -> None:  # noqa: C901 - a line for each command of the closed list
        if not isinstance(command, Unclear | Question | Repeat):
            self.state.misses = 0
        match command:
            case Start():
                await self._start(command)
            case Fill():
                await self._fill(command)
            case Choose(choice):
                await self._chosen(choice)
            case Question(question):
                await self._start(Start(HOUSE.question, slots={"question": question}))
            case Human():
                await self._start(Start(HOUSE.human))
            case OptOut():
                self.state.forget_everything_open()
                await self._start(Start(HOUSE.opt_out))
            case OptIn():
                await self._start(Start(HOUSE.opt_in))
            case Undo():
                await self._undo()
            case Clarify(options):
                self._clarify(options)
            case Unclear():
                await self._unclear()
            case Back() | Cancel() | Restart() | Repeat() | Skip():
                await self._repair(command)

    # -- beginning and ending --------------------------------------------------------------------------------

    async def _start(self, command: Start) -> None:
        flow_class = self.flows[command.flow]
        if self.state.current is not None and flow_class.asks and self.state.current.flow == command.flow:
            self.state.current = None  # the same thing again means: from the top
        self._set_aside(flow_class)
        self._secrets = dict(command.secrets)
        frame = Frame(flow=command.flow, version=flow_class.version, said=command.said)
        frame.early = {name: value for name, value in command.slots.items() if name in flow_class.by_state}
        frame.slots = {name: value for name, value in command.slots.items() if name not in flow_class.by_state}
        self.state.current = frame
        flow = flow_class(self.context, frame)
        happened = await getattr(flow, flow.first)() if flow.first else NEXT
        await self._move(flow, happened)

    def _set_aside(self, beginning: type[Flow]) -> None:
        """Keeps the open flow for later, unless the new one is the same thing begun again.

        Somebody who turns to another matter before he has answered anything has changed his mind.
        """
        interrupted = self.state.current
        self.state.stack = [frame for frame in self.state.stack if frame.flow != beginning.name][-DEEPEST + 1 :]
        if interrupted is None:
            return
        open_flow = self.flows.get(interrupted.flow)
        is_passing = open_flow is not None and open_flow.is_passing
        if beginning.is_brief or (interrupted.slots and not is_passing):
            self.state.stack.append(interrupted)

    async def _end(self, flow: Flow, happened: str) -> None:
        """Says the end's words, then takes up what was interrupted."""
        self.state.current = None
        if flow.undoable is not None:
            self.state.undo = flow.undoable
        if flow.state == ELSEWHERE and flow.goes_on is not None:
            await self._start(flow.goes_on)
            return
        key = self._words(flow.name, flow.state, happened)
        if key is None and flow.state == LEFT:
            key = "house-left"
        if key is not None:
            self._say(flow, key, flow.choices)
        if not flow.has_the_floor:
            await self._resume()

    async def _resume(self) -> None:
        """Takes up what was interrupted last and can still go on."""
        while self.state.stack:
            self.state.current = self.state.stack.pop()
            flow = self._open_flow()
            if flow is not None and await flow.still_stands():
                await self._ask_again("house-resume")
                return
            self.state.current = None

    # -- answering -------------------------------------------------------------------------------------------

    def _flow_named(self, name: str) -> type[Flow] | None:
        """What was begun under this name, unless it is gone, or for staff and this person works here no more."""
        return None if name in STAFF_ONLY and self.context.staff is None else self.flows.get(name)

    def _open_flow(self) -> Flow | None:
        """What is being talked about; a question that this version, or this person, is not asked is forgotten."""
        frame = self.state.current
        flow_class = self._flow_named(frame.flow) if frame is not None else None
        if frame is None or flow_class is None:
            self.state.current = None
            return None
        if frame.version != flow_class.version:
            frame = flow_class.upgrade(frame)
            frame.version = flow_class.version
        self.state.current = frame if frame.awaiting in flow_class.by_state else None
        return flow_class(self.context, frame) if self.state.current is not None else None

    async def _fill(self, answer: Fill) -> None:
        slot, value = answer.slot, answer.value
        flow = self._open_flow()
        if flow is None:
            await self._unclear()
            return
        if not await flow.still_stands():
            self.state.current = None
            await self._start(Start(flow.name))
            return
        questions = list(flow.by_state)
        is_volunteered = flow.by_state[slot].volunteered and slot != flow.state
        if answer.ahead or (questions.index(slot) > questions.index(flow.state) and not is_volunteered):
            flow.frame.early[slot] = value  # told before it was asked
            return
        if self.replies and self.replies[-1] is self._asked:
            self.replies.pop()  # told in the same message: the question in between is answered before it is put
        if is_volunteered:
            self.replies.append(Reply("house-noted"))
        flow.state = slot  # the open question, or a correction of an earlier one
        await self._answer(flow, value)

    async def _answer(self, flow: Flow, value: Any) -> None:  # noqa: ANN401 - see _fill
        ask = flow.by_state[flow.state]
        flow.answer = value
        flow.fill(flow.state, value)
        happened = await getattr(flow, ask.then)() if ask.then else NEXT
        await self._move(flow, happened)

    async def _move(self, flow: Flow, happened: str) -> None:
        """Fires what happened and arrives where the table leads; answers given early are taken on the way."""
        self.happened.append(f"{flow.name}.{happened}")
        flow.fire(happened)
        ask = flow.by_state.get(flow.state)
        if ask is None:
            await self._end(flow, happened)
            return
        if happened != NEXT:
            flow.clear(flow.state)
        offered = await self._offers(flow, ask)
        if ask.offers and not offered and flow.can(NONE_LEFT):
            await self._move(flow, NONE_LEFT)
            return
        early = self._early(flow, ask, offered) if happened == NEXT else None
        if early is not None:
            await self._answer(flow, early)
            return
        self._ask(flow, ask, offered, happened)

    async def _offers(self, flow: Flow, ask: Ask) -> tuple[Choice, ...]:
        return tuple(await getattr(flow, ask.offers)()) if ask.offers else ()

    def _early(self, flow: Flow, ask: Ask, offered: tuple[Choice, ...]) -> Any:  # noqa: ANN401 - see _fill
        """An answer that was given before its question: with the command, or in the words that opened the flow."""
        slot = ask.state.value
        if slot in self._secrets:
            return self._secrets.pop(slot)
        if slot in flow.frame.early:
            return flow.frame.early.pop(slot)
        if not flow.frame.said or ask.secret:
            return None
        setting = self.context.setting(tuple(choice for choice in offered if not choice.id.startswith("start:")))
        found = (sense.spot(flow.frame.said, setting) for sense in ask.hears)
        return next((value for value in found if value is not None), None)

    # -- repair ----------------------------------------------------------------------------------------------

    async def _repair(self, command: Back | Cancel | Restart | Repeat | Skip) -> None:
        if self.state.current is None and self.state.stack:
            self.state.let_go()  # what waits behind a menu is meant
        flow = self._open_flow()
        if flow is None:
            nothing = "house-nothing-to-cancel" if isinstance(command, Cancel) else None
            if nothing:
                self.replies.append(Reply(nothing))
            await self._start(Start(HOUSE.menu))
            return
        match command:
            case Cancel():
                await flow.leave()
                await self._move(flow, CANCEL)
            case Back() if self._can_go_back(flow):
                await self._move(flow, BACK)
            case Restart():
                await flow.leave()
                self.state.current = None
                await self._start(Start(flow.name))
            case Skip() if flow.by_state[flow.state].optional:
                flow.frame.slots[flow.state] = None
                await self._move(flow, NEXT)
            case _:
                await self._ask_again(None)

    def _can_go_back(self, flow: Flow) -> bool:
        before = list(flow.by_state)[: list(flow.by_state).index(flow.state)]
        return any(question in flow.frame.slots for question in before)

    async def _unclear(self) -> None:
        """Asks again in other words; after three misses a person is offered."""
        self.state.misses += 1
        if self.state.misses >= MISSES_BEFORE_A_PERSON:
            self.state.misses = 0
            if self.context.staff is not None:
                self.replies.append(Reply("house-lost-at-the-counter"))
                return
            human = Choice(starting(HOUSE.human), self._label(HOUSE.human))
            self.replies.append(Reply("house-offer-person", choices=(human,)))
            return
        if self._open_flow() is None:
            await self._start(Start(HOUSE.menu))
            return
        await self._ask_again("again" if self.state.misses == 1 else "again2")

    async def _ask_again(self, how: str | None) -> None:
        """Puts the open question once more: `again`, `again2` pick other words, `house-resume` says what was open."""
        flow = self._open_flow()
        if flow is None or flow.state == START:
            return
        ask = flow.by_state[flow.state]
        offered = await self._offers(flow, ask)
        if how == "house-resume":
            self.replies.append(Reply(how, {"flow": self._label(flow.name)}))
        self._ask(flow, ask, offered, how or NEXT)

    def _clarify(self, options: Sequence[str]) -> None:
        choices = tuple(Choice(starting(name), self._label(name)) for name in options)
        self.replies.append(Reply("house-clarify", choices=choices))

    async def _chosen(self, choice: str) -> None:
        """A thing offered outside a question: its id says what it starts, and with which answers.

        `start:reschedule?which=…`: the flow itself checks that this person may do it.
        """
        kind, _, wanted = choice.partition(":")
        name, _, answers = wanted.partition("?")
        if kind == "undo":
            await self._undo()
        elif kind == "start" and name in self.flows:
            await self._start(Start(name, slots=dict(parse_qsl(answers))))
        else:
            await self._unclear()

    async def _undo(self) -> None:
        """Takes back the last thing done, while its window is open."""
        undo = self.state.undo
        flow_class = self._flow_named(undo.flow) if undo is not None else None
        if undo is None or flow_class is None:
            self.replies.append(Reply("house-nothing-to-undo"))
            return
        self.state.undo = None
        if self.context.now > undo.until:
            is_staff = self.context.staff is not None
            self.replies.append(Reply("house-too-late-at-the-counter" if is_staff else "house-too-late-to-undo"))
            return
        flow = flow_class(self.context, Frame(flow=undo.flow, version=flow_class.version))
        happened = await flow.undo(undo.what)
        self.happened.append(f"{flow.name}.{happened}")
        self._say(flow, f"{flow.name}-undo.{happened}".replace("_", "-"), ())

    # -- words -----------------------------------------------------------------------------------------------

    def _words(self, flow: str, state: str, happened: str) -> str | None:
        """The key for arriving at a state: the words for what happened, else those of the state, else none."""
        locale = self.context.locale
        arrived = f"{flow}-{state}".replace("_", "-")
        return next((key for key in (f"{arrived}.{happened}", arrived) if has(key, locale)), None)

    def _ask(self, flow: Flow, ask: Ask, offered: tuple[Choice, ...], happened: str) -> None:
        key = self._words(flow.name, ask.state.value, happened) or f"{flow.name}-{ask.state.value}"
        flow.frame.awaiting = ask.state.value
        self._say(flow, key, offered)
        self._asked = self.replies[-1]

    def _say(self, flow: Flow, key: str, choices: tuple[Choice, ...]) -> None:
        self.replies.append(Reply(key, {**_answers(flow), **flow.values}, choices, flow.hidden))

    def _label(self, flow: str) -> str:
        return self.context.word(f"{flow}-label".replace("_", "-"))


def _answers(flow: Flow) -> dict[str, object]:
    """The answers so far may stand in any sentence of their flow."""
    return {name: value for name, value in flow.slots if value is not None and name in flow.frame.slots}
