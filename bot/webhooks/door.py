"""What every webhook of Twilio passes first: nothing is read, kept or looked up before the signature holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import MultiDictProxy

from bot import metrics
from bot.channels.twilio_signature import is_from_twilio
from bot.reception import Reception
from models.db import Database
from models.errors import BadForm

LARGEST_BODY = 64 * 1024
"""Bytes of a webhook's body. Twilio's forms stay under 8 kB."""

Form = MultiDictProxy[str]


@dataclass(frozen=True, slots=True)
class Door:
    """What the webhooks share. `tokens` are the secrets that may have signed; `account` is ours at Twilio."""

    reception: Reception
    db: Database
    tokens: Sequence[str]
    public_base_url: str
    account: str | None
    clock: Callable[[], datetime]


DOOR = web.AppKey("door", Door)


@web.middleware
async def refuse_bad_forms(request: web.Request, handler: Handler) -> web.StreamResponse:
    """400 for a form that lacks what the provider always sends."""
    try:
        return await handler(request)
    except BadForm as error:
        metrics.refused.labels("form").inc()
        raise web.HTTPBadRequest(text=str(error)) from error


async def verified(request: web.Request) -> Form:
    """The form of a webhook that Twilio has signed. Raises HTTPForbidden for every other, BadForm for what is none."""
    door = request.app[DOOR]
    form = await _form(request)
    genuine = is_from_twilio(
        tokens=door.tokens,
        public_base_url=door.public_base_url,
        raw_path_qs=request.raw_path,
        headers=request.headers,
        params=form.items(),
    )
    if not genuine:
        metrics.refused.labels("signature").inc()
        raise web.HTTPForbidden(text="The signature does not match.")
    if door.account and form.get("AccountSid", door.account) != door.account:
        metrics.refused.labels("account").inc()
        raise web.HTTPForbidden(text="The account is not ours.")
    return form


async def _form(request: web.Request) -> Form:
    # Twilio sends no multipart, and reading it would put a stranger's files on our disk
    if request.content_type.startswith("multipart/"):
        raise BadForm("The body is multipart, not a form.")
    try:
        return await request.post()  # type: ignore[return-value]  # without multipart there are no files
    except (ValueError, LookupError) as error:
        raise BadForm("The body is no form.") from error


def twiml(xml: str) -> web.Response:
    """An answer in Twilio's markup."""
    return web.Response(text=xml, content_type="text/xml")
