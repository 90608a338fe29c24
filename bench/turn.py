"""Whole messages a second through the real server, next to a floor in the same run.

    python -m bench.turn [--rounds 3] [--people 1024] [--connections 32]

Each person writes three messages: "points", "redeem" (which asks a question and stores where the conversation is) and
"cancel". A message counts when its turn is committed: event, both messages, turn, state. PIN checks and the provider's
own API are left out: there is no account SID, so replies are marked as shown and not sent. Servers run one at a time
on the first core; Postgres and the generator share the second.
"""

import argparse
import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from bench import floor, load
from bot.migrating import migrate
from bot.postgres import running
from models.base import Channel
from models.db import Database
from models.loyalty import ledger
from models.people import members
from models.people.staff import find_user
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import all_businesses
from models.vault import Vault

ROOT = Path(__file__).resolve().parent.parent
BASE, TOKEN, SECRET = "https://bench.example", "12345", "a secret for the bench alone, 32 long"
LINE, SAID = "+14155550101", ("points", "redeem", "cancel")
TICK = os.sysconf("SC_CLK_TCK")
DONE = {
    "floor": "SELECT count(*) FROM turn WHERE answer <> ''",
    "real": "SELECT count(*) FROM turns WHERE answer <> '' AND intent IN"
    " ('points.shown', 'redemption.next', 'redemption.cancel')",
}
WAITING = "SELECT count(*) FROM inbound_events WHERE processed_at IS NULL"
PORTS = {"floor": 18431, "real": 18432}


@dataclass
class Round:
    """One run of one server."""

    rate: float
    server_us: float
    postgres_us: float
    p50: float
    p99: float


