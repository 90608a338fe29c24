"""The senses: pure functions from what a person wrote to a value. Their words are prompts/en/senses.toml."""

from flows.senses.addresses import address
from flows.senses.amounts import Amount, amount, money
from flows.senses.answers import yes_or_no
from flows.senses.base import Sense, Setting
from flows.senses.birthdays import birthday
from flows.senses.choices import choice
from flows.senses.clocks import clock
from flows.senses.codes import code
from flows.senses.counts import count
from flows.senses.days import day
from flows.senses.names import name
from flows.senses.notes import note
from flows.senses.others import Another, another
from flows.senses.parties import party
from flows.senses.parts import part_of_day
from flows.senses.periods import Period, hours, period, span, stretch
from flows.senses.phones import phone
from flows.senses.pins import pin
from flows.senses.receipt_numbers import receipt_number
from flows.senses.references import reference
from flows.senses.several import several
from flows.senses.shifts import Shift, same_time, shift
from flows.senses.signed_points import signed_points
from flows.senses.stretches import DayStretch, day_stretch
from flows.senses.texts import text
from flows.senses.till import till_money
from flows.senses.when.moment import moment
from flows.senses.when.value import Bound, ClockTime, PartOfDay, When

__all__ = [
    "Amount",
    "Another",
    "Bound",
    "ClockTime",
    "DayStretch",
    "PartOfDay",
    "Period",
    "Sense",
    "Setting",
    "Shift",
    "When",
    "address",
    "amount",
    "another",
    "birthday",
    "choice",
    "clock",
    "code",
    "count",
    "day",
    "day_stretch",
    "hours",
    "moment",
    "money",
    "name",
    "note",
    "part_of_day",
    "party",
    "period",
    "phone",
    "pin",
    "receipt_number",
    "reference",
    "same_time",
    "several",
    "shift",
    "signed_points",
    "span",
    "stretch",
    "text",
    "till_money",
    "yes_or_no",
]
