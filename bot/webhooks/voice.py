"""POST /webhooks/twilio/voice and below: a call comes in, speaks and listens through the same flows, and ends."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from bot.channels.inbound import Inbound
from bot.channels.twilio_status import parse_call_status
from bot.channels.twilio_voice import parse_call, twiml_gather, twiml_say_and_hang_up
from bot.inbox import Receipt
from bot.webhooks.door import DOOR, Door, twiml, verified
from flows import senses
from flows.reply import Choice
from flows.senses.base import Setting
from models.base import Channel
from models.db import Database
from models.messaging import calls
from models.messaging.thread import Said
from models.tenancy.businesses import businesses_on_line
from models.tenancy.tables import Tenant
from prompts import LANGUAGES, locale_for, say

log = structlog.get_logger()

MOST_SILENCES = 2
"""A caller who says nothing so many times in a row has gone."""

MOST_KEYS = 9
"""Choices that one key can name."""

_CALL = text("SELECT tenant FROM tenant_of_call(:line, :sender, :call_sid)")
_SPEECH = select_columns(col(Tenant.locale), col(Tenant.country)).where(col(Tenant.id) == bindparam("tenant"))


async def answer_call(request: web.Request) -> web.Response:
    """The first request of a call: greets and listens."""
    return await _turn(request, turn=0, silences=0, choosing=False)


async def continue_call(request: web.Request) -> web.Response:
    """Every further one: what the caller said or keyed in."""
    query = request.query
    turn, silences = _count(query.get("turn")), _count(query.get("silences"))
    return await _turn(request, turn=turn, silences=silences, choosing="choosing" in query)


async def _turn(request: web.Request, *, turn: int, silences: int, choosing: bool) -> web.Response:
    form = await verified(request)
    door = request.app[DOOR]
    inbound = _named(parse_call(form, turn))
    silences = 0 if inbound.text or turn == 0 else silences + 1
    code = await _chosen_business(door.db, inbound, door.clock()) if choosing else None
    if code is not None:
        inbound = replace(inbound, text="")  # what chose the business is not said to it
    try:
        received, said = await door.reception.receive_and_wait(inbound, code)
    except Exception:
        # a caller must not hear the provider's own error; what he said is kept for the sweep
        log.exception("call_turn_failed", call=inbound.provider_id)
        return twiml(twiml_say_and_hang_up([say("house-call-trouble", {}, LANGUAGES[0])], language="en-GB"))
    if received.receipt is Receipt.NO_LINE:
        raise web.HTTPNotFound(text="No business has this number.")
    if received.tenant_id is None:
        return twiml(await _which_business(door, inbound, turn + 1, silences))
    return twiml(await _spoken(door, received.tenant_id, said, turn + 1, silences))


def _named(inbound: Inbound) -> Inbound:
    """Callers who hide their number must not become one customer: each of their calls is a person of its own."""
    if inbound.sender:
        return inbound
    return replace(inbound, sender=f"anonymous:{inbound.provider_id.partition(':')[0]}")


async def _spoken(door: Door, tenant_id: UUID, said: Said | None, turn: int, silences: int) -> str:
    async with door.db.tenant(tenant_id) as tx:
        speech = await tx.one(_SPEECH, tenant=tenant_id)
    locale = locale_for(speech.locale, speech.country)
    voice = locale_for(speech.locale, "US" if speech.country == "US" else "GB").replace("_", "-")
    if silences >= MOST_SILENCES:
        return twiml_say_and_hang_up([say("house-goodbye", {}, locale)], language=voice)
    choices = [Choice(choice["id"], choice["label"]) for choice in said.choices] if said else []
    return twiml_gather(
        [said.body] if said else [],
        action_url=_next(door, turn, silences),
        language=locale.replace("_", "-"),
        say_language=voice,
        choices=choices,
        option=lambda label, digit: say("house-press", {"label": label, "digit": digit}, locale),
    )


async def _which_business(door: Door, inbound: Inbound, turn: int, silences: int) -> str:
    """A caller on a shared number chooses the business by key or by name."""
    if silences >= MOST_SILENCES:
        return twiml_say_and_hang_up([say("house-goodbye", {}, LANGUAGES[0])], language="en-US")
    choices = await _businesses(door.db, inbound.line)
    return twiml_gather(
        [say("house-which-business-voice", {}, LANGUAGES[0])],
        action_url=_next(door, turn, silences) + "&choosing=1",
        language="en-US",
        choices=choices,
        option=lambda label, digit: say("house-press", {"label": label, "digit": digit}, LANGUAGES[0]),
    )


async def _businesses(db: Database, line: str) -> list[Choice]:
    known = (await businesses_on_line(db, line, Channel.VOICE))[:MOST_KEYS]
    return [Choice(business.code, business.name) for business in known]


async def _chosen_business(db: Database, inbound: Inbound, now: datetime) -> str | None:
    choices = tuple(await _businesses(db, inbound.line))
    return senses.choice.hear(inbound.text, Setting(now, ZoneInfo("UTC"), "US", "USD", choices=choices))


def _next(door: Door, turn: int, silences: int) -> str:
    """Where the caller's next words go. Absolute: relative addresses fail in calls that were placed with TwiML."""
    return f"{door.public_base_url}/webhooks/twilio/voice/turn?turn={turn}&silences={silences}"


async def receive_call_status(request: web.Request) -> web.Response:
    """How the call ended, once; a later word does not reopen it."""
    form = await verified(request)
    door = request.app[DOOR]
    update, call = parse_call_status(form), _named(parse_call(form, 0))
    rows = await door.db.ask(_CALL, line=call.line, sender=call.sender, call_sid=update.call_sid)
    if not rows:
        raise web.HTTPNotFound(text="No such call.")
    async with door.db.tenant(rows[0].tenant) as tx:
        await calls.end(tx, update.call_sid, status=update.status, seconds=update.duration or 0, now=door.clock())
    return web.Response(status=204)


def _count(digits: str | None) -> int:
    if digits is None or not digits.isascii() or not digits.isdigit():
        raise web.HTTPBadRequest(text="The turn is not counted.")
    return int(digits)