async def main() -> None:
    options = _options()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[1]})
    data = _folder()
    try:
        async with running(data) as postgres:
            rounds: dict[str, list[Round]] = {"floor": [], "real": []}
            for name in ("floor", "real"):
                await _make_database(postgres.dsn, name, options.people)
            for turn in range(options.rounds + 1):
                for name in ("floor", "real"):
                    one = await _round(name, postgres.dsn, cores[0], options, turn)
                    if turn:  # the first warms caches and plans up
                        rounds[name].append(one)
            _print(rounds, options)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _folder() -> Path:
    """A folder that others may enter: as root, the server runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    folder.chmod(0o755)
    return folder


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=1024)
    parser.add_argument("--connections", type=int, default=32)
    return parser.parse_args()


async def _make_database(dsn: str, name: str, people: int) -> None:
    owner = await asyncpg.connect(dsn)
    await owner.execute(f"CREATE DATABASE {name}")
    await owner.close()
    if name == "real":
        await migrate(_of(dsn, name))
        db = await Database.connect(_of(dsn, name))
        await apply(db, Vault(SECRET), BusinessFile.read(ROOT / "examples" / "cafe.toml"), datetime.now(UTC))
        await _join_all(db, people)
        await db.close()
        return
    owner = await asyncpg.connect(_of(dsn, name))
    await owner.execute(floor.TABLES + floor.DO)
    await owner.execute("INSERT INTO line VALUES ($1, gen_random_uuid())", LINE)
    await owner.execute(floor.REWARDS)
    await owner.close()


def _of(dsn: str, name: str) -> str:
    head, _, query = dsn.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


async def _round(name: str, dsn: str, core: int, options: argparse.Namespace, turn: int) -> Round:
    threads = [_thread(person, turn) for person in range(options.people)]
    owner = await asyncpg.connect(_of(dsn, name))
    postmaster = int(await owner.fetchval("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))
    async with _server(name, dsn, core) as server:
        before = _cpu(server), _cpu_of_children(postmaster)
        started = time.perf_counter()
        result = await load.run(PORTS[name], threads, options.connections)
        while name == "real" and await owner.fetchval(WAITING):  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.005)
        seconds = time.perf_counter() - started
        after = _cpu(server), _cpu_of_children(postmaster)
    await _check(owner, name, len(threads) * len(SAID), turn, result)
    await owner.close()
    messages = len(threads) * len(SAID)
    server_us, postgres_us = (1e6 * (late - early) / messages for early, late in zip(before, after, strict=True))
    return Round(messages / seconds, server_us, postgres_us, result.percentile(0.5), result.percentile(0.99))


def _thread(person: int, turn: int) -> list[bytes]:
    phone = f"+23480{10_000_000 + person}"
    return [
        load.request(BASE, TOKEN, _fields(phone, said, f"{turn:08x}{person:08x}{place:016x}"))
        for place, said in enumerate(SAID)
    ]


def _fields(phone: str, said: str, tail: str) -> dict[str, str]:
    """The fields of a real WhatsApp message."""
    return {
        "SmsMessageSid": f"SM{tail}",
        "NumMedia": "0",
        "ProfileName": "Chioma",
        "MessageType": "text",
        "SmsSid": f"SM{tail}",
        "WaId": phone[1:],
        "SmsStatus": "received",
        "Body": said,
        "To": f"whatsapp:{LINE}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": f"SM{tail}",
        "AccountSid": "AC" + "0" * 32,
        "From": f"whatsapp:{phone}",
        "ApiVersion": "2010-04-01",
    }


async def _join_all(db: Database, people: int) -> None:
    """Members with points enough for two of the three rewards, so that every "redeem" asks a question."""
    (business,) = await all_businesses(db)
    now = datetime.now(UTC)
    async with db.tenant(business.id) as tx:
        owner = await find_user(tx, "+2348030000001")
        assert owner is not None
        for person in range(people):
            member = await members.add_customer(tx, _phone(person), None, by=owner, now=now)
            await members.join(tx, member.id, channel=Channel.WHATSAPP, source="bench", wording="bench", now=now)
            await ledger.earn(tx, member.id, 300, key=f"bench:{person}", now=now)


def _phone(person: int) -> str:
    return f"+23480{10_000_000 + person}"


@asynccontextmanager
async def _server(name: str, dsn: str, core: int) -> AsyncIterator[int]:
    environment = {
        **os.environ,
        "DATABASE_URL": _of(dsn, name),
        "HOST": "127.0.0.1",
        "PORT": str(PORTS[name]),
        "PUBLIC_BASE_URL": BASE,
        "SECRET_KEY": SECRET,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": "",
        "LOG_LEVEL": "warning",
    }
    arguments = ["-m", "bench.floor"] if name == "floor" else ["-m", "bot", "serve"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        await _listening(PORTS[name])
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM if name == "real" else signal.SIGKILL)
        await process.wait()


async def _listening(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise SystemExit(f"nothing listens on {port}")


def _cpu(pid: int) -> float:
    """Seconds of a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _cpu_of_children(parent: int) -> float:
    """Seconds of the server's processes that live, and of those that have ended."""
    fields = Path(f"/proc/{parent}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    total = (int(fields[13]) + int(fields[14])) / TICK
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split():
        total += _cpu(int(child))
    return total


async def _check(owner: asyncpg.Connection, name: str, messages: int, turn: int, result: load.Result) -> None:
    """The work was really done."""
    assert result.refused == 0, f"{result.refused} requests refused"
    done = await owner.fetchval(DONE[name])
    assert done == messages * (turn + 1), f"{done} turns for {messages * (turn + 1)} messages"


def _print(rounds: dict[str, list[Round]], options: argparse.Namespace) -> None:
    print(
        f"{options.people * len(SAID)} messages a round, medians of {options.rounds}, {options.connections} connections"
    )
    print(f"{'':8}{'msgs/s':>10}{'server µs':>12}{'postgres µs':>13}{'ack p50 ms':>12}{'ack p99 ms':>12}")
    middle = {name: _median(of_server) for name, of_server in rounds.items()}
    for name, one in middle.items():
        print(f"{name:8}{one.rate:10.0f}{one.server_us:12.0f}{one.postgres_us:13.0f}{one.p50:12.1f}{one.p99:12.1f}")
    real, bare = middle["real"], middle["floor"]
    print(
        f"ratio: {100 * real.rate / bare.rate:.0f} % of the floor's rate, {real.server_us / bare.server_us:.1f} times"
        f" its server CPU, {real.postgres_us / bare.postgres_us:.1f} times its Postgres CPU"
    )


def _median(rounds: list[Round]) -> Round:
    return Round(*(statistics.median(getattr(one, name) for one in rounds) for name in Round.__dataclass_fields__))


if __name__ == "__main__":
    asyncio.run(main())
