"""What takes time of a resource: bookings, row by row, and what staff close. And the numbers that bookings get."""

from datetime import date, datetime
from uuid import UUID

from asyncpg import Range
from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint
from sqlmodel import Field

from models.base import TenantTable, belongs_to, instant, of_tenant


class Closure(TenantTable, table=True):
    """A stretch in which a resource, or without one the whole shop, takes no bookings.

    Rows made in one go share `block_id` and are lifted together.
    """

    __tablename__ = "closures"
    __table_args__ = (
        of_tenant(),
        belongs_to("resource_id", "resources"),
        belongs_to("created_by", "users"),
        belongs_to("lifted_by", "users"),
        CheckConstraint("starts_at < ends_at", name="has_a_length"),
        CheckConstraint("(lifted_at IS NULL) OR (lifted_by IS NOT NULL)", name="lifted_by_somebody"),
        # openings: what is not over yet; of that there is little
        Index("ix_closures_ahead", "tenant_id", "ends_at", postgresql_where=text("lifted_at IS NULL")),
        # lifting a block
        Index("ix_closures_block", "tenant_id", "block_id"),
    )

    block_id: UUID
    resource_id: UUID | None = None
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    reason: str | None = None
    created_by: UUID
    lifted_at: datetime | None = instant(optional=True)
    lifted_by: UUID | None = None


class BookingResource(TenantTable, table=True):
    """Who or what a booking takes, one row each, and for how long: two customers in one chair are refused here.

    `takes_time` and `blocked` are the booking's, and the reference makes them follow it whoever changes it: no
    code has to remember. `exclusive` repeats whether the resource takes one booking at a time, as the constraint
    can read no other table; `seats` are those taken of this resource.
    """

    __tablename__ = "booking_resources"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "booking_id", "takes_time", "blocked"],
            ["bookings.tenant_id", "bookings.id", "bookings.takes_time", "bookings.blocked"],
            name="fk_booking_resources_follows_its_booking",
            onupdate="CASCADE",
        ),
        belongs_to("resource_id", "resources"),
        UniqueConstraint("tenant_id", "booking_id", "resource_id"),
        CheckConstraint("seats > 0", name="seats_positive"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("resource_id", "="),
            ("blocked", "&&"),
            name="ex_booking_resources_one_at_a_time",
            using="gist",
            where=text("exclusive AND takes_time"),
        ),
        # busy times of a resource; by start, as range operators may not be pushed past row-level security
        Index(
            "ix_booking_resources_busy",
            "tenant_id",
            "resource_id",
            "blocked_from",
            postgresql_where=text("takes_time"),
        ),
    )
    model_config = {"arbitrary_types_allowed": True}

    booking_id: UUID
    resource_id: UUID
    need: int = 0
    takes_time: bool
    blocked: Range = Field(sa_type=TSTZRANGE)
    blocked_from: datetime | None = instant(default=None, sa_column_args=[Computed("lower(blocked)", persisted=True)])
    seats: int = 1
    exclusive: bool = True


class BookingCounter(TenantTable, table=True):
    """The last number given to a reference on a local day."""

    __tablename__ = "booking_counters"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "day"))

    day: date
    last: int
