"""Who asked for a person and was forgotten is brought to mind once more."""

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
JOB = "SELECT status, attempts, result FROM background_jobs"


async def test_the_owner_is_told_again_after_a_quarter_of_an_hour(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi", "can I talk to a person?")
    cafe.town.clock.pass_by(minutes=14)
    assert await cafe.works_off() == 0
    cafe.town.clock.pass_by(minutes=1)
    assert await cafe.works_off() == 1
    _first, again = cafe.phone(AMAKA).received()
    assert "still waiting" in again.body
    assert CHIOMA in again.body
    assert await cafe.rows(JOB) == [("completed", 1, {"told": 1})]
    cafe.town.clock.pass_by(hours=1)
    assert await cafe.works_off() == 0


async def test_nobody_is_told_of_who_has_been_seen_to(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi", "can I talk to a person?")
    await cafe.phone(TUNDE).says("waiting", "1")
    cafe.town.clock.pass_by(minutes=15)
    assert await cafe.works_off() == 1
    assert len(cafe.phone(AMAKA).received()) == 1
    assert await cafe.rows(JOB) == [("completed", 1, {})]


async def test_at_night_it_waits_for_the_morning(cafe: Shop) -> None:
    cafe.town.clock.pass_by(hours=9)  # nine in the evening in Lagos
    await cafe.phone(CHIOMA, "sms").says("hi", "can I talk to a person?")
    cafe.town.clock.pass_by(minutes=15)
    assert await cafe.works_off() == 1
    assert len(cafe.phone(AMAKA).received()) == 1
    assert await cafe.rows(JOB) == [("retrying", 1, {})]
    cafe.town.clock.pass_by(hours=10, minutes=45)
    assert await cafe.works_off() == 1
    assert "still waiting" in cafe.phone(AMAKA).received()[-1].body
