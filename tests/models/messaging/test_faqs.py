"""The FAQ that is meant is found by words close enough; what fits none is left alone."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import bindparam
from sqlmodel import col, select

from models.base import uuid7
from models.db import Database
from models.messaging import faqs
from models.messaging.tables import Faq, UnansweredQuestion
from models.tenancy.apply import apply
from models.vault import Vault
from tests.make import make_customer, make_tenant
from tests.models.messaging import paraphrases
from tests.shops import afresh, open_shop, variation

PARAPHRASES = {
    "cafe": paraphrases.CAFE,
    "laundry": paraphrases.LAUNDRY,
    "carpet_cleaning": paraphrases.CARPET,
    "consultancy": paraphrases.CONSULTANCY,
}
_UNANSWERED = select(UnansweredQuestion).where(col(UnansweredQuestion.tenant_id) == bindparam("tenant"))


async def add(database: Database, tenant_id: UUID, question: str, *aliases: str) -> Faq:
    faq = Faq(tenant_id=tenant_id, question=question, answer="Because.", aliases=list(aliases))
    async with database.tenant(tenant_id) as tx:
        await tx.add(faq)
    return faq


async def asked(database: Database, tenant_id: UUID, question: str, limit: int = 3) -> faqs.FaqMatch:
    async with database.tenant(tenant_id) as tx:
        return await faqs.search(tx, question, limit=limit)


@pytest.mark.parametrize("name", list(PARAPHRASES))
async def test_paraphrases_find_their_faq(database: Database, vault: Vault, now: datetime, name: str) -> None:
    """Nine in ten are among the three, half are sure, and none is sure and wrong."""
    questions: Mapping[str, str] = PARAPHRASES[name]
    tenant = await open_shop(database, vault, afresh(name), now)
    found = {question: await asked(database, tenant.id, question) for question in questions}
    close = [q for q, match in found.items() if questions[q] in {faq.question for faq in match.candidates}]
    sure = {q: match.best.question for q, match in found.items() if match.best}
    assert len(close) >= 0.9 * len(questions)
    assert len(sure) >= 0.5 * len(questions)
    assert {q: meant for q, meant in sure.items() if meant != questions[q]} == {}


@pytest.mark.parametrize("name", list(PARAPHRASES))
async def test_questions_that_are_nobody_s_business_get_no_sure_answer(
    database: Database, vault: Vault, now: datetime, name: str
) -> None:
    tenant = await open_shop(database, vault, afresh(name), now)
    found = {question: await asked(database, tenant.id, question) for question in paraphrases.FOREIGN}
    assert len([question for question, match in found.items() if match.best]) <= 1
    assert len([question for question, match in found.items() if match.candidates]) <= 6


@pytest.mark.parametrize("name", list(PARAPHRASES))
async def test_the_words_of_the_file_are_always_sure(
    database: Database, vault: Vault, now: datetime, name: str
) -> None:
    file = afresh(name)
    tenant = await open_shop(database, vault, file, now)
    for entry in file.faqs:
        for words in (entry.question, *entry.aliases):
            match = await asked(database, tenant.id, words.upper())
            assert match.best is not None, words
            assert match.best.question == entry.question


async def test_candidates_come_closest_first_and_no_more_than_asked_for(database: Database) -> None:
    tenant = await make_tenant(database)
    for thing in ("shirts", "suits", "curtains", "carpets"):
        await add(database, tenant.id, f"Do you clean {thing}?")
    match = await asked(database, tenant.id, "do you clean curtains and carpets")
    assert match.best is None
    assert [faq.question for faq in match.candidates][:2] == [
        "Do you clean curtains?",
        "Do you clean carpets?",
    ]
    assert len(match.candidates) == 3
    assert len((await asked(database, tenant.id, "do you clean?", limit=1)).candidates) == 1


async def test_an_alias_is_as_good_as_the_question(database: Database) -> None:
    tenant = await make_tenant(database)
    parking = await add(database, tenant.id, "Is there parking?", "Where do I leave my car?")
    match = await asked(database, tenant.id, "where can i leave the car")
    assert match.best is not None
    assert match.best.id == parking.id


async def test_what_has_retired_is_not_found_but_can_still_be_answered(
    database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("cafe")
    tenant = await open_shop(database, vault, file, now)
    before = await asked(database, tenant.id, file.faqs[2].question)
    assert before.best is not None
    await apply(database, vault, variation(file, {"faqs": [*file.faqs[:2], *file.faqs[3:]]}), now)
    after = await asked(database, tenant.id, file.faqs[2].question)
    assert before.best.id not in {faq.id for faq in after.candidates}
    async with database.tenant(tenant.id) as tx:
        (kept,) = await faqs.by_ids(tx, [str(before.best.id)])
    assert kept.answer == before.best.answer


async def test_another_business_s_faq_is_never_found(database: Database) -> None:
    ours, theirs = await make_tenant(database), await make_tenant(database)
    faq = await add(database, theirs.id, "Is there parking?")
    assert await asked(database, ours.id, "Is there parking?") == faqs.FaqMatch(None, [])
    async with database.tenant(ours.id) as tx:
        assert await faqs.by_ids(tx, [faq.id]) == []
        await faqs.count_use(tx, faq.id)
    async with database.tenant(theirs.id) as tx:
        (untouched,) = await faqs.by_ids(tx, [faq.id])
    assert untouched.usage_count == 0


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "the of and",
        "'; DROP TABLE faqs; --",
        "a & b | !c <-> (d:*)",
        "http://x.example/?a=1&b=2",
        "🙂",
        "٣ ما",
    ],
)
async def test_any_text_can_be_asked(database: Database, question: str) -> None:
    """Operators of the search language, quotes and signs are words like others, not orders."""
    tenant = await make_tenant(database)
    await add(database, tenant.id, "Is there parking?")
    assert (await asked(database, tenant.id, question)).best is None


async def test_found_by_id_in_the_order_asked_for(database: Database) -> None:
    tenant = await make_tenant(database)
    first, second = [await add(database, tenant.id, question) for question in ("One?", "Two?")]
    async with database.tenant(tenant.id) as tx:
        found = await faqs.by_ids(tx, [second.id, uuid7(), first.id])
    assert [faq.question for faq in found] == ["Two?", "One?"]


async def test_uses_are_counted(database: Database) -> None:
    tenant = await make_tenant(database)
    faq = await add(database, tenant.id, "Is there parking?")
    for _ in range(2):
        async with database.tenant(tenant.id) as tx:
            await faqs.count_use(tx, faq.id)
    async with database.tenant(tenant.id) as tx:
        (used,) = await faqs.by_ids(tx, [faq.id])
    assert used.usage_count == 2


async def test_a_question_without_an_answer_is_kept_for_the_owner(database: Database, now: datetime) -> None:
    tenant = await make_tenant(database)
    customer = await make_customer(database, tenant.id)
    async with database.tenant(tenant.id) as tx:
        await faqs.record_unanswered(tx, customer.id, "Do you sell shoes?", "sms", now)
    async with database.tenant(tenant.id) as tx:
        (kept,) = await tx.all(_UNANSWERED, tenant=tenant.id)
    assert (kept.question, kept.channel, kept.status) == ("Do you sell shoes?", "sms", "open")
    assert (kept.customer_id, kept.asked_at) == (customer.id, now)
