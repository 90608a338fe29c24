from datetime import time

from flows.senses import ClockTime, PartOfDay, When


def test_an_hour_said_alone_has_two_readings_the_likelier_first() -> None:
    assert ClockTime(time(3), meridiem_known=False).readings == (time(15), time(3))
    assert ClockTime(time(9), meridiem_known=False).readings == (time(9), time(21))
    assert ClockTime(time(12), meridiem_known=False).readings == (time(12), time(0))
    assert ClockTime(time(15), meridiem_known=True).readings == (time(15),)


def test_the_part_of_the_day_tells_the_readings_apart() -> None:
    twelve = ClockTime(time(12, 15), meridiem_known=False)
    assert twelve.during(PartOfDay.AFTERNOON).readings == (time(12, 15),)
    assert twelve.during(PartOfDay.NIGHT).readings == (time(0, 15),)
    assert twelve.during(None) == twelve


def test_the_next_reading_may_be_on_the_next_day() -> None:
    six = ClockTime(time(6), meridiem_known=False)
    assert six.next_after(time(8)) == time(18)
    assert six.next_after(time(22)) == time(6)


def test_nothing_said_is_false() -> None:
    assert not When()
    assert When(part=PartOfDay.MORNING)
