"""What is free? Asked in people's words, answered with times to choose from; the one chosen is held."""

from tests.bot.town import Shop

SAM, LEA = "+14155550177", "+14155550178"


async def test_a_day_is_asked_for_and_a_time_chosen_by_its_number(laundry: Shop) -> None:
    sam = laundry.phone(SAM, "sms")
    answer = await sam.says("what's free on friday?")
    assert "Wash and fold pick-up: free on Friday, November 20" in answer
    assert "1. 8:00 AM" in answer
    assert "Where should we come to?" in await sam.says("2")
    (held,) = await laundry.rows("SELECT local_start, status FROM bookings")
    assert f"{held.local_start:%d %H:%M} {held.status}" == "20 10:00 held"


async def test_the_service_is_asked_for_only_among_several(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    assert "What would you like to come for?" in await sam.says("what's free on friday?")
    assert "Introductory Discovery Call: free on Friday, November 20" in await sam.says("1")
    lea = consultancy.phone(LEA)
    assert "Technical Strategy Session: free on" in await lea.says("any slots for a strategy session tomorrow?")


async def test_a_part_of_a_day(laundry: Shop) -> None:
    answer = await laundry.phone(SAM).says("any slots tomorrow afternoon?")
    assert "free on Thursday, November 19" in answer
    assert [line for line in answer.splitlines() if line[:1].isdigit()] == ["1. 12:00 PM", "2. 2:00 PM", "3. 4:00 PM"]


async def test_the_next_free_slot_comes_first(carpet_cleaning: Shop) -> None:
    answer = await carpet_cleaning.phone(SAM, "sms").says("hi", "when is the next free slot for upholstery?")
    assert "1. Wednesday, November 18, 8:00 AM" in answer


async def test_a_week_is_shown_by_a_time_of_each_day(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    answer = await sam.says("hi", "what do you have next week for a discovery call?")
    days = [line for line in answer.splitlines() if line[:1].isdigit()]
    assert [line.split(",")[1] for line in days] == [f" November {day}" for day in range(23, 28)]
    assert "Tuesday, November 24, 9:00 AM. I'm holding it" in await sam.says("2")


async def test_one_time_is_asked_for_and_taken_with_yes(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    answer = await sam.says("hi", "is 3pm on friday free for a discovery call?")
    assert "Yes, Friday, November 20, 3:00 PM is free" in answer
    assert "Friday, November 20, 3:00 PM. I'm holding it" in await sam.says("yes")
    assert "Booked!" in await sam.says("yes")


async def test_no_leaves_it(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    await sam.says("hi", "is 3pm on friday free for a discovery call?")
    assert "Send BOOK whenever you like" in await sam.says("no")


async def test_a_time_that_is_gone_is_told_with_the_rest_of_its_day(carpet_cleaning: Shop) -> None:
    lea = carpet_cleaning.phone(LEA)
    await lea.says("book upholstery friday at 9", "12 Allen Avenue, Houston", "yes")
    answer = await carpet_cleaning.phone(SAM).says("hi", "is 9am on friday free for upholstery?")
    assert "That time isn't free. On Friday, November 20 there's" in answer


async def test_a_closed_day_is_told_with_the_next_free_times(carpet_cleaning: Shop) -> None:
    answer = await carpet_cleaning.phone(SAM).says("hi", "what's free on sunday for upholstery?")
    assert "nothing free then" in answer
    assert "1. Wednesday, November 18" in answer


async def test_the_list_is_narrowed_moved_and_named(laundry: Shop) -> None:
    sam = laundry.phone(SAM)
    await sam.says("what's free on friday?")
    assert "AM" not in await sam.says("in the afternoon")
    assert "free on Saturday, November 21" in await sam.says("the day after")
    assert "free on Saturday, November 28" in await sam.says("next week same time")
    assert "free on Monday, November 23" in await sam.says("monday")
    assert "Where should we come to?" in await sam.says("tuesday at 4")
    (held,) = await laundry.rows("SELECT local_start FROM bookings")
    assert f"{held.local_start:%d %H:%M}" == "24 16:00"


async def test_nothing_lies_before_the_first_free_time(laundry: Shop) -> None:
    sam = laundry.phone(SAM)
    await sam.says("what's free today?")
    assert "nothing free there" in await sam.says("anything earlier?")


async def test_the_time_is_taken_by_another_phone_between_offer_and_choice(carpet_cleaning: Shop) -> None:
    sam, lea = carpet_cleaning.phone(SAM, "sms"), carpet_cleaning.phone(LEA)
    for phone in (sam, lea):
        await phone.says("hi", "what's free for upholstery on friday?")
    await sam.posts("1")
    await lea.posts("1")
    await carpet_cleaning.settle()
    won, lost = sorted((sam, lea), key=lambda phone: "Where should we come" not in phone.received()[-1].body)
    assert "Where should we come to?" in won.received()[-1].body
    assert "November 20" in lost.received()[-1].body
    assert "Where should we come to?" in await lost.says("4:30pm")
    assert len(await carpet_cleaning.rows("SELECT 1 FROM bookings WHERE status = 'held'")) == 2


async def test_a_question_in_between_comes_back_to_the_list_and_another_matter_does_not(laundry: Shop) -> None:
    sam = laundry.phone(SAM)
    await sam.says("what's free on friday?")
    answer = await sam.says("How big is a load?")
    assert "up to 15 lb" in answer
    assert "1. 8:00 AM" in answer
    await sam.says("book")
    assert "where we were" not in await sam.says("never mind")


async def test_a_question_to_the_business_is_not_taken_for_one_about_times(laundry: Shop) -> None:
    assert "same day for $8 more" in await laundry.phone(SAM).says("hi", "Do you have same day service?")


async def test_a_caller_chooses_by_key(laundry: Shop) -> None:
    call = laundry.call(SAM)
    await call.dials()
    heard = await call.says("what's free on friday?")
    assert "free on Friday, November 20" in heard.words
    assert "Where should we come to" in (await call.keys("1")).words
