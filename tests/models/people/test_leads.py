"""Scores and qualities of leads, and the projects that come of them."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models.db import Database
from models.people import interactions, leads, projects
from models.people.projects import OVER, STAGES, Advance
from models.people.tables import ProjectStatus
from tests.make import make_customer, make_tenant, make_user

TODAY = date(2026, 11, 18)


@given(price=st.integers(0, 10**9), description=st.none() | st.text(max_size=200))
def test_a_score_says_who_means_it(price: int, description: str | None) -> None:
    score = leads.calculate_lead_score(price, description)
    assert score == (70 if price else 50 if len(description or "") > 100 else 30)


async def test_a_consultation_leads_to_one_project_that_goes_forwards(database: Database, now: datetime) -> None:
    tenant = await make_tenant(database)
    customer = await make_customer(database, tenant.id)
    ravi = await make_user(database, tenant.id)
    async with database.tenant(tenant.id) as tx:
        project = await projects.open_project(tx, customer.id, "Shop", value=15_000_00)
        for stage in (ProjectStatus.PROPOSAL_SENT, ProjectStatus.SIGNED, ProjectStatus.COMPLETED):
            done = await projects.advance(tx, project.id, stage, by=ravi.id, now=now, today=TODAY)
            assert done is Advance.ADVANCED
            assert await projects.advance(tx, project.id, stage, by=ravi.id, now=now, today=TODAY) is Advance.ALREADY
        back = await projects.advance(tx, project.id, ProjectStatus.LEAD, by=ravi.id, now=now, today=TODAY)
        steps = [step.interaction_type for step in await interactions.journey(tx, customer.id)]
        row = await tx.one(text("SELECT lead_quality, status FROM customers WHERE id = :id"), id=customer.id)
        assert await projects.pipeline(tx) == []
    assert back is Advance.BACK
    assert steps == ["proposal_sent", "contract_signed", "project_completed"]
    assert (row.lead_quality, row.status) == ("converted", "active")


async def test_no_stage_leads_back(database: Database, now: datetime) -> None:
    tenant = await make_tenant(database)
    customer = await make_customer(database, tenant.id)
    ravi = await make_user(database, tenant.id)
    async with database.tenant(tenant.id) as tx:
        for was in STAGES:
            for to in ProjectStatus:
                project = await projects.open_project(tx, customer.id, f"{was} {to}", stage=was)
                done = await projects.advance(tx, project.id, to, by=ravi.id, now=now, today=TODAY)
                forwards = to is ProjectStatus.CANCELLED or STAGES.index(to) > STAGES.index(was)
                assert (done is Advance.ADVANCED) == (forwards and was not in OVER), (was, to)


async def test_who_was_written_off_is_not_promoted(database: Database) -> None:
    tenant = await make_tenant(database)
    customer = await make_customer(database, tenant.id, lead_quality="churned", status="churned")
    async with database.tenant(tenant.id) as tx:
        await leads.update_customer_stats(tx, customer.id, bookings=3, revenue=1_000_00)
        row = await tx.one(text("SELECT * FROM customers WHERE id = :id"), id=customer.id)
    assert (row.lead_quality, row.status, row.total_revenue) == ("churned", "churned", 1_000_00)


async def test_a_business_says_what_much_revenue_is(database: Database) -> None:
    tenant = await make_tenant(database, settings={"lead_hot_revenue": 10, "lead_converted_revenue": 20})
    customer = await make_customer(database, tenant.id)
    async with database.tenant(tenant.id) as tx:
        await leads.update_customer_stats(tx, customer.id, bookings=2, revenue=11)
        assert await tx.value(text("SELECT lead_quality FROM customers")) == "hot"
        await leads.update_customer_stats(tx, customer.id, bookings=1, revenue=10)
        assert await tx.value(text("SELECT lead_quality FROM customers")) == "converted"
        await leads.update_customer_stats(tx, customer.id)
        assert await tx.value(text("SELECT lead_quality FROM customers")) == "converted"
