"""/webhooks/twilio/messages: a WhatsApp message or an SMS came in. /webhooks/twilio/status: how one of ours fares."""

from uuid import UUID

from aiohttp import web
from sqlalchemy import text

from bot.channels import twilio_messaging
from bot.channels.addresses import phone_of
from bot.channels.inbound import Inbound
from bot.channels.twilio_status import moves_forward, parse_status
from bot.channels.twilio_voice import twiml_messages
from bot.inbox import Receipt
from bot.webhooks.door import DOOR, Form, twiml, verified
from models.db import Database
from models.messaging import outbox
from models.tenancy.businesses import businesses_on_line
from prompts import LANGUAGES, say

_SHOWN = 8
_SENT_AS = text("SELECT tenant, message FROM message_sent_as(:line, :person, :sid)")


async def receive_message(request: web.Request) -> web.Response:
    """204 once the message is on disk; its answer goes out through the outbox.

    On a shared number, somebody who has not said which business he means is asked at once, in the answer itself:
    there is no business yet to keep a message for.
    """
    form = await verified(request)
    door = request.app[DOOR]
    inbound = twilio_messaging.parse(form)
    received = await door.reception.receive(inbound)
    if received.receipt is Receipt.NO_LINE:
        raise web.HTTPNotFound(text="No business has this number.")
    if received.receipt is Receipt.NO_BUSINESS:
        return twiml(twiml_messages([await which_business(door.db, inbound)]))
    return web.Response(status=204)


async def which_business(db: Database, inbound: Inbound) -> str:
    """Asks for a vendor code, with examples of those that this number knows."""
    known = (await businesses_on_line(db, inbound.line, inbound.channel))[:_SHOWN]
    lines = [say("house-business-line", {"business": one.name, "code": one.code}, LANGUAGES[0]) for one in known]
    return say("house-which-business", {"lines": "\n".join(lines)}, LANGUAGES[0])


async def receive_status(request: web.Request) -> web.Response:
    """Moves a message forwards, never back: callbacks come in any order, more than once, and carry no time."""
    form = await verified(request)
    door = request.app[DOOR]
    update = parse_status(form)
    tenant_id, message_id = _named(request.query.get("message", "")) or await _sent_as(door.db, form, update.sid)
    async with door.db.tenant(tenant_id) as tx:
        status = await outbox.locked_status(tx, message_id)
        if status is None:
            raise web.HTTPNotFound(text="No such message.")
        if moves_forward(status, update.status):
            await outbox.moved(tx, message_id, status=update.status, code=update.error_code, now=door.clock())
    return web.Response(status=204)


def _named(message: str) -> tuple[UUID, UUID] | None:
    """Our own ids, as the outbox wrote them into the callback's address; None for a callback set up by hand."""
    tenant, _, message_id = message.partition(".")
    try:
        return (UUID(tenant), UUID(message_id)) if message else None
    except ValueError:
        raise web.HTTPBadRequest(text="The callback names no message.") from None


async def _sent_as(db: Database, form: Form, sid: str) -> tuple[UUID, UUID]:
    """The message by the provider's id, among those of the number it came from. Raises HTTPNotFound."""
    line, person = phone_of(form.get("From", "")), phone_of(form.get("To", ""))
    rows = await db.ask(_SENT_AS, line=line, person=person, sid=sid)
    if not rows:
        raise web.HTTPNotFound(text="No such message.")
    return rows[0].tenant, rows[0].message
