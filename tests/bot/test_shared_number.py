"""One number for several businesses: the vendor code decides who is meant, and the choice is remembered."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape

import asyncpg
import pytest

from bot.channels.sender import CollectingSender
from models.db import Database
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.vault import Vault
from tests.bot.town import Phone, Shop, Town, open_town
from tests.shops import afresh, open_shop, variation

LINE, ELSEWHERE = "+14155559100", "+14155559101"
AMAKA, TUNDE, ROSA = "+2348036669001", "+2348036669002", "+14155559121"
OUTSIDER, DELTA, EPSILON = "+2348036669003", "+2348036669004", "+2348036669005"
"""Under numbers that work for nobody else."""
MESSAGES = "/webhooks/twilio/messages"


@dataclass
class Street:
    """Two shops that share a number. Tests tell their people apart by their phone numbers."""

    cafe: Shop
    laundry: Shop

    @property
    def town(self) -> Town:
        return self.cafe.town

    def phone(self, number: str, channel: str = "whatsapp") -> "Passer":
        return Passer(self, number, channel)


@dataclass
class Passer:
    """Somebody who writes to the shared number; whoever answers is heard."""

    street: Street
    number: str
    channel: str

    async def says(self, *said: str, **more: str) -> str:
        """The answer to the last message: sent, or given in the webhook's own answer."""
        answer = ""
        for one in said:
            form = self.street.town.form(self.number, LINE, one, self.channel, **more)
            answer = await self.delivers(form)
        return answer

    async def delivers(self, form: dict[str, str]) -> str:
        town = self.street.town
        town.clock.pass_by(seconds=1)
        before = len(town.sender.sent)
        response = await town.post(MESSAGES, form)
        assert response.status in (200, 204), await response.text()
        for shop in (self.street.cafe, self.street.laundry):
            await town.settle(shop.tenant_id)
        sent = [one.body for one in town.sender.sent[before:] if one.to == self.number]
        return "\n".join(sent) or unescape(await response.text())


@pytest.fixture(scope="module")
async def street(dsn: str, database: Database, vault: Vault) -> AsyncIterator[Street]:
    now = datetime.fromisoformat("2026-11-18T11:00:00+00:00")
    async with open_town(dsn, database, vault, now, CollectingSender()) as town:
        files = [_own("cafe", "001 Alpha Coffee", AMAKA, TUNDE), _own("laundry", "002 Beta Laundry", ROSA)]
        shops = [await open_shop(database, vault, file, now) for file in files]
        yield Street(*(Shop(town, one.id, one.phone_number, one.vendor_code) for one in shops))


def _own(example: str, name: str, *phones: str) -> BusinessFile:
    file = afresh(example)
    staff = [one.model_copy(update={"phone": phone}) for one, phone in zip(file.staff, phones, strict=True)]
    return variation(file, {"business.name": name, "staff": staff, "lines.shared": [LINE]})


async def test_who_names_no_shop_is_asked_in_the_answer_itself(street: Street) -> None:
    """There is no business yet that could keep the message, and none in whose name to send."""
    ada = street.phone("+2348036660001")
    for said in ("hi", "points", "JOIN NOWHERE", "", "i want to book"):
        asked = await ada.says(said)
        assert asked.startswith("<?xml")
        assert re.findall("<Message>Hello! Several shops share this number", asked) != []
        assert f"JOIN {street.cafe.code} – 001 Alpha Coffee" in asked
        assert f"JOIN {street.laundry.code} – 002 Beta Laundry" in asked
    for shop in (street.cafe, street.laundry):
        assert await shop.rows("SELECT FROM customers WHERE phone_number = :phone", phone=ada.number) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+2348036660002", "JOIN {code}"),
        ("+2348036660003", "join {code}"),
        ("+2348036660004", "{code}"),
        ("+2348036660005", "Hello! I'd like to join. JOIN {code}"),
        ("+2348036660006", " Join: {code}. "),
        ("+2348036660007", "join {code} please"),
        ("+2348036660008", "Hi! I'd like to join {code}."),
    ],
)
async def test_a_code_chooses_the_shop_and_is_remembered(street: Street, number: str, said: str) -> None:
    for channel in ("whatsapp", "sms"):
        ada = street.phone(number.replace("666", "666" if channel == "sms" else "667"), channel)
        assert "Welcome to 002 Beta Laundry" in await ada.says(said.format(code=street.laundry.code))
        assert "no points yet" in await ada.says("points")
        assert "Wash and fold" in await ada.says("book")


