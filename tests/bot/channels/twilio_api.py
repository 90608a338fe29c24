"""A stand-in for Twilio's Messages resource on loopback: answers as told, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import MultiDict

CREATED = {"sid": "SM1", "status": "queued", "error_code": None, "num_segments": "1"}


class TwilioApi:
    """`answer` is the next one: status, body and headers. `hangs` keeps it until the server closes."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any, dict[str, str]] = (201, CREATED, {})
        self.hangs = False
        self.requests: list[tuple[str, str, MultiDict[str]]] = []
        self.under_way = self.most_under_way = 0
        self.url = ""
        self._closing = asyncio.Event()

    async def create(self, request: web.Request) -> web.Response:
        form = MultiDict((name, str(value)) for name, value in (await request.post()).items())
        self.requests.append((request.path, request.headers["Authorization"], form))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        # others that were let through at the same time arrive before this one is answered
        for _ in range(20):
            await asyncio.sleep(0)
        if self.hangs:
            await self._closing.wait()
        self.under_way -= 1
        status, body, headers = self.answer
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator["TwilioApi"]:
        api = cls()
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", api.create)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(access_log=None)
        api.url = str(server.make_url("/"))
        yield api
        api._closing.set()
        await server.close()
