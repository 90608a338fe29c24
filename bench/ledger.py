"""Points earned and rewards redeemed a second, next to a floor in the same run.

    python -m bench.ledger [--seconds 1.5] [--people 64] [--connections 16]

`earn` is what a purchase does to the ledger: lock the balance, look the key up, entry, lot, sums. `redeem` is a reward
from wish to counter: a code is issued, which holds points and a piece of stock, and then fulfilled; each connection has
a reward of its own, as a customer has one live code for each. Both run for one customer, whose balance row all
connections wait for in turn, and for many. The floor is a transaction that inserts a
row and updates one by its key: once on a row that all share, once on rows of their own. PostgreSQL, the floor and the
ledger share the machine's cores, and commits are durable in all of them.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from bot.migrating import migrate
from bot.postgres import running
from models.db import Database
from models.loyalty import ledger, redemptions
from models.loyalty.redemptions import Fulfilled, Issued
from models.loyalty.tables import Reward
from models.people import members
from models.people.staff import find_user
from models.people.tables import User
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find
from models.vault import Vault

ROOT = Path(__file__).resolve().parent.parent
VAULT = Vault("a secret for the bench alone, 32 long")
SLUG, OWNER = "lekki-coffee-house", "+2348030000001"
POINTS = 50_000_000
"""What everybody has to begin with: no bench runs out of them."""
FLOOR = """
CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account int NOT NULL, points int NOT NULL);
CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL) WITH (fillfactor = 70);
"""

Work = Callable[[int, int], Awaitable[None]]
"""One piece of work for the account of this number, by the worker of that number."""


@dataclass(frozen=True)
class Bench:
    """A business with members, rewards without end, and somebody at the till."""

    db: Database
    tenant_id: UUID
    staff: User
    people: list[UUID]
    rewards: list[UUID]
    keys: "count[int]"

    async def earn(self, person: int, _: int) -> None:
        key = f"bench:{next(self.keys)}"
        async with self.db.tenant(self.tenant_id) as tx:
            await ledger.earn(tx, self.people[person], 10, key=key, now=datetime.now(UTC))

    async def redeem(self, person: int, worker: int) -> None:
        whose: dict[str, Any] = {"customer_id": self.people[person], "reward_id": self.rewards[worker]}
        async with self.db.tenant(self.tenant_id) as tx:
            issued = await redemptions.issue(tx, VAULT, now=datetime.now(UTC), **whose)
        assert isinstance(issued, Issued), issued
        async with self.db.tenant(self.tenant_id) as tx:
            done = await redemptions.fulfil(tx, VAULT, issued.code, by=self.staff, now=datetime.now(UTC))
        assert isinstance(done, Fulfilled), done


async def main() -> None:
    options = _options()
    data = _folder()
    try:
        async with running(data) as postgres:
            print(f"{options.connections} connections, {options.seconds:g} s each, {options.people} customers")
            print(f"{'':10}{'one customer/s':>16}{'many customers/s':>18}")
            floor = await _floor(postgres.dsn, options)
            _print("floor", floor)
            for name, rates in (await _ledger(postgres.dsn, options)).items():
                _print(name, rates, floor)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--people", type=int, default=64)
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


def _folder() -> Path:
    """A folder that others may enter: as root, the server runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    folder.chmod(0o755)
    return folder


async def _floor(dsn: str, options: argparse.Namespace) -> tuple[float, float]:
    """Transactions a second that insert one row and update another: on one shared row, and on many."""
    pool = await asyncpg.create_pool(dsn, min_size=options.connections, max_size=options.connections)
    await pool.execute(FLOOR)
    await pool.execute("INSERT INTO account SELECT n, 0 FROM generate_series(0, $1) n", options.people)

    async def write(account: int, _: int) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("INSERT INTO entry (account, points) VALUES ($1, 10)", account)
            await connection.execute("UPDATE account SET balance = balance + 10 WHERE id = $1", account)

    rates = await _rate(write, 1, options), await _rate(write, options.people, options)
    written = await pool.fetchval("SELECT sum(balance) = (SELECT sum(points) FROM entry) FROM account")
    assert written, "the floor has lost an update"
    await pool.close()
    return rates


async def _ledger(dsn: str, options: argparse.Namespace) -> dict[str, tuple[float, float]]:
    await migrate(dsn)
    db = await Database.connect(dsn, size=options.connections)
    bench = await _make(db, options)
    rates = {
        name: (await _rate(work, 1, options), await _rate(work, options.people, options))
        for name, work in (("redeem", bench.redeem), ("earn", bench.earn))
    }
    await _check(bench)
    await db.close()
    return rates


async def _make(db: Database, options: argparse.Namespace) -> Bench:
    await apply(db, VAULT, BusinessFile.read(ROOT / "examples" / "cafe.toml"), datetime.now(UTC))
    business = await find(db, SLUG)
    assert business is not None
    now = datetime.now(UTC)
    async with db.tenant(business.id) as tx:
        staff = await find_user(tx, OWNER)
        assert staff is not None
        rewards = [
            Reward(tenant_id=business.id, name=f"Bench {n}", points_required=10) for n in range(options.connections)
        ]
        await tx.add(*rewards)
        known: list[UUID] = []
        for person in range(options.people):
            member = await members.add_customer(tx, f"+23480{10_000_000 + person}", None, by=staff, now=now)
            await ledger.earn(tx, member.id, POINTS, key=f"start:{person}", now=now)
            known.append(member.id)
    return Bench(db, business.id, staff, known, [reward.id for reward in rewards], count())


async def _rate(work: Work, people: int, options: argparse.Namespace) -> float:
    """How often a second the work is done, by as many at once as there are connections; the first go is a rehearsal."""
    await _loop(work, people, options.connections, options.seconds / 5)
    done, seconds = await _loop(work, people, options.connections, options.seconds)
    return done / seconds


async def _loop(work: Work, people: int, connections: int, seconds: float) -> tuple[int, float]:
    turns = count()
    started = time.perf_counter()
    until = started + seconds

    async def worker(number: int) -> int:
        done = 0
        while time.perf_counter() < until:
            await work(next(turns) % people, number)
            done += 1
        return done

    done = sum(await asyncio.gather(*(worker(number) for number in range(connections))))
    return done, time.perf_counter() - started


async def _check(bench: Bench) -> None:
    """The books balance after all that."""
    wrong = """
        SELECT count(*) FROM customer_points_balance b WHERE b.current_balance <>
          (SELECT sum(points) FROM points_transactions t WHERE t.customer_id = b.customer_id)
        OR b.current_balance <>
          (SELECT sum(remaining) FROM points_lots l WHERE l.customer_id = b.customer_id) + b.held - b.debt
    """
    async with bench.db.tenant(bench.tenant_id) as tx:
        found = await tx.value(text(wrong))
    assert found == 0, f"{found} accounts do not balance"


def _print(name: str, rates: tuple[float, float], floor: tuple[float, float] | None = None) -> None:
    line = f"{name:10}{rates[0]:16.0f}{rates[1]:18.0f}"
    if floor:
        ratios = (f"{100 * rate / bare:.0f} %" for rate, bare in zip(rates, floor, strict=True))
        line += f"   {' and '.join(ratios)} of the floor"
    print(line)


if __name__ == "__main__":
    asyncio.run(main())
