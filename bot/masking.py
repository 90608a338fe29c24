"""What may be kept of a message: PINs and codes are taken out before anything is written down."""

import re

from flows.flow import Flow
from flows.registry import FLOWS
from flows.state import ConversationState
from models.loyalty import codes

MASK = "••••••"

_SIX_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?!\d)")
_SIX_TOGETHER = re.compile(r"(?<!\d)\d{6}(?!\d)")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{3}[ -]?[A-Za-z0-9]{4}(?![A-Za-z0-9])")
_LOG = re.compile(r"\W*(log|add|sale|purchase|buy|pin|code)\b", re.IGNORECASE)
_LAST_SIX = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}\W*$")


def masked(text: str, state: ConversationState, *, is_staff: bool) -> str:
    """The message as it may rest.

    A message that answers a question for a secret is masked whole: people wrap a PIN in all sorts of words. Staff
    type PINs unasked, so their six digits go too, as do those of anything that begins like a logged purchase,
    whoever wrote it. A redemption code is known by its check character.
    """
    if _asks_for_a_secret(state):
        return MASK
    kept = _CODE.sub(lambda found: MASK if codes.normalised(found.group()) else found.group(), text)
    if _LOG.match(text):
        kept = _SIX_TOGETHER.sub(MASK, _LAST_SIX.sub(MASK, kept))
    return _SIX_DIGITS.sub(MASK, kept) if is_staff and _is_bare(kept) else kept


def _is_bare(text: str) -> bool:
    """Six digits and little else: an amount that was asked for is not a secret, a PIN typed too early is."""
    return len(re.sub(r"[\d\s-]", "", text)) <= len("my pin is")


def _asks_for_a_secret(state: ConversationState) -> bool:
    frame = state.current
    flow: type[Flow] | None = FLOWS.get(frame.flow) if frame else None
    ask = flow.by_state.get(frame.awaiting or "") if flow and frame else None
    return ask is not None and ask.secret
