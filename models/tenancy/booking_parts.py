"""The tables of a business file that say what can be booked, when, and how it is looked after."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from models.booking.openings import Window
from models.booking.tables import FollowUpType
from models.tenancy.file_mistakes import Mistake, refuse, repeats
from models.tenancy.file_part import Part
from models.tenancy.file_values import (
    Day,
    Days,
    Lead,
    Money,
    Phone,
    Positive,
    Slug,
    Stretches,
    Text,
)

FollowUpName = Annotated[FollowUpType, Field(strict=False)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Duration = Annotated[int, Field(gt=0, le=24 * 60)]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BookingRules(Part):
    """[booking]. When customers are reminded, and how long a time is kept for one who waits for it."""

    reminders: list[Lead] = ["24h", "2h"]
    waitlist_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 15

    @field_validator("reminders")
    @classmethod
    def _each_once(cls, reminders: list[str]) -> list[str]:
        refuse(repeats(((i,), kind) for i, kind in enumerate(reminders)))
        return reminders


class FollowUpRule(Part):
    """[services.follow_up]. After each visit somebody gets back to the customer: in how many days, and how."""

    days: Annotated[int, Field(ge=0, le=366)]
    kind: FollowUpName = FollowUpType.CHECK_IN


class Week(Part):
    """The stretches of wall time of each weekday; a day without any is closed."""

    monday: Stretches = ()
    tuesday: Stretches = ()
    wednesday: Stretches = ()
    thursday: Stretches = ()
    friday: Stretches = ()
    saturday: Stretches = ()
    sunday: Stretches = ()

    def windows(self) -> Iterator[tuple[int, Window]]:
        """Every stretch with its weekday, Monday = 0."""
        return ((day, window) for day, name in enumerate(WEEKDAYS) for window in getattr(self, name))


class OpeningHours(Week):
    """[hours], of the business or of one service."""

    breaks: Week = Week()

    def are_none(self) -> bool:
        return not any(self.windows())


class Meeting(Part):
    """[services.meeting], [resources.meeting]. Where people meet who do not meet in person."""

    platform: Text
    url: Text | None = None
    id: Text | None = None
    password: Text | None = None


class ResourceFacts(Part):
    """[[resources]]. Who or what is taken by a booking; `staff` is the phone of the person it is."""

    name: Text
    kind: Literal["person", "vehicle", "room", "places"]
    capacity: Positive = 1
    staff: Phone | None = None
    meeting: Meeting | None = None


class ServiceOffer(Part):
    """[[services]]. Starts lie `every` minutes apart, else one duration. Any one of `resources` will do.

    In place of `resources`, `needs` lists what it takes at once: any one of each list. Customers change their
    booking until `cutoff_hours` before it; what waits for approval or payment lapses after `pending_hours`.
    """

    name: Text
    slug: Slug
    description: Text = ""
    price: Money = 0
    minutes: Duration
    every: Duration | None = None
    buffer_before: Minutes = 0
    buffer_after: Minutes = 0
    notice_hours: Annotated[int, Field(ge=0, le=24 * 366)] = 0
    cutoff_hours: Annotated[int, Field(ge=0, le=24 * 366)] = 0
    days_ahead: Days = 30
    max_daily: Positive | None = None
    requires_payment: bool = False
    auto_confirm: bool = True
    pending_hours: Annotated[int, Field(gt=0, le=24 * 366)] = 24
    asks: list[Literal["seats", "address", "loads", "notes"]] = []
    resources: list[Text] = []
    needs: list[Annotated[list[Text], Field(min_length=1)]] = []
    meeting: Meeting | None = None
    follow_up: FollowUpRule | None = None
    hours: OpeningHours | None = None

    @property
    def groups(self) -> list[list[str]]:
        """What it takes at once: any one of each."""
        return self.needs or [self.resources]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._mistakes())
        return self

    def _mistakes(self) -> Iterator[Mistake]:
        if self.requires_payment and self.price == 0:
            yield ("price",), "is missing: a service that requires payment has one"
        if not self.resources and not self.needs:
            yield ("resources",), "needs at least 1"
        if self.resources and self.needs:
            yield ("needs",), "stands in place of resources: write one of the two"


class SpecialDate(Part):
    """[[dates]]. A day that is not like others: closed, with `hours` of its own, or booked `max_bookings` times.

    It holds for all, or for one service (its slug) or one resource (its name).
    """

    date: Day
    closed: bool = False
    hours: Stretches = ()
    max_bookings: Positive | None = None
    service: Slug | None = None
    resource: Text | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        refuse(self._mistakes())
        return self

    def _mistakes(self) -> Iterator[Mistake]:
        if self.closed and (self.hours or self.max_bookings):
            yield ("closed",), "leaves no hours and no bookings: write either"
        if not (self.closed or self.hours or self.max_bookings):
            yield ("closed",), "is missing: say closed = true, hours or max_bookings"
        if self.max_bookings and self.resource:
            yield ("max_bookings",), "is for a service or for all: what a resource takes at once is its capacity"
