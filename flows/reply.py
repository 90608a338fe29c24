"""What a flow answers: words by key, and what may be chosen. Channels turn it into buttons, numbers or speech."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: a stable `id`, the `label` a person sees, and other words that mean it."""

    id: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person of the conversation.

    `key` names the sentence in prompts/, `values` fill it. `secret` names the values that may not rest in clear
    (a redemption code): what is stored carries a mask in their place.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    secret: frozenset[str] = frozenset()


def starting(flow: str, **answers: object) -> str:
    """The id of a choice that starts a flow with these answers."""
    return f"start:{flow}?{urlencode(answers)}" if answers else f"start:{flow}"
