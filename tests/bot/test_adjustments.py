"""Points by hand at the door: staff ask, the owner agrees in his own chat, and everybody is told."""

import asyncio

import pytest

from models.people.tables import Role
from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA, LINKED = "+2348030000001", "+2348030000002", "+2348031234567", "+2348035550007"
BOLA = "+2348030000003"
PIN, OWNERS_PIN = "730264", "482915"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture(autouse=True)
async def chioma(cafe: Shop) -> str:
    """A member; the café's threshold is 300 points."""
    await cafe.phone(CHIOMA).says("hi")
    return CHIOMA


async def entries(cafe: Shop) -> list[int]:
    rows = await cafe.rows("SELECT points FROM points_transactions WHERE transaction_type = 'adjusted' ORDER BY id")
    return [row.points for row in rows]


async def another_owner(cafe: Shop) -> None:
    """Bola owns half of it; her PIN is Amaka's."""
    await cafe.rows(
        "INSERT INTO users"
        " (tenant_id, id, full_name, phone_number, role, pin_hash, pin_enabled, pin_failures, is_active)"
        " SELECT tenant_id, gen_random_uuid(), 'Bola', :phone, :role, pin_hash, true, 0, true FROM users"
        " WHERE phone_number = :amaka",
        phone=BOLA,
        role=Role.OWNER,
        amaka=AMAKA,
    )


@CHANNELS
async def test_in_one_line(cafe: Shop, channel: str) -> None:
    tunde, chioma = cafe.phone(TUNDE, channel), cafe.phone(CHIOMA)
    done = await tunde.says(f"adjust 0803 123 4567 +200 goodwill {PIN}")
    assert "Done: +200 points for Chioma. New balance: 200" in done
    assert "put your points right by +200. Your balance is 200" in chioma.received()[-1].body
    assert await entries(cafe) == [200]
    (row,) = await cafe.rows("SELECT details, created_by_user_id FROM points_transactions")
    (staff,) = await cafe.rows("SELECT id FROM users WHERE phone_number = :p", p=TUNDE)
    assert (row.details["reason"], row.created_by_user_id) == ("goodwill", staff.id)


@CHANNELS
async def test_step_by_step(cafe: Shop, channel: str) -> None:
    tunde = cafe.phone(TUNDE, channel)
    assert "Whose points" in await tunde.says("adjust points")
    assert "How many points for Chioma" in await tunde.says("0803 123 4567")
    assert "+50 points for Chioma. Why?" in await tunde.says("+50")
    assert "In a few words" in await tunde.says("another reason")
    assert "+50 points for Chioma. Your PIN" in await tunde.says("spilled her coffee")
    assert "New balance: 50" in await tunde.says(PIN)
    (row,) = await cafe.rows("SELECT details FROM points_transactions")
    assert row.details == {"reason": "other", "note": "spilled her coffee"}


async def test_a_minus_is_refused_where_there_is_less(cafe: Shop) -> None:
    tunde = cafe.phone(TUNDE)
    assert "hasn't got that many" in await tunde.says(f"adjust 0803 123 4567 -50 correction {PIN}")
    assert "New balance: 10" in await tunde.says(
        f"adjust 0803 123 4567 +60 missed {PIN}", f"adjust 0803 123 4567 -50 correction {PIN}"
    )


async def test_nobody_adjusts_his_own(cafe: Shop) -> None:
    """Invariant 32: himself, and whom the business file links to him; a colleague may."""
    await cafe.phone(LINKED).says("hi")
    tunde = cafe.phone(TUNDE)
    assert "your own points" in await tunde.says(f"adjust 0803 000 0002 +20 goodwill {PIN}")
    assert "your own points" in await tunde.says(f"adjust 0803 555 0007 +20 goodwill {PIN}")
    assert "for yourself" in await tunde.says(f"log 0803 555 0007 5000 {PIN}")
    assert await entries(cafe) == []
    assert "Done" in await cafe.phone(AMAKA).says(f"adjust 0803 555 0007 +20 goodwill {OWNERS_PIN}")


async def test_a_customer_cannot(cafe: Shop) -> None:
    for said in (f"adjust 0803 123 4567 +200 goodwill {PIN}", "adjust points", "approvals", "totals", "reverse"):
        await cafe.phone(CHIOMA).says(said, "0803 123 4567", "+200", "1", PIN)
    assert await entries(cafe) == []
    assert await cafe.rows("SELECT FROM approvals") == []


async def test_a_wrong_pin_changes_nothing(cafe: Shop) -> None:
    tunde = cafe.phone(TUNDE)
    assert "4 more tries" in await tunde.says("adjust 0803 123 4567 +20 goodwill 111111")
    assert "New balance: 20" in await tunde.says(PIN)


