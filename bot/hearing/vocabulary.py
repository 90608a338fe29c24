"""What people write, by what they mean: prompts/<locale>/hearing.toml, ready to be compared."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from prompts.words import words

LONG_WORD, ALIKE = 4, 80
"""A single word of so many letters is taken for one of ours that it is so much alike (of 100): "reedem"."""


def normal(text: str) -> str:
    """The words alone: case, punctuation, emoji and full-width letters make no difference."""
    folded = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_NOT_A_WORD.sub(" ", folded).split())


_APOSTROPHE = re.compile("['’`´]")
_NOT_A_WORD = re.compile(r"[^\w+-]+|(?<!\w)-|-(?!\w)")


@dataclass(frozen=True)
class Phrases:
    """Phrases of several meanings, found anywhere in a message; the longest one wins."""

    pattern: re.Pattern[str]
    meaning: Mapping[str, str]

    @classmethod
    def of(cls, by_meaning: Mapping[str, Iterable[str]]) -> "Phrases":
        meaning = {normal(phrase): name for name, phrases in by_meaning.items() for phrase in phrases}
        longest_first = sorted(meaning, key=len, reverse=True)
        return cls(re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"), meaning)

    def find(self, said: str) -> tuple[str, str] | None:
        """The meaning and the phrase that carried it."""
        found = max(self.pattern.findall(said), key=len, default=None)
        return (self.meaning[found], found) if found else None


@dataclass(frozen=True)
class Vocabulary:
    """A language's words for everything the bot listens for."""

    opt_out: frozenset[str]
    opt_out_sms: frozenset[str]
    opt_out_phrases: Phrases
    opt_in: frozenset[str]
    opt_in_sms: frozenset[str]
    commands: Mapping[str, str]
    human: frozenset[str]
    human_phrases: Phrases
    greeting: re.Pattern[str]
    thanks: re.Pattern[str]
    questions: frozenset[str]
    flows: Mapping[str, str]
    flow_phrases: Phrases
    openings: Mapping[str, str]
    flows_with_time: Phrases
    endings: Mapping[str, str]
    verbs: Mapping[str, str]
    alone: Mapping[str, str]
    staff: Mapping[str, str]
    staff_phrases: Phrases
    receipts: Phrases


@cache
def vocabulary(language: str) -> Vocabulary:
    """Read once per language."""
    said = words(language, "hearing")
    opt_out, opt_in = _set(said["opt_out"]["words"]), _set(said["opt_in"]["words"])
    return Vocabulary(
        opt_out=opt_out,
        opt_out_sms=opt_out | _set(said["opt_out"]["sms_words"]),
        opt_out_phrases=Phrases.of({"opt_out": said["opt_out"]["phrases"]}),
        opt_in=opt_in,
        opt_in_sms=opt_in | _set(said["opt_in"]["sms_words"]),
        commands=_whole(said["global"]),
        human=_set(said["human"]["words"]),
        human_phrases=Phrases.of({"human": said["human"]["phrases"]}),
        greeting=_any_of(said["greeting"]["words"]),
        thanks=_any_of(said["thanks"]["words"]),
        questions=_set(said["question"]["openings"]),
        flows=_whole({name: flow.get("words", ()) for name, flow in said["flows"].items()}),
        flow_phrases=Phrases.of({name: flow.get("phrases", ()) for name, flow in said["flows"].items()}),
        openings=_whole({name: flow.get("openings", ()) for name, flow in said["flows"].items()}),
        alone=_whole({name: flow.get("alone", ()) for name, flow in said["flows"].items()}),
        verbs=_whole({name: flow.get("verbs", ()) for name, flow in said["flows"].items()}),
        endings=_whole({name: flow.get("endings", ()) for name, flow in said["flows"].items()}),
        flows_with_time=Phrases.of({name: flow.get("with_time", ()) for name, flow in said["flows"].items()}),
        staff=_whole({name: flow.get("words", ()) for name, flow in said["staff"].items()}),
        receipts=Phrases.of({"receipt": said["receipt"]["phrases"]}),
        staff_phrases=Phrases.of({name: flow.get("phrases", ()) for name, flow in said["staff"].items()}),
    )


def _set(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(normal(phrase) for phrase in phrases)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """One of the phrases, or several on end: "hello, good morning"."""
    one = "|".join(map(re.escape, sorted(map(normal, phrases), key=len, reverse=True)))
    return re.compile(rf"(?:{one})(?: (?:{one}))*")


def _whole(by_meaning: Mapping[str, Any]) -> Mapping[str, str]:
    return {normal(phrase): name for name, phrases in by_meaning.items() for phrase in phrases}


def near_miss(said: str, whole: Mapping[str, str]) -> str | None:
    """The flow whose word was misspelt."""
    if " " in said or len(said) < LONG_WORD:
        return None
    found = process.extractOne(said, whole.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return whole[found[0]] if found else None
