from datetime import date, time
from uuid import UUID

from models.base import uuid7
from models.booking.hours import Timetable
from models.booking.openings import Window
from models.booking.tables import AvailabilityOverride, AvailabilityTemplate

TENANT, SERVICE, ANA, BEN = uuid7(), uuid7(), uuid7(), uuid7()
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def on_mondays(
    start: str, end: str, *, service: UUID | None = None, resource: UUID | None = None, kind: str = "open"
) -> AvailabilityTemplate:
    return AvailabilityTemplate(
        tenant_id=TENANT,
        service_id=service,
        resource_id=resource,
        day_of_week=0,
        start_time=time.fromisoformat(start),
        end_time=time.fromisoformat(end),
        kind=kind,
    )


def on_monday(hours: str = "", *, service: UUID | None = None, resource: UUID | None = None) -> AvailabilityOverride:
    start, end = map(time.fromisoformat, hours.split("-")) if hours else (None, None)
    return AvailabilityOverride(
        tenant_id=TENANT,
        service_id=service,
        resource_id=resource,
        specific_date=MONDAY,
        start_time=start,
        end_time=end,
        is_available=bool(hours),
    )


def windows(*rows: AvailabilityTemplate | AvailabilityOverride, of: UUID = ANA) -> list[str]:
    """What is open on MONDAY."""
    return [shown(window) for window in timetable(*rows).hours(of).windows(MONDAY)]


def timetable(*rows: AvailabilityTemplate | AvailabilityOverride) -> Timetable:
    templates = [row for row in rows if isinstance(row, AvailabilityTemplate)]
    return Timetable(templates, [row for row in rows if isinstance(row, AvailabilityOverride)])


def shown(window: Window) -> str:
    return f"{window.start:%H:%M}-{window.end:%H:%M}"


GENERAL = on_mondays("09:00", "17:00")


def test_nothing_written_is_closed() -> None:
    assert windows() == []


def test_the_general_hours_hold_on_their_weekday() -> None:
    hours = timetable(GENERAL).hours(ANA)
    assert [shown(window) for window in hours.windows(MONDAY)] == ["09:00-17:00"]
    assert hours.windows(TUESDAY) == ()


def test_hours_of_the_service_replace_the_general_ones_on_every_day() -> None:
    tuesdays = on_mondays("10:00", "12:00", service=SERVICE)
    tuesdays.day_of_week = 1
    assert windows(GENERAL, tuesdays) == []


def test_a_service_with_hours_of_its_own_has_its_own_breaks_only() -> None:
    lunch = on_mondays("12:00", "13:00", kind="break")
    own = on_mondays("08:00", "20:00", service=SERVICE)
    assert timetable(GENERAL, lunch).hours(ANA).pauses(MONDAY) == (Window(time(12), time(13)),)
    assert timetable(GENERAL, lunch, own).hours(ANA).pauses(MONDAY) == ()


def test_a_break_of_the_service_alone_joins_the_general_hours() -> None:
    cleaning = on_mondays("15:00", "15:30", service=SERVICE, kind="break")
    hours = timetable(GENERAL, cleaning).hours(ANA)
    assert [shown(window) for window in hours.windows(MONDAY)] == ["09:00-17:00"]
    assert [shown(window) for window in hours.pauses(MONDAY)] == ["15:00-15:30"]


def test_an_override_replaces_the_day() -> None:
    assert windows(GENERAL, on_monday("12:00-14:00")) == ["12:00-14:00"]
    assert windows(GENERAL, on_monday("08:00-09:00"), on_monday("12:00-14:00")) == [
        "08:00-09:00",
        "12:00-14:00",
    ]


def test_an_override_without_times_closes_the_day() -> None:
    assert windows(GENERAL, on_monday()) == []
    assert windows(GENERAL, on_monday(), on_monday("12:00-14:00")) == []


def test_an_override_of_the_service_goes_before_the_general_one() -> None:
    assert windows(GENERAL, on_monday(), on_monday("12:00-14:00", service=SERVICE)) == ["12:00-14:00"]


def test_an_override_opens_a_shop_that_has_no_hours() -> None:
    assert windows(on_monday("12:00-14:00")) == ["12:00-14:00"]


def test_a_resource_is_there_when_the_shop_is_open_and_it_is_in() -> None:
    mornings = on_mondays("08:00", "12:00", resource=ANA)
    evenings = on_mondays("16:00", "00:00", resource=ANA)
    assert windows(GENERAL, mornings, evenings) == ["09:00-12:00", "16:00-17:00"]
    assert windows(GENERAL, mornings, evenings, of=BEN) == ["09:00-17:00"]


def test_a_day_off_of_one_closes_nobody_else() -> None:
    assert windows(GENERAL, on_monday(resource=ANA)) == []
    assert windows(GENERAL, on_monday(resource=ANA), of=BEN) == ["09:00-17:00"]


def test_hours_of_resources_are_enough() -> None:
    mornings = on_mondays("08:00", "12:00", resource=ANA)
    assert windows(mornings) == ["08:00-12:00"]
    assert windows(mornings, of=BEN) == []


def test_midnight_is_the_end_of_the_day() -> None:
    late = on_mondays("18:00", "00:00")
    assert windows(late, on_mondays("20:00", "00:00", resource=ANA)) == ["20:00-00:00"]
    assert windows(late, on_mondays("00:00", "22:00", resource=ANA)) == ["18:00-22:00"]
    assert windows(late, on_monday("22:00-00:00")) == ["22:00-00:00"]


def test_an_override_that_ends_before_it_starts_closes_its_date_alone() -> None:
    """The table takes it, no Window can be made of it: one slip would leave the whole shop without times."""
    hours = timetable(GENERAL, on_monday("14:00-12:00", resource=ANA))
    assert hours.hours(ANA).windows(MONDAY) == ()
    assert [shown(window) for window in hours.hours(BEN).windows(MONDAY)] == ["09:00-17:00"]
