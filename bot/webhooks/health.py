"""/healthz: the process is alive. /readyz: the database answers and is migrated. /metrics: what was counted."""

import asyncpg
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.migrating import migrated_to
from migrations import HEAD
from models.errors import DatabaseUnavailable

DSN = web.AppKey("dsn", str)


async def alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """503 until messages can be kept."""
    try:
        version = await migrated_to(request.app[DSN])
    except (DatabaseUnavailable, asyncpg.PostgresError) as error:
        return web.json_response({"status": "no database", "reason": str(error)}, status=503)
    if version != HEAD:
        return web.json_response({"status": "not migrated", "found": version, "needed": HEAD}, status=503)
    return web.json_response({"status": "ready"})


async def metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
