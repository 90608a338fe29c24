"""Replies to words: one message a turn, in the person's language, with a version that may rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.masking import MASK
from flows.reply import Choice, Reply
from models.base import Channel
from prompts import has, say


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said (`text`), what may be kept of it (`kept`), what can be chosen, and by which keys it was made."""

    text: str = field(repr=False)
    kept: str
    choices: tuple[Choice, ...]
    keys: str

    @property
    def is_secret(self) -> bool:
        """Whether the words hold something that may not rest in clear."""
        return self.text != self.kept


def speak(replies: Sequence[Reply], locale: str, channel: Channel) -> Spoken:
    """All replies of a turn as one message: several bubbles at once arrive in any order, and cost as many sends."""
    text = [_words(reply, reply.values, locale, channel) for reply in replies]
    kept = [
        _words(reply, _hidden(reply), locale, channel) if reply.secret else said
        for reply, said in zip(replies, text, strict=True)
    ]
    choices = next((reply.choices for reply in reversed(replies) if reply.choices), ())
    return Spoken("\n\n".join(text), "\n\n".join(kept), choices, " ".join(reply.key for reply in replies))


def _words(reply: Reply, values: Mapping[str, object], locale: str, channel: Channel) -> str:
    spoken = f"{reply.key.replace('.', '-').replace('_', '-')}-voice"
    key = spoken if channel is Channel.VOICE and has(spoken, locale) else reply.key
    return say(key, values, locale)


def _hidden(reply: Reply) -> dict[str, object]:
    return {name: MASK if name in reply.secret else value for name, value in reply.values.items()}
