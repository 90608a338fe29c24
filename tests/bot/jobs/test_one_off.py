"""Attempts at a job: what an error undoes, what is waited for, and what two processes make of one delivery."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.jobs.context import JobContext
from bot.jobs.desk import Desk
from bot.jobs.one_off import ELSEWHERE, FIRST_PAUSE, LEASE, LONGEST_PAUSE, OneOffs, pause
from bot.jobs.outcome import Done, Outcome
from bot.jobs.registry import ONE_OFF, PERIODIC, OneOff
from bot.jobs.runner import line_of
from models.operations import background
from models.operations.queue import enqueue
from models.vault import Vault
from tests.bot.town import Shop

JOB = "SELECT status, attempts, error_message FROM background_jobs"


async def asked(shop: Shop, **more: Any) -> UUID:
    async with shop.town.services.db.tenant(shop.tenant_id) as tx:
        return await enqueue(tx, "work", {}, now=shop.town.clock.now, **more)


def doing(shop: Shop, vault: Vault, work: Any) -> OneOffs:
    desk = Desk(shop.town.services.db, vault, None, shop.town.clock)
    return OneOffs(desk, {"work": OneOff("work", work)})


async def done(_job: JobContext, _payload: dict[str, Any]) -> Outcome:
    return Done()


async def broken(job: JobContext, _payload: dict[str, Any]) -> Outcome:
    await job.tx.run(text("UPDATE tenants SET business_name = 'Half done'"))
    raise ValueError("out of beans\nDETAIL: +2348031234567")


async def test_an_error_undoes_the_work_and_means_again_for_a_while(cafe: Shop, vault: Vault) -> None:
    """The lines below the first are PostgreSQL's details, with people's values in them: they are not kept."""
    jobs, job_id = doing(cafe, vault, broken), await asked(cafe, max_attempts=3)
    for attempt in (1, 2):
        assert await jobs.take(cafe.tenant_id, job_id) == pause(attempt)
        assert await cafe.rows(JOB) == [("retrying", attempt, "ValueError: out of beans")]
        assert await jobs.take(cafe.tenant_id, job_id) == pause(attempt)  # too early is no attempt
        cafe.town.clock.now += pause(attempt)
    assert await jobs.take(cafe.tenant_id, job_id) is None
    assert await cafe.rows(JOB) == [("failed", 3, "ValueError: out of beans")]
    assert await cafe.rows("SELECT FROM tenants WHERE business_name = 'Half done'") == []
    assert await jobs.take(cafe.tenant_id, job_id) is None


def test_pauses_grow_to_half_an_hour() -> None:
    assert [pause(n) for n in (1, 2, 3)] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pause(40) == LONGEST_PAUSE


async def test_two_who_have_the_same_delivery_do_it_once(cafe: Shop, vault: Vault) -> None:
    """A process may only seem to be gone: the second does not wait for the first, and comes back."""
    at_work, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_job: JobContext, _payload: dict[str, Any]) -> Outcome:
        at_work.set()
        await go_on.wait()
        return Done()

    job_id = await asked(cafe)
    first = asyncio.create_task(doing(cafe, vault, slow).take(cafe.tenant_id, job_id))
    await at_work.wait()
    second = doing(cafe, vault, done)
    assert await second.take(cafe.tenant_id, job_id) == ELSEWHERE
    go_on.set()
    assert await first is None
    assert await second.take(cafe.tenant_id, job_id) is None
    assert await cafe.rows(JOB) == [("completed", 1, None)]


async def test_a_hundred_deliveries_of_one_job_are_one_job(cafe: Shop, vault: Vault) -> None:
    count = 0

    async def counting(_job: JobContext, _payload: dict[str, Any]) -> Outcome:
        nonlocal count
        count += 1
        return Done()

    jobs, job_id = doing(cafe, vault, counting), await asked(cafe)
    said = await asyncio.gather(*(jobs.take(cafe.tenant_id, job_id) for _ in range(100)))
    assert set(said) <= {None, ELSEWHERE, LEASE}
    assert count == 1
    assert await cafe.rows(JOB) == [("completed", 1, None)]


async def test_what_only_a_newer_process_knows_is_left_to_it(cafe: Shop, vault: Vault) -> None:
    job_id = await asked(cafe)
    assert (
        await OneOffs(Desk(cafe.town.services.db, vault, None, cafe.town.clock), {}).take(cafe.tenant_id, job_id)
        == ELSEWHERE
    )
    assert await cafe.rows(JOB) == [("pending", 0, None)]


async def test_a_job_of_another_business_is_nobodys(cafe: Shop, laundry: Shop, vault: Vault) -> None:
    job_id = await asked(cafe)
    assert await doing(laundry, vault, done).take(laundry.tenant_id, job_id) is None
    assert await cafe.rows(JOB) == [("pending", 0, None)]


async def test_what_is_over_is_forgotten_after_a_month(cafe: Shop, vault: Vault) -> None:
    await doing(cafe, vault, done).take(cafe.tenant_id, await asked(cafe))
    await asked(cafe, due=cafe.town.clock.now + timedelta(days=60))
    cafe.town.clock.now += background.KEPT
    assert await cafe.runs("forget_jobs") == 0
    cafe.town.clock.pass_by(seconds=1)
    assert await cafe.runs("forget_jobs") == 1
    assert await cafe.rows(JOB) == [("pending", 0, None)]


@pytest.mark.parametrize("name", [job.name for job in PERIODIC])
async def test_every_job_comes_round_where_there_is_nothing_to_do(cafe: Shop, name: str) -> None:
    assert await cafe.runs(name) >= 0
    assert len(await cafe.rows("SELECT FROM cron_job_logs WHERE job_name = :name", name=name)) == 1


def test_names_are_told_apart() -> None:
    assert len({line_of(job) for job in PERIODIC}) == len(PERIODIC)
    assert all(name == job.name for name, job in ONE_OFF.items())
