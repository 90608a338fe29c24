"""Yes or no in people's words. A no is never read as yes; what could be either is neither.

YES and NO are meant, FINE and WRONG only lean to one side: "ok, no thanks" is no, "no, it's fine" is no.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from flows.senses import choices
from flows.senses.base import Sense, Setting
from flows.senses.lexicon import Lexicon
from flows.senses.wording import WORDS, fold, one_of

_LISTS: Final = WORDS["yes_or_no"]
_LEXICON: Final = Lexicon(_LISTS["symbols"], _LISTS["plain"])
_YES_ALONE: Final = frozenset(_LISTS["yes_alone"])
_NO_ALONE: Final = frozenset(_LISTS["no_alone"])
_LONGEST_LEANING: Final = 14
"""In a text of more words than this, "good" and "don't" are about something else."""

_DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}")
_CLAUSES: Final = re.compile(r"[.,!?;:()/…]+")
_NOT_WRONG: Final = re.compile(r"\bNOT(?: [a-z']+){0,3} WRONG\b")
_NOT_FINE: Final = re.compile(r"\bNOT(?: [a-z']+){0,5} (?:YES|FINE)\b")
_EARLY_NOT: Final = re.compile(r"^(?:[a-z']+ ){0,3}NOT\b")
_NO_ANY: Final = re.compile(rf"[a-z'] NO ANY (?!{one_of(_LISTS['no_things'])}\b)[a-z]")
_DOING: Final = re.compile(
    rf"^(?:{one_of(_LISTS['opening'])} )*{one_of(_LISTS['verbs'])}"
    rf"(?: {one_of(_LISTS['objects'])}(?: [a-z]+)?)?(?: {one_of(_LISTS['closing'])})*$"
)
_OPENS: Final = re.compile(r"YES\b|NO\b(?! ANY [a-z])")
_HEDGED: Final = re.compile(r"(?:YES|FINE).* BUT\b")
_HALF_HEARTED: Final = re.compile(r"UNSURE|^QUESTION")


class _Lean(Enum):
    """What one clause says."""

    YES = "yes"
    FINE = "fine"
    NO = "no"
    WITHOUT = "without something"
    TORN = "torn"
    NOTHING = "nothing"


def hear(text: str, setting: Setting) -> bool | None:
    """Yes or no, by tap or number of the choices offered, or in words."""
    picked = choices.by_position(text, setting.choices)
    if picked in ("yes", "no"):
        return picked == "yes"
    symbols, leans = _read(text)
    if len(symbols.split()) > _LONGEST_LEANING:
        leans = [lean for lean in leans if lean in (_Lean.YES, _Lean.NO)]
    return _verdict(symbols, leans)


def spot(text: str, setting: Setting) -> bool | None:
    """A yes or no that opens a longer message: "yes, and can I …", but not "I can't find …"."""
    return hear(text, setting) if _OPENS.match(_LEXICON.read(fold(text)).strip()) else None


def _read(text: str) -> tuple[str, list[_Lean]]:
    folded = _DRAWN_OUT.sub(r"\1", fold(text))
    symbols = " ".join(_LEXICON.read(folded).split())
    symbols = _NOT_FINE.sub("NO", _NOT_WRONG.sub("FINE", symbols))
    clauses = [clause.strip() for clause in _CLAUSES.split(symbols)]
    return symbols, [_lean(clause) for clause in clauses if clause]


def _lean(clause: str) -> _Lean:
    said = re.findall(r"[A-Z]+", clause)
    if clause.lower() in _NO_ALONE:
        return _Lean.NO
    if "NO" in said or "WRONG" in said:
        return _negative(clause, said)
    if "NOT" in said:
        return _not(clause, said)
    if "YES" in said or clause in _YES_ALONE:
        return _Lean.YES
    return _Lean.FINE if "FINE" in said or _DOING.search(clause) else _Lean.NOTHING


def _not(clause: str, said: list[str]) -> _Lean:
    """A "don't" is a no where it leads the clause or follows an "ok", and a riddle behind a yes."""
    if "YES" in said:
        return _Lean.TORN
    return _Lean.NO if _EARLY_NOT.search(clause) or "FINE" in said else _Lean.NOTHING


def _negative(clause: str, said: list[str]) -> _Lean:
    """No, unless a yes stands beside it ("no wait yes") or it is the no of "I said no onions"."""
    if "WRONG" in said:
        return _Lean.NO
    if "YES" in said:
        return _Lean.TORN
    return _Lean.WITHOUT if _NO_ANY.search(clause) else _Lean.NO


def _verdict(symbols: str, leans: list[_Lean]) -> bool | None:
    told = [lean for lean in leans if lean is not _Lean.NOTHING]
    if told and told[0] is _Lean.YES:
        told = [lean for lean in told if lean is not _Lean.WITHOUT]
    negative = [lean for lean in told if lean in (_Lean.NO, _Lean.WITHOUT)]
    if not told or _Lean.TORN in told or (negative and _Lean.YES in told):
        return None
    return False if negative else _affirmed(symbols, told)


def _affirmed(symbols: str, told: Sequence[_Lean]) -> bool | None:
    """A yes, unless it is hedged ("yes but …"), asked ("is that ok?") or half-hearted ("maybe, fine")."""
    asked = "?" in symbols and told[0] is not _Lean.YES
    unsure = _Lean.YES not in told and _HALF_HEARTED.search(symbols)
    return None if _HEDGED.search(symbols) or asked or unsure else True


yes_or_no: Final = Sense("yes_or_no", hear, spot)