async def test_the_shop_can_be_changed_and_changed_back(street: Street) -> None:
    ada = street.phone("+2348036660010")
    await ada.says(f"JOIN {street.cafe.code}")
    assert "For how many" in await ada.says("book")
    assert "Welcome to 002 Beta Laundry" in await ada.says(f"JOIN {street.laundry.code}")
    assert "already a member of 001 Alpha Coffee" in await ada.says(f"JOIN {street.cafe.code}")
    assert "Alpha Coffee" in await ada.says("menu")
    assert "Beta Laundry" in await ada.says(street.laundry.code, "menu")


async def test_the_word_start_names_no_shop(street: Street) -> None:
    """To the carrier it is the opposite of STOP."""
    assert "Several shops share this number" in await street.phone("+2348036660009").says(f"start {street.cafe.code}")


async def test_staff_of_one_shop_need_no_code(street: Street) -> None:
    assert "Hello Rosa" in await street.phone(ROSA).says("menu")
    assert "Hello Tunde" in await street.phone(TUNDE).says("hi")


async def test_members_of_one_shop_need_no_code(street: Street) -> None:
    """They joined by writing to the shop's own number."""
    await street.laundry.phone("+2348036660011").says("hi")
    assert "Beta Laundry" in await street.phone("+2348036660011").says("menu")


async def test_a_caller_chooses_by_key_or_name_and_is_remembered(street: Street) -> None:
    for number, answer in (("+2348036660012", "2"), ("+2348036660013", "Beta Laundry")):
        call = street.laundry.call(number, LINE)
        asked = await call.dials()
        assert "Several shops share this number" in asked.words
        assert "For 002 Beta Laundry, press 2." in asked.words
        assert "Welcome to 002 Beta Laundry" in (await call.says(answer)).words
        assert "Wash and fold" in (await call.says("book")).words
        again = street.laundry.call(number, LINE)
        assert (
            "What would you like" in (await again.dials()).words
            or "Wash and fold" in (await again.says("repeat")).words
        )
        assert await call.ends() == 204
    ended = await street.laundry.rows("SELECT FROM calls WHERE status = 'completed' AND line = :line", line=LINE)
    assert len(ended) == 2


async def test_a_caller_who_chooses_nothing_is_asked_again_and_then_let_go(street: Street) -> None:
    """A line on which nobody speaks would be paid for until the provider ends the call."""
    call = street.cafe.call("+2348036660014", LINE)
    await call.dials()
    assert "Several shops" in (await call.says("mumble mumble")).words
    assert "Several shops" in (await call.is_silent()).words
    assert (await call.is_silent()).has_hung_up


async def test_a_call_ends_at_the_shop_it_was_made_to(street: Street) -> None:
    """The caller may choose another shop on the same number before the provider tells how the call ended."""
    number = "+2348036660015"
    call = street.laundry.call(number, LINE)
    await call.dials()
    await call.says("2", "points")
    await street.phone(number).says(f"JOIN {street.cafe.code}")
    assert await call.ends() == 204
    (row,) = await street.laundry.rows("SELECT status FROM calls WHERE phone_number = :number", number=number)
    assert row.status == "completed"


