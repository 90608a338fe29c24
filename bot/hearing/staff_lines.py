"""What staff type without being asked: a purchase, a code, a customer's points, a day or a block of it in one line."""

import re

from bot.hearing.vocabulary import Vocabulary
from flows.commands import Command, Start
from flows.context import TurnContext
from flows.senses.block_line import read_block_line
from flows.senses.code_line import read_code_line
from flows.senses.counter_lines import read_counter_line, read_sentence
from flows.senses.day_line import read_day_line
from flows.senses.log_line import PIN_DIGITS, numbers_in, opens_like_a_log_line, read_bare_log_line, read_log_line
from flows.senses.walk_in_line import read_walk_in_line


def staff_line(text: str, context: TurnContext, *, is_idle: bool) -> list[Command]:
    """`log 0803 123 4567 5000 482915`, a redemption code, or a day. `is_idle`: no question is open."""
    if context.staff is None:
        return []
    return _till_line(text, context, is_idle=is_idle) or _calendar_line(text, context)


def whole_line(text: str, context: TurnContext) -> list[Command]:
    """A line for the till with as many figures as a PIN has: at any question it is that, and no answer."""
    if context.staff is None or sum(map(str.isdigit, text)) < PIN_DIGITS:
        return []
    return _till_line(text, context, is_idle=False)


def _till_line(text: str, context: TurnContext, *, is_idle: bool) -> list[Command]:
    setting = context.setting()
    line = read_log_line(text, setting) or (read_bare_log_line(text, setting) if is_idle else None)
    if line is not None:
        secrets = {"pin": line.pin} if line.pin else {}
        return [Start("purchase", slots=line.slots(), secrets=secrets)]
    counter = read_sentence(text, setting)
    if counter is None and opens_like_a_log_line(text):
        return [Start("purchase", slots={"garbled": True})]
    if counter := counter or read_counter_line(text, setting, is_idle=is_idle):
        return [Start(counter.flow, slots=counter.slots, secrets=counter.secrets())]
    code = read_code_line(text, setting)
    if code is not None:
        return [Start("fulfilment", secrets=code.secrets())]
    return []


def interrupts(text: str, said: str, words: Vocabulary, context: TurnContext, flow: str) -> bool:
    """Whether staff mean something else than an answer to a question of `flow` that any words would answer.

    A word of theirs does; whom to look up may be told by a line.
    """
    if context.staff is None:
        return False
    return said in words.staff or (flow == "look_up" and bool(staff_line(text, context, is_idle=False)))


def astray(text: str, context: TurnContext) -> list[Command]:
    """A phone number and more figures that are no line of ours: how a purchase is written is what helps most."""
    if context.staff is None:
        return []
    tokens, setting = text.split(), context.setting()
    meant = len(re.findall(r"\d{3,}", text)) > 1 and any(
        next(numbers_in(tokens[start:], setting), None) for start in range(len(tokens))
    )
    return [Start("purchase", slots={"garbled": True})] if meant else []


def _calendar_line(text: str, context: TurnContext) -> list[Command]:
    """`friday`, `block tomorrow 10 to 12 Van`, `walk in 0803 123 4567`: staff at the calendar."""
    setting = context.setting()
    if (day := read_day_line(text, setting)) is not None:
        return [Start("day", slots={"day": day.isoformat()})]
    if (stretch := read_block_line(text, setting)) is not None:
        return [Start("block", slots={"when": stretch}, said=text)]
    number = read_walk_in_line(text, setting)
    return [Start("walk_in", slots={"who": number}, said=text)] if number is not None else []
