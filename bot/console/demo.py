"""The demo's chat page: its files, and the JSON that lets one browser be everybody at once.

What is said here goes the way of a real message, from the inbox to the row; only the way out ends on the page.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.channels.inbound import Inbound, cleaned
from bot.console.cast import Example
from bot.inbox import Receipt
from bot.reception import Reception
from models.base import Channel
from models.db import Database
from models.messaging import calls, thread
from models.tenancy.businesses import Business, find, load_tenant
from models.vault import Vault

LONGEST_TEXT = 4096
POLICY = "default-src 'self'; img-src 'self' data:"
"""Nothing on the page comes from elsewhere; `data:` is its icon."""


@dataclass
class DemoCall:
    """A call under way; its turns are counted here, as the addresses that Twilio is given do."""

    caller: Inbound
    business: str
    turn: int = 0


@dataclass
class Stage:
    """What the handlers share."""

    db: Database
    vault: Vault
    reception: Reception
    examples: Sequence[Example]
    calls: dict[str, DemoCall] = field(default_factory=dict)


STAGE = web.AppKey("stage", Stage)


def add_to(app: web.Application, db: Database, vault: Vault, reception: Reception, examples: Sequence[Example]) -> None:
    """Puts the page and its API on the app."""
    app[STAGE] = Stage(db, vault, reception, examples)
    with as_file(files("bot.console") / "static") as static:
        app.router.add_static("/demo/static", static)
    app.add_routes(
        [
            web.get("/", page),
            web.get("/demo/stage", stage),
            web.get("/demo/thread", show_thread),
            web.get("/demo/unread", unread),
            web.post("/demo/say", say_something),
            web.post("/demo/call", place_call),
            web.post("/demo/call/{call}/say", talk),
            web.post("/demo/call/{call}/hangup", hang_up),
        ]
    )


async def page(_request: web.Request) -> web.Response:
    html = (files("bot.console") / "static" / "index.html").read_text(encoding="utf-8")
    return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


async def stage(request: web.Request) -> web.Response:
    """Who can be played, where and over what."""
    examples = request.app[STAGE].examples
    channels = [channel.value for channel in Channel]
    return web.json_response({"businesses": [example.shown() for example in examples], "channels": channels})


async def show_thread(request: web.Request) -> web.Response:
    """One person's messages after `after`."""
    query, on = request.query, request.app[STAGE]
    business = await _business(request, query.get("business", ""))
    after = int(query["after"]) if query.get("after", "").isdecimal() else 0
    async with on.db.tenant(business.id) as tx:
        zone = ZoneInfo((await load_tenant(tx)).zone)
        rows = await thread.after(tx, phone=query.get("phone", ""), channel=query.get("channel", "whatsapp"), seq=after)
    shown = [_shown(row, zone, on.vault) for row in rows]
    return web.json_response({"messages": shown, "last": shown[-1]["seq"] if shown else after})


def _shown(row: Any, zone: ZoneInfo, vault: Vault) -> dict[str, Any]:  # noqa: ANN401 - a row of thread.after
    return {
        "seq": row.seq,
        "direction": row.direction,
        "channel": row.channel,
        "body": thread.words(vault, row),
        "choices": row.choices,
        "status": row.status,
        "at": row.at.isoformat(),
        "time": f"{row.at.astimezone(zone):%H:%M}",
    }


async def unread(request: web.Request) -> web.Response:
    """The newest message to each person of a business."""
    business = await _business(request, request.query.get("business", ""))
    async with request.app[STAGE].db.tenant(business.id) as tx:
        return web.json_response(await thread.latest(tx))


async def say_something(request: web.Request) -> web.Response:
    """A message, from whoever is being played; answered when its turn is over."""
    said = await _json(request)
    example = _example(request, said)
    phone, channel = str(said.get("phone", "")), said.get("channel")
    if channel not in (Channel.WHATSAPP, Channel.SMS):
        raise _refused(web.HTTPBadRequest, "Messages go over whatsapp or sms.")
    inbound = Inbound(
        channel=Channel(channel),
        line=_line(example, said),
        sender=phone,
        text=cleaned(str(said.get("text", "")))[:LONGEST_TEXT],
        provider_id=f"SM{secrets.token_hex(16)}",
        choice_id=said.get("choice_id"),
        name=example.name_of(phone) if channel == Channel.WHATSAPP else None,
    )
    received, _ = await request.app[STAGE].reception.receive_and_wait(inbound)
    if received.receipt is Receipt.NO_BUSINESS:
        raise _refused(web.HTTPConflict, f"Several shops share this number: send JOIN {example.code} first.")
    return web.json_response({"ok": True})


async def place_call(request: web.Request) -> web.Response:
    """Calls the business: the first turn of a call is its greeting."""
    said = await _json(request)
    example, call = _example(request, said), f"CA{secrets.token_hex(16)}"
    caller = Inbound(
        channel=Channel.VOICE,
        line=_line(example, said),
        sender=str(said.get("phone", "")),
        text="",
        provider_id=call,
        kind="call",
    )
    request.app[STAGE].calls[call] = DemoCall(caller, example.slug)
    return await _say_on_call(request, call, "", example.code)


async def talk(request: web.Request) -> web.Response:
    """What the caller says or keys in."""
    said = await _json(request)
    words = str(said.get("digits") or said.get("text") or "")
    return await _say_on_call(request, request.match_info["call"], cleaned(words)[:LONGEST_TEXT], None)


async def _say_on_call(request: web.Request, call: str, words: str, code: str | None) -> web.Response:
    on = request.app[STAGE]
    if call not in on.calls:
        raise _refused(web.HTTPNotFound, "That call has ended.")
    under_way = on.calls[call]
    turn = replace(under_way.caller, text=words, provider_id=f"{call}:{under_way.turn}")
    under_way.turn += 1
    _, said = await on.reception.receive_and_wait(turn, code)
    choices = said.choices if said else []
    return web.json_response({"call": call, "say": [said.body] if said else [], "choices": choices})


async def hang_up(request: web.Request) -> web.Response:
    """The caller ends the call."""
    on, call = request.app[STAGE], request.match_info["call"]
    under_way = on.calls.pop(call, None)
    if under_way is not None:
        business = await _business(request, under_way.business)
        async with on.db.tenant(business.id) as tx:
            await calls.end(tx, call, status="completed", seconds=0, now=on.reception.now())
    return web.json_response({"ok": True})


def _refused(kind: type[web.HTTPClientError], words: str) -> web.HTTPClientError:
    """A refusal that the page shows as it is."""
    return kind(text=json.dumps({"error": words}), content_type="application/json")


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        said = await request.json()
    except ValueError:
        raise _refused(web.HTTPBadRequest, "That is no JSON.") from None
    if not isinstance(said, dict):
        raise _refused(web.HTTPBadRequest, "An object is expected.")
    return said


def _example(request: web.Request, said: dict[str, Any]) -> Example:
    for example in request.app[STAGE].examples:
        if example.slug == said.get("business"):
            return example
    raise _refused(web.HTTPNotFound, "No such business.")


async def _business(request: web.Request, slug: str) -> Business:
    business = await find(request.app[STAGE].db, slug)
    if business is None:
        raise _refused(web.HTTPNotFound, "No such business.")
    return business


def _line(example: Example, said: dict[str, Any]) -> str:
    return example.shared_number or example.number if said.get("line") == "shared" else example.number
