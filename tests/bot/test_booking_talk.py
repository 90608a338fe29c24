"""Finding a day and a time in one's own words, at each question of booking and moving."""

from tests.bot.town import Phone, Shop

SAM, LEA = "+14155550177", "+14155550178"


async def asked_for_a_time(shop: Shop, channel: str = "sms") -> Phone:
    """A customer of the consultancy who is asked for a time on Friday 20 November."""
    sam = shop.phone(SAM, channel)
    await sam.says("book", "discovery call")
    assert "What time on Friday, November 20?" in await sam.says("friday")
    return sam


async def asked_to_confirm(shop: Shop) -> Phone:
    sam = await asked_for_a_time(shop)
    assert "Friday, November 20, 3:30 PM. I'm holding it" in await sam.says("3:30")
    return sam


async def test_later_at_the_question_for_a_day_shows_the_days_after_those_shown(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "whatsapp")
    await sam.says("book", "1")
    answer = await sam.says("anything later?")
    assert "Wednesday, November 25" in answer
    assert "Wednesday, November 18" not in answer
    assert "Wednesday, November 18" in await sam.says("anything earlier?")
    assert "no further days" in await sam.says("anything earlier?")


async def test_a_week_or_a_part_of_it_is_shown_by_its_days(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    await sam.says("book", "1")
    answer = await sam.says("next week")
    assert "1. Monday, November 23" in answer
    assert "5. Friday, November 27" in answer
    assert "nothing free then" in await sam.says("this weekend")


async def test_a_part_of_the_day_narrows_the_times_and_says_the_day(consultancy: Shop) -> None:
    sam = await asked_for_a_time(consultancy)
    answer = await sam.says("in the afternoon")
    assert "On Friday, November 20 there's" in answer
    assert "1. 1:00 PM" in answer
    assert " AM" not in answer
    assert "1. 4:00 PM" in await sam.says("after 4")
    assert "nothing on Friday, November 20 at that time of day" in await sam.says("in the evening after 6")
    assert "Friday, November 20, 9:00 AM. I'm holding it" in await sam.says("9am")


async def test_a_day_with_its_part_leads_straight_to_its_times(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM)
    answer = await sam.says("book carpet cleaning the day after tomorrow after 3pm")
    assert "On Friday, November 20 there's" in answer
    assert "1. 3:00 PM" in answer


async def test_later_shows_what_comes_after_the_list_and_then_the_next_day(consultancy: Shop) -> None:
    sam = await asked_for_a_time(consultancy)
    answer = await sam.says("anything later?")
    assert "That's all on Friday, November 20. On Monday, November 23 there's" in answer
    assert "On Friday, November 20 there's" in await sam.says("anything earlier?")


async def test_earlier_at_the_confirmation_is_earlier_than_the_time_held(consultancy: Shop) -> None:
    sam = await asked_to_confirm(consultancy)
    answer = await sam.says("anything earlier?")
    assert "On Friday, November 20 there's" in answer
    assert "3:15 PM" in answer
    assert "3:30 PM" not in answer
    assert "On Thursday, November 19 there's" in await sam.says("anything earlier?")


async def test_the_earliest_is_told_as_such(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    await sam.says("book", "1", "today")
    assert "That's the earliest there is. Free on Wednesday, November 18" in await sam.says("anything earlier?")


async def test_another_day_with_a_time_is_no_time_of_the_day_talked_about(consultancy: Shop) -> None:
    sam = await asked_for_a_time(consultancy)
    assert "Monday, November 23, 2:00 PM. I'm holding it" in await sam.says("monday at 2")
    assert "Booked!" in await sam.says("yes")
    bookings = await consultancy.rows("SELECT local_start FROM bookings WHERE status = 'confirmed'")
    assert [f"{row.local_start:%d %H:%M}" for row in bookings] == ["23 14:00"]


async def test_the_same_time_on_another_day(consultancy: Shop) -> None:
    sam = await asked_to_confirm(consultancy)
    assert "Monday, November 23, 3:30 PM. I'm holding it" in await sam.says("monday same time")
    assert "Tuesday, November 24, 3:30 PM. I'm holding it" in await sam.says("the day after")
    assert "Tuesday, December 1, 3:30 PM. I'm holding it" in await sam.says("next week same time")


async def test_the_same_time_as_last_time(consultancy: Shop) -> None:
    sam = await asked_to_confirm(consultancy)
    await sam.says("yes", "book", "1")
    assert "At 3:30 PM again, gladly. Which day?" in await sam.says("same time as last time")
    assert "Monday, November 23, 3:30 PM. I'm holding it" in await sam.says("monday")


async def test_somebody_new_has_no_last_time(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    await sam.says("book", "1")
    assert "I can't tell which time you mean" in await sam.says("same time as last time")


async def test_any_other_day_and_any_other_time(consultancy: Shop) -> None:
    sam = await asked_for_a_time(consultancy)
    first = await sam.says("what other times")
    assert "On Friday, November 20 there's" in first
    assert "1. 9:00 AM" not in first
    answer = await sam.says("any other day?")
    assert "1. Monday, November 23" in answer
    assert "November 20" not in answer


async def test_moving_to_next_week_at_the_same_time_is_one_step(consultancy: Shop) -> None:
    sam = await asked_to_confirm(consultancy)
    await sam.says("yes")
    answer = await sam.says("can I move my appointment to next week same time?")
    assert "from Friday, November 20, 3:30 PM to Friday, November 27, 3:30 PM?" in answer
    assert "Moved!" in await sam.says("yes")
    (booking,) = await consultancy.rows("SELECT local_start, status FROM bookings")
    assert f"{booking.local_start:%m-%d %H:%M} {booking.status}" == "11-27 15:30 confirmed"


async def test_moving_to_where_it_is_already_moves_nothing(consultancy: Shop) -> None:
    sam = await asked_to_confirm(consultancy)
    await sam.says("yes", "move my appointment", "friday")
    assert "It's at that time already" in await sam.says("3:30")


async def test_a_day_on_which_the_same_time_is_closed_offers_others(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM)
    await sam.says("book upholstery saturday at 11", "12 Allen Avenue, Houston")
    answer = await sam.says("the day after")
    assert "There's nothing free on Sunday, November 22" in answer


async def test_the_time_is_taken_between_offer_and_choice(carpet_cleaning: Shop) -> None:
    """Two phones, one van: the one who chooses second is shown what is left, and the day by its name."""
    sam, lea = carpet_cleaning.phone(SAM, "sms"), carpet_cleaning.phone(LEA)
    for phone in (sam, lea):
        await phone.says("book upholstery friday")
    assert "Where should we come to?" in await lea.says("9:00")
    answer = await sam.says("9:00")
    assert "That time isn't free on Friday, November 20" in answer
    assert "9:00 AM" not in answer
    assert "Where should we come to?" in await sam.says("anything later?", "1")


async def test_two_who_choose_in_the_same_instant_get_it_once(carpet_cleaning: Shop) -> None:
    """Invariant 2: the loser gets a plain answer."""
    sam, lea = carpet_cleaning.phone(SAM), carpet_cleaning.phone(LEA)
    for phone in (sam, lea):
        await phone.says("book upholstery friday")
    await sam.posts("9:00")
    await lea.posts("9:00")
    await carpet_cleaning.settle()
    answers = sorted("Where should we come" in phone.received()[-1].body for phone in (sam, lea))
    assert answers == [False, True]
    assert len(await carpet_cleaning.rows("SELECT 1 FROM bookings WHERE status = 'held'")) == 1
