"""A business as a TOML file: everything an owner decides, checked before anything is written.

Amounts stand in major units ("150.00") and are kept in minor ones. All mistakes are told at once.
"""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from pydantic import PrivateAttr, ValidationError, ValidationInfo, field_validator

from models.errors import BusinessFileError
from models.tenancy.booking_parts import BookingRules, OpeningHours, ResourceFacts, ServiceOffer, SpecialDate
from models.tenancy.file_mistakes import Mistake, in_lines, refuse, repeats
from models.tenancy.file_part import Part, repeated
from models.tenancy.file_parts import BusinessFacts, FaqEntry, Leads, Lines, StaffMember
from models.tenancy.file_values import digits_of
from models.tenancy.loyalty_parts import Loyalty


class BusinessFile(Part):
    """The whole file. Parts are checked in the order they stand in here, and may only name what is above."""

    business: BusinessFacts
    lines: Lines
    staff: list[StaffMember] = []
    loyalty: Loyalty = Loyalty()
    booking: BookingRules = BookingRules()
    leads: Leads = Leads()
    hours: OpeningHours = OpeningHours()
    resources: list[ResourceFacts] = []
    services: list[ServiceOffer] = []
    dates: list[SpecialDate] = []
    faqs: list[FaqEntry] = []
    _source: str = PrivateAttr("business file")

    def model_post_init(self, context: dict[str, Any] | None) -> None:
        self._source = (context or {}).get("source", self._source)

    @property
    def source(self) -> str:
        """The name of the file, for messages."""
        return self._source

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises BusinessFileError if there is no such file, or as `parse`."""
        try:
            return cls.parse(path.read_text(encoding="utf-8"), str(path))
        except OSError as error:
            raise BusinessFileError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise BusinessFileError(f"{path}: is not UTF-8 text") from error

    @classmethod
    def parse(cls, text: str, source: str) -> Self:
        """Raises BusinessFileError with a line per mistake: `source`, the key and what is allowed."""
        try:
            tables = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise BusinessFileError(f"{source}: {error}") from None
        facts = tables.get("business")
        digits = digits_of(facts.get("currency") if isinstance(facts, dict) else None)
        try:
            return cls.model_validate(tables, context={"digits": digits, "source": source})
        except ValidationError as error:
            # `from None`: the error below shows the PINs it was given
            raise BusinessFileError(in_lines(source, cls, error)) from None

    @field_validator("staff")
    @classmethod
    def _one_phone_each(cls, staff: list[StaffMember]) -> list[StaffMember]:
        refuse(repeated(staff, "phone"))
        return staff

    @field_validator("faqs")
    @classmethod
    def _asked_once(cls, faqs: list[FaqEntry]) -> list[FaqEntry]:
        refuse(repeated(faqs, "question"))
        return faqs

    @field_validator("resources")
    @classmethod
    def _people_are_staff(cls, resources: list[ResourceFacts], info: ValidationInfo) -> list[ResourceFacts]:
        phones = {member.phone for member in info.data["staff"]} if "staff" in info.data else None
        strangers = [
            ((i, "staff"), f'"{resource.staff}" is nobody\'s phone under [[staff]]')
            for i, resource in enumerate(resources)
            if phones is not None and resource.staff and resource.staff not in phones
        ]
        refuse([*repeated(resources, "name"), *strangers])
        return resources

    @field_validator("services")
    @classmethod
    def _can_be_booked(cls, services: list[ServiceOffer], info: ValidationInfo) -> list[ServiceOffer]:
        refuse(
            [
                *repeated(services, "slug"),
                *repeated(services, "name"),
                *_unknown_resources(services, info.data.get("resources")),
                *_never_open(services, info.data.get("hours")),
            ]
        )
        return services

    @field_validator("dates")
    @classmethod
    def _of_what_there_is(cls, dates: list[SpecialDate], info: ValidationInfo) -> list[SpecialDate]:
        refuse([*_said_twice(dates), *_strangers(dates, info.data)])
        return dates


def _unknown_resources(services: list[ServiceOffer], resources: list[ResourceFacts] | None) -> Iterator[Mistake]:
    if resources is None:
        return
    names = [resource.name for resource in resources]
    for i, service in enumerate(services):
        lists = [("resources", service.resources), *(("needs", need) for need in service.needs)]
        for place, (key, listed) in enumerate(lists):
            path: tuple[str | int, ...] = (i, key) if key == "resources" else (i, key, place - 1)
            yield from repeats(((*path, j), name) for j, name in enumerate(listed))
            yield from (((*path, j), _not_among(names, name)) for j, name in enumerate(listed) if name not in names)


def _not_among(names: list[str], name: str, what: str = "resources") -> str:
    known = ", ".join(f'"{name}"' for name in names) or "none"
    return f'"{name}" is not under [[{what}]]; there: {known}'


def _said_twice(dates: list[SpecialDate]) -> Iterator[Mistake]:
    first: dict[object, int] = {}
    for i, day in enumerate(dates):
        if first.setdefault((day.date, day.service, day.resource), i) != i:
            yield (i, "date"), f'"{day.date}" is there already'


def _strangers(dates: list[SpecialDate], above: dict[str, Any]) -> Iterator[Mistake]:
    for i, day in enumerate(dates):
        if (
            day.service
            and "services" in above
            and day.service not in (known := [one.slug for one in above["services"]])
        ):
            yield (i, "service"), _not_among(known, day.service, "services")
        if (
            day.resource
            and "resources" in above
            and day.resource not in (known := [one.name for one in above["resources"]])
        ):
            yield (i, "resource"), _not_among(known, day.resource)


def _never_open(services: list[ServiceOffer], general: OpeningHours | None) -> Iterator[Mistake]:
    for i, service in enumerate(services):
        if service.hours is not None and service.hours.are_none():
            yield (i, "hours"), 'no day is open; write one, as in monday = "09:00-17:00", or leave hours out'
        elif service.hours is None and general is not None and general.are_none():
            yield (i, "hours"), "is missing, and [hours] has no open day either"
