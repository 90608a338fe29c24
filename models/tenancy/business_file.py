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
from models.tenancy.file_mistakes import Mistake, in_lines, refuse, repeats
from models.tenancy.file_part import Part, repeated
from models.tenancy.file_parts import (
    BookingRules,
    BusinessFacts,
    FaqEntry,
    Lines,
    Loyalty,
    OpeningHours,
    ResourceFacts,
    ServiceOffer,
    StaffMember,
)
from models.tenancy.file_values import digits_of


class BusinessFile(Part):
    """The whole file. Parts are checked in the order they stand in here, and may only name what is above."""

    business: BusinessFacts
    lines: Lines
    staff: list[StaffMember] = []
    loyalty: Loyalty = Loyalty()
    booking: BookingRules = BookingRules()
    hours: OpeningHours = OpeningHours()
    resources: list[ResourceFacts] = []
    services: list[ServiceOffer] = []
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


def _unknown_resources(services: list[ServiceOffer], resources: list[ResourceFacts] | None) -> Iterator[Mistake]:
    if resources is None:
        return
    names = [resource.name for resource in resources]
    for i, service in enumerate(services):
        yield from repeats(((i, "resources", j), name) for j, name in enumerate(service.resources))
        for j, name in enumerate(service.resources):
            if name not in names:
                known = ", ".join(f'"{name}"' for name in names) or "none"
                yield (i, "resources", j), f'"{name}" is not under [[resources]]; there: {known}'


def _never_open(services: list[ServiceOffer], general: OpeningHours | None) -> Iterator[Mistake]:
    for i, service in enumerate(services):
        if service.hours is not None and service.hours.are_none():
            yield (i, "hours"), 'no day is open; write one, as in monday = "09:00-17:00", or leave hours out'
        elif service.hours is None and general is not None and general.are_none():
            yield (i, "hours"), "is missing, and [hours] has no open day either"