async def test_a_copy_that_comes_after_the_shop_was_changed_has_no_effect(street: Street) -> None:
    """The first message is the café's; told to the laundry a second time it would be answered there as well."""
    ada, town = street.phone("+2348036660016"), street.town
    joining = town.form(ada.number, LINE, f"JOIN {street.cafe.code}", "whatsapp")
    asking = town.form(ada.number, LINE, "points", "whatsapp")
    await ada.delivers(joining)
    await ada.delivers(asking)
    await ada.says(f"JOIN {street.laundry.code}")
    before = await everything(street, ada.number)
    for _ in range(2):
        await asyncio.gather(*(ada.delivers(form) for form in (asking, asking, joining, joining)))
    assert await everything(street, ada.number) == before
    assert "Beta Laundry" in await ada.says("menu")


async def everything(street: Street, number: str) -> list[int]:
    """Events and messages of a person at both shops."""
    query = (
        "SELECT (SELECT count(*) FROM inbound_events WHERE sender = :number) AS events,"
        " (SELECT count(*) FROM messages WHERE phone_number = :number) AS messages"
    )
    rows = [await shop.rows(query, number=number) for shop in (street.cafe, street.laundry)]
    return [count for (row,) in rows for count in row]


async def test_nobody_reaches_another_shops_data(street: Street) -> None:
    """Points, appointments, codes and PINs of one shop are worth nothing at the other."""
    ada = street.phone("+2348036660017")
    await ada.says(f"JOIN {street.cafe.code}")
    await street.cafe.phone(TUNDE).says("log 08036660017 50000 730264")
    code = await redeems(ada)
    assert "no points yet" in await ada.says(f"JOIN {street.laundry.code}", "points")
    assert "Nothing here yet" in await ada.says("history")
    rosa = street.laundry.phone(ROSA)
    assert "I don't know that code" in await rosa.says(code)
    await rosa.says("cancel")
    assert "I don't know +2348036660018" in await rosa.says("log +2348036660018 20 318642")
    tunde = street.laundry.phone(TUNDE)
    assert "Stain" not in await tunde.says("log 08036660017 50 730264")
    assert await street.laundry.rows("SELECT FROM purchases") == []
    assert await street.laundry.rows("SELECT FROM points_transactions") == []
    (held,) = await street.cafe.rows("SELECT status FROM reward_redemptions")
    assert held.status == "pending"


