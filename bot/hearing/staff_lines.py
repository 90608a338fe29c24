"""What staff type without being asked: a purchase, a code, a customer's points, a day or a block of it in one line."""

from flows.commands import Command, Start
from flows.context import TurnContext
from flows.senses.block_line import read_block_line
from flows.senses.code_line import read_code_line
from flows.senses.counter_lines import read_counter_line
from flows.senses.day_line import read_day_line
from flows.senses.log_line import opens_like_a_log_line, read_log_line
from flows.senses.walk_in_line import read_walk_in_line


def staff_line(text: str, context: TurnContext, *, is_idle: bool) -> list[Command]:
    """`log 0803 123 4567 5000 482915`, a redemption code, or a day. `is_idle`: no question is open."""
    if context.staff is None:
        return []
    setting = context.setting()
    line = read_log_line(text, setting)
    if line is not None:
        secrets = {"pin": line.pin} if line.pin else {}
        return [Start("purchase", slots=line.slots(), secrets=secrets)]
    if opens_like_a_log_line(text):
        return [Start("purchase", slots={"garbled": True})]
    if counter := read_counter_line(text, setting, is_idle=is_idle):
        return [Start(counter.flow, slots=counter.slots, secrets=counter.secrets())]
    code = read_code_line(text, setting)
    if code is not None:
        return [Start("fulfilment", secrets=code.secrets())]
    return _calendar_line(text, context)


def _calendar_line(text: str, context: TurnContext) -> list[Command]:
    """`friday`, `block tomorrow 10 to 12 Van`, `walk in 0803 123 4567`: staff at the calendar."""
    setting = context.setting()
    if (day := read_day_line(text, setting)) is not None:
        return [Start("day", slots={"day": day.isoformat()})]
    if (stretch := read_block_line(text, setting)) is not None:
        return [Start("block", slots={"when": stretch}, said=text)]
    number = read_walk_in_line(text, setting)
    return [Start("walk_in", slots={"who": number})] if number is not None else []
