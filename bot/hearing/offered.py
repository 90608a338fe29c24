"""What was offered: which of it a tap, a number, its very label, or a plain yes or no means."""

from collections.abc import Sequence
from datetime import timedelta

from bot.hearing.vocabulary import normal
from flows import senses
from flows.context import TurnContext
from flows.reply import Choice
from flows.senses.choices import by_position
from flows.state import ConversationState
from models.base import Channel

TALKING = timedelta(minutes=10)
"""So long after a question a number is an answer to it, even if a notice has come in between."""


def pick(choice_id: str | None, said: str, offered: Sequence[Choice]) -> Choice | None:
    """By a tap, a number or a label."""
    if choice_id is not None:
        return next((choice for choice in offered if choice.id == choice_id), None)
    at_position = by_position(said, offered)
    named = (choice for choice in offered if said and said in map(normal, (choice.label, *choice.also)))
    return next((choice for choice in offered if choice.id == at_position), next(named, None))


def by_yes_or_no(text: str, context: TurnContext, offered: Sequence[Choice]) -> Choice | None:
    """The one choice whose label says the same: "yes" to a reminder is "I'll be there"."""
    setting = context.setting()
    agreed = senses.yes_or_no.hear(text, setting)
    if agreed is None:
        return None
    same = [
        choice
        for choice in offered
        if any(senses.yes_or_no.hear(words, setting) is agreed for words in (choice.label, *choice.also))
    ]
    return same[0] if len(same) == 1 else None


def news(context: TurnContext, *, is_asked: bool) -> tuple[Choice, ...]:
    """What came unasked after all that was said: a number means this, unless a question has just been put."""
    newest = next(iter(context.standing), None)
    # whom staff have added was met by them, but has not written himself
    last = context.customer.last_contact_at if context.customer.last_channel else None
    if newest is None or context.channel is Channel.VOICE or (last is not None and newest.made_at <= last):
        return ()
    is_talking = is_asked and last is not None and context.now - last < TALKING
    return () if is_talking else newest.choices


def last_list(context: TurnContext, state: ConversationState, *, is_asked: bool) -> tuple[Choice, ...]:
    """What came unasked, where nothing has been offered since: a question to the shop in between changes nothing."""
    newest = next(iter(context.standing), None)
    if newest is None or context.channel is Channel.VOICE or is_asked or state.choices:
        return ()
    is_last = state.listed_at is None or state.listed_at < newest.made_at
    return newest.choices if is_last else ()


def standing(context: TurnContext, choice_id: str | None, said: str) -> Choice | None:
    """What was offered unasked, however long ago: by a tap or by its very label."""
    choices = [choice for offer in context.standing for choice in offer.choices]
    if choice_id is not None:
        return next((choice for choice in choices if choice.id == choice_id), None)
    return next((choice for choice in choices if said and said == normal(choice.label)), None)
