"""Sending through Twilio's Messages resource.

Its create has no idempotency key: whatever ends without Twilio's own answer may have been sent. So nothing is
tried twice here, and the SDK's own retries, which repeat a POST after a 500, stay off.
"""

import asyncio
import logging
from base64 import b64encode
from contextvars import ContextVar
from typing import Any

import aiohttp

from bot.channels.addresses import address_of
from bot.channels.sender import Outgoing, Sent
from bot.channels.twilio_form import whole_number
from bot.channels.twilio_status import status_named
from models.errors import SendRefused
from models.messaging.tables import MessageStatus

OPTED_OUT = "21610"
"""Twilio's code for a recipient who sent STOP to this line."""

TIMEOUT = 10.0
"""Seconds for one call; Twilio itself gives a webhook 15."""

CONCURRENCY = 25
"""Calls under way at once: Twilio answers too many with 20429, without naming the number."""

# Full queues and spent budgets pass with time, though HTTP's 400 says that the request is wrong.
_LATER = frozenset({"20429", "21611", "63017", "63018", "63038"})
_TOO_MANY = 429
_UNAUTHORISED = 401
_SERVER_FAULT = 500

_retry_after: ContextVar[str | None] = ContextVar("retry_after", default=None)
_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)  # the SDK writes eight lines a message, the account's SID in them


class _Basic:
    """HTTP Basic as the SDK's credential provider: its own way uses a parameter aiohttp is about to drop."""

    def __init__(self, user: str, password: str) -> None:
        self._header = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def to_auth_strategy(self) -> "_Basic":
        return self

    def get_auth_string(self) -> str:
        return self._header


class TwilioSender:
    """Sends through one account. `api_base_url` points it at a stand-in for Twilio's API.

    Made anywhere, used in one event loop: the connections are opened with the first message.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_base_url: str | None = None,
        timeout: float = TIMEOUT,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._account_sid = account_sid
        self._credentials = _Basic(account_sid, auth_token)
        self._api_base_url = api_base_url
        self._timeout = timeout
        self._places = asyncio.Semaphore(concurrency)
        self._client: Any = None

    async def send(self, message: Outgoing) -> Sent:
        """Sends once. Raises SendRefused: final for 4xx, to be tried again after 429, 5xx or no answer.

        A 401 is tried again too: it says that our token is wrong, nothing about the message.
        """
        async with self._places:
            return await self._send(message)

    async def aclose(self) -> None:
        """Closes the connections; a later message would open them again."""
        if self._client is not None:
            await self._client.http_client.close()
            self._client = None

    async def _send(self, message: Outgoing) -> Sent:
        from twilio.base.exceptions import TwilioException  # noqa: PLC0415 - slow, see _connected

        if self._client is None:
            self._client = self._connected()
        try:
            # The SDK's own time-out is ignored by its async client, which would wait for ever.
            async with asyncio.timeout(self._timeout):
                created = await self._client.messages.create_async(**_parameters(message))
        except TwilioException as refusal:
            raise _refused(refusal) from refusal
        except aiohttp.ClientConnectorError as failure:
            raise SendRefused(None, None, str(failure), retry=True) from failure
        except (TimeoutError, aiohttp.ClientError, ValueError) as failure:
            raise _unanswered(type(failure).__name__) from failure
        if not created.sid:
            raise _unanswered("an answer without a SID")
        return Sent(created.sid, status_named(created.status) or MessageStatus.QUEUED)

    def _connected(self) -> Any:  # noqa: ANN401 - the SDK ships no types
        """The SDK's client, its session opened in the running loop."""
        # Together 100 ms to import, which an installation without an account never pays.
        from twilio.http.async_http_client import AsyncTwilioHttpClient  # noqa: PLC0415 - slow
        from twilio.rest import Client  # noqa: PLC0415 - slow

        http = AsyncTwilioHttpClient(trace_configs=[_noting_retry_after()], logger=_log)
        sid, credentials = self._account_sid, self._credentials
        client = Client(account_sid=sid, credential_provider=credentials, http_client=http)
        if self._api_base_url is not None:
            client.api.base_url = self._api_base_url
        return client


def _parameters(message: Outgoing) -> dict[str, object]:
    """The arguments of the SDK's create. A field without a value is left out: Twilio refuses a blank one."""
    given = {
        "to": address_of(message.to, message.channel),
        "from_": address_of(message.line, message.channel),
        "body": message.body,
        "media_url": [message.media_url] if message.media_url else None,
        "status_callback": message.status_callback,
    }
    return {name: value for name, value in given.items() if value}


def _noting_retry_after() -> aiohttp.TraceConfig:
    """Keeps a header that the SDK's errors drop: a trace runs in the task of its request."""

    async def note(_session: object, _context: object, end: aiohttp.TraceRequestEndParams) -> None:
        _retry_after.set(end.response.headers.get("Retry-After"))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace


def _refused(error: Exception) -> SendRefused:
    """What Twilio's answer means for the message."""
    status = getattr(error, "status", None)
    code = str(getattr(error, "code", None) or status or "") or None
    words = str(getattr(error, "msg", "") or getattr(error, "detail", "") or error)
    if not isinstance(status, int) or status >= _SERVER_FAULT:
        return SendRefused(code, status, words, retry=True, uncertain=True)
    may_pass = status in {_TOO_MANY, _UNAUTHORISED} or code in _LATER
    # Its other form, a date, is left to the caller's own back-off.
    after = whole_number(_retry_after.get() or "")
    return SendRefused(code, status, words, retry=may_pass, after=after)


def _unanswered(instead: str) -> SendRefused:
    return SendRefused(None, None, f"Twilio did not answer: {instead}.", retry=True, uncertain=True)