async def redeems(ada: Passer) -> str:
    issued = await ada.says("redeem", "1")
    code = re.search(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", issued)
    assert code is not None, issued
    return code.group()


async def test_a_tap_from_the_other_shop_does_nothing_here(street: Street) -> None:
    """Buttons stay on the screen: a reward's id of one shop may be tapped while the other listens."""
    ada = street.phone("+2348036660019")
    await ada.says(f"JOIN {street.cafe.code}")
    (reward, *_) = await street.cafe.rows("SELECT id FROM rewards ORDER BY points_required")
    await ada.says(f"JOIN {street.laundry.code}")
    await ada.says("redeem", "Free coffee", ButtonPayload=str(reward.id))
    assert await street.laundry.rows("SELECT FROM reward_redemptions") == []


async def test_answers_come_from_the_number_that_was_written_to(street: Street) -> None:
    ada = street.phone("+2348036660020", "sms")
    await ada.says(f"JOIN {street.cafe.code}")
    (sent,) = [one for one in street.town.sender.sent if one.to == ada.number]
    assert sent.line == LINE
    phone = Phone(street.town, ada.number, street.cafe, "sms")
    await phone.says("points")
    assert phone.received()[-1].line == street.cafe.number


# -- shops that are not on the number --------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def outsider(street: Street, database: Database, vault: Vault) -> Shop:
    """A shop of the same installation that shares another number; Rosa works there too."""
    file = variation(_own("cafe", "000 Gamma Coffee", OUTSIDER, ROSA), {"lines.shared": [ELSEWHERE]})
    tenant = await open_shop(database, vault, file, street.town.clock.now)
    return Shop(street.town, tenant.id, tenant.phone_number, tenant.vendor_code)


async def test_a_code_of_a_shop_elsewhere_names_nobody_here(street: Street, outsider: Shop) -> None:
    """Whoever guesses a code could write to a shop at a number that the shop knows nothing of."""
    ada = street.phone("+2348036660030")
    for said in (f"JOIN {outsider.code}", outsider.code):
        assert "Several shops share this number" in await ada.says(said)
    assert await outsider.rows("SELECT FROM inbound_events WHERE line = :line", line=LINE) == []


@pytest.mark.usefixtures("outsider")
async def test_shops_elsewhere_are_not_on_the_list(street: Street) -> None:
    asked = await street.phone("+2348036660031").says("hi")
    assert re.findall(r"JOIN (\w+)", asked) == [street.cafe.code, street.laundry.code]
    call = street.cafe.call("+2348036660032", LINE)
    assert "Gamma" not in (await call.dials()).words
    assert "Several shops share this number" in (await call.says("Gamma Coffee")).words


@pytest.mark.usefixtures("outsider")
async def test_who_is_known_elsewhere_is_no_stranger_to_the_one_shop_here(street: Street) -> None:
    """And who is known elsewhere alone is one."""
    assert "Hello Rosa" in await street.phone(ROSA, "sms").says("menu")
    assert "Several shops share this number" in await street.phone(OUTSIDER).says("menu")


async def test_a_shop_that_left_the_number_is_not_reached_there(
    street: Street, database: Database, vault: Vault
) -> None:
    """Neither by its code nor by those who had chosen it, until it comes back; then they choose again."""
    town, ada = street.town, street.phone("+2348036660033")
    file = _own("laundry", "003 Delta Laundry", DELTA)
    tenant = await open_shop(database, vault, file, town.clock.now)
    delta = Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)
    there = Street(street.cafe, delta).phone(ada.number)
    assert "Welcome to 003 Delta Laundry" in await there.says(f"JOIN {delta.code}")
    await apply(database, vault, variation(file, {"lines.shared": []}), town.clock.now)
    for said in ("points", f"JOIN {delta.code}"):
        asked = await there.says(said)
        assert "Several shops share this number" in asked
        assert "Delta" not in asked
    await apply(database, vault, file, town.clock.now)
    assert f"JOIN {delta.code}" in await street.phone("+2348036660034").says("hi")


async def test_a_shop_forgets_who_chose_it_where_it_left(
    street: Street, dsn: str, database: Database, vault: Vault
) -> None:
    town = street.town
    file = _own("laundry", "004 Epsilon Laundry", EPSILON)
    tenant = await open_shop(database, vault, file, town.clock.now)
    await street.phone("+2348036660035").says(f"JOIN {file.business.code}")
    await street.phone("+2348036660038").says(f"JOIN {street.cafe.code}")
    owner = await asyncpg.connect(dsn)
    try:
        chosen = "SELECT count(*) FROM line_sessions WHERE tenant_id = $1"
        assert await owner.fetchval(chosen, tenant.id) == 1
        await apply(database, vault, variation(file, {"lines.shared": [ELSEWHERE]}), town.clock.now)
        assert await owner.fetchval(chosen, tenant.id) == 0
        assert await owner.fetchval("SELECT count(*) FROM line_sessions WHERE number = $1", LINE) > 0
    finally:
        await owner.close()


async def test_a_choice_that_outlived_the_leaving_is_void(street: Street, outsider: Shop, dsn: str) -> None:
    """A message that comes in while its shop leaves the number may remember the choice a moment too late."""
    ada = street.phone("+2348036660036")
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(
            "INSERT INTO line_sessions (number, sender, tenant_id, chosen_at) VALUES ($1, $2, $3, $4)",
            LINE,
            ada.number,
            outsider.tenant_id,
            street.town.clock.now,
        )
    finally:
        await owner.close()
    assert "Several shops share this number" in await ada.says("points")