async def test_no_pin_rests_anywhere(cafe: Shop) -> None:
    """Invariant 31: also where the line comes from a phone we do not know."""
    await cafe.phone(TUNDE).says(f"adjust 0803 123 4567 +20 goodwill {PIN}")
    await cafe.phone("+2348039990001").says(f"adjust 0803 123 4567 +20 goodwill {PIN}")
    for table in ("messages", "turns", "customers", "audit_logs", "points_transactions"):
        assert await cafe.rows(f"SELECT FROM {table} t WHERE t::text LIKE :pin", pin=f"%{PIN}%") == [], table


@CHANNELS
async def test_the_owner_agrees_in_his_own_chat(cafe: Shop, channel: str) -> None:
    amaka, tunde, chioma = cafe.phone(AMAKA, channel), cafe.phone(TUNDE), cafe.phone(CHIOMA)
    await amaka.says("menu")
    cafe.town.clock.pass_by(hours=1)
    assert "need an owner's yes" in await tunde.says(f"adjust 0803 123 4567 +500 waited an hour {PIN}")
    asked = amaka.received()[-1].body
    assert "Tunde asks for +500 points for Chioma: another reason" in asked
    assert "waited an hour" in asked
    assert "1. Approve" in asked
    assert await entries(cafe) == []
    assert "Your PIN to approve" in await amaka.says("1")
    assert "Approved: +500 points for Chioma" in await amaka.says(OWNERS_PIN)
    assert await entries(cafe) == [500]
    assert "Amaka approved +500 points for Chioma" in tunde.received()[-1].body
    assert "right by +500. Your balance is 500" in chioma.received()[-1].body


async def test_the_owner_refuses(cafe: Shop) -> None:
    amaka, tunde, chioma = cafe.phone(AMAKA), cafe.phone(TUNDE), cafe.phone(CHIOMA)
    await amaka.says("menu")
    cafe.town.clock.pass_by(hours=1)
    await tunde.says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    before = len(chioma.received())
    assert "What's the reason" in await amaka.says("refuse")
    assert "Refused" in await amaka.says("That is far too much for one coffee")
    assert "Amaka refused +500 points for Chioma: “That is far too much for one coffee”" in tunde.received()[-1].body
    assert len(chioma.received()) == before
    assert await entries(cafe) == []
    assert "Nothing waits" in await amaka.says("approvals")


async def test_the_owner_finds_it_in_the_list(cafe: Shop) -> None:
    amaka = cafe.phone(AMAKA)
    await cafe.phone(TUNDE).says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    assert "1. +500 points for Chioma" in await amaka.says("approvals")
    assert "1. Approve" in await amaka.says("1")
    assert "Approved" in await amaka.says("1", OWNERS_PIN)
    assert await entries(cafe) == [500]


async def test_staff_do_not_decide_what_staff_ask(cafe: Shop) -> None:
    """Invariant 32: neither by the list nor by a tap that is somebody else's."""
    tunde = cafe.phone(TUNDE)
    await tunde.says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    assert "Nothing waits" in await tunde.says("approvals")
    (approval,) = await cafe.rows("SELECT id FROM approvals")
    await tunde.says("x", ButtonPayload=f"start:approval?request={approval.id}&decision=approve")
    await tunde.says(PIN)
    assert await entries(cafe) == []


async def test_two_owners_press_at_once(cafe: Shop) -> None:
    await another_owner(cafe)
    amaka, bola = cafe.phone(AMAKA), cafe.phone(BOLA)
    await cafe.phone(TUNDE).says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    for owner in (amaka, bola):
        await owner.says("approve")
    await asyncio.gather(amaka.posts(OWNERS_PIN), bola.posts(OWNERS_PIN))
    await cafe.settle()
    told = [owner.received()[-1].body for owner in (amaka, bola)]
    assert sorted("Approved: +500" in body for body in told) == [False, True]
    assert sorted("decided that already" in body for body in told) == [False, True]
    assert await entries(cafe) == [500]


async def test_an_owner_asks_the_other(cafe: Shop) -> None:
    await another_owner(cafe)
    amaka, bola = cafe.phone(AMAKA), cafe.phone(BOLA)
    assert "need an owner's yes" in await amaka.says(f"adjust 0803 123 4567 +500 goodwill {OWNERS_PIN}")
    assert "Nothing waits" in await amaka.says("approvals")
    assert "Approved" in await bola.says("approve", OWNERS_PIN)
    assert "Bola approved" in amaka.received()[-1].body


async def test_an_only_owner_is_told_that_it_stands_out(cafe: Shop) -> None:
    done = await cafe.phone(AMAKA).says(f"adjust 0803 123 4567 +500 goodwill {OWNERS_PIN}")
    assert "weekly report" in done
    assert await entries(cafe) == [500]


async def test_a_request_lapses(cafe: Shop) -> None:
    tunde, amaka = cafe.phone(TUNDE), cafe.phone(AMAKA)
    await tunde.says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    cafe.town.clock.pass_by(days=7)
    assert await cafe.runs("expire_approvals") == 1
    assert "in time, so it has lapsed" in tunde.received()[-1].body
    assert await cafe.runs("expire_approvals") == 0
    assert "Nothing waits" in await amaka.says("approvals")
    assert await entries(cafe) == []
