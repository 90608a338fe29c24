"""How good a lead somebody is: the score of a booking, and the quality that bookings and revenue earn.

The rules are those of the consultation business; what counts as much revenue is the tenant's to say.
"""

from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, func, literal_column
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col, select, update

from models.db import Tx
from models.people.tables import ConversionPotential, Customer, CustomerStatus, LeadQuality
from models.statements import ours, written
from models.tenancy.tables import Tenant

PAID, DETAILED, PLAIN = 70, 50, 30
"""The scores of a paid booking, of one with a long description, and of any other."""
LONG_DESCRIPTION = 100
HOT_REVENUE, CONVERTED_REVENUE = 150_00, 300_00
"""Minor units that must be exceeded, unless `[leads]` of the business file says otherwise."""
BOOKINGS_OF_HOT, BOOKINGS_OF_CONVERTED = 2, 3

_RANKS = [LeadQuality.UNQUALIFIED, LeadQuality.QUALIFIED, LeadQuality.HOT, LeadQuality.CONVERTED]


def calculate_lead_score(price: int, description: str | None) -> int:
    """From 0 to 100: who pays means it, and so does who tells a lot. `price` in minor units."""
    if price > 0:
        return PAID
    return DETAILED if len(description or "") > LONG_DESCRIPTION else PLAIN


def potential_of(score: int) -> ConversionPotential:
    """What may come of somebody whose booking has this score."""
    if score >= PAID:
        return ConversionPotential.HIGH
    return ConversionPotential.MEDIUM if score >= DETAILED else ConversionPotential.LOW


def _threshold(setting: str, otherwise: int) -> ColumnElement[int]:
    chosen = col(Tenant.settings)[setting].astext.cast(BigInteger)
    found = select(chosen).where(col(Tenant.id) == bindparam("tenant_id")).scalar_subquery()
    return func.coalesce(found, written(otherwise))


def _rank(quality: SQLCoreOperations[str] | LeadQuality) -> ColumnElement[int]:
    """1 for the first of the four qualities that lead up to each other."""
    if isinstance(quality, LeadQuality):
        return written(_RANKS.index(quality) + 1)
    words = ", ".join(f"'{word}'" for word in _RANKS)
    return func.array_position(literal_column(f"ARRAY[{words}]"), quality)


def _earned(bookings: ColumnElement[int], revenue: ColumnElement[int]) -> ColumnElement[int]:
    """The rank that so many bookings and so much revenue earn."""
    hot = _threshold("lead_hot_revenue", HOT_REVENUE)
    converted = _threshold("lead_converted_revenue", CONVERTED_REVENUE)
    return case(
        ((bookings >= BOOKINGS_OF_CONVERTED) & (revenue > converted), _rank(LeadQuality.CONVERTED)),
        ((bookings >= BOOKINGS_OF_HOT) & (revenue > hot), _rank(LeadQuality.HOT)),
        (bookings >= 1, _rank(LeadQuality.QUALIFIED)),
        else_=written(1),
    )


# nobody is demoted by a booking, and who was written off stays so until somebody says otherwise
_QUALITY = col(Customer.lead_quality)
_WRITTEN_OFF = (col(Customer.lead_quality) == written(LeadQuality.CHURNED)) | (
    col(Customer.status) == written(CustomerStatus.CHURNED)
)
_BOOKINGS = col(Customer.total_bookings) + bindparam("bookings")
_REVENUE = func.greatest(col(Customer.total_revenue) + bindparam("revenue", type_=BigInteger), 0)


def _promoted(rank: ColumnElement[int]) -> ColumnElement[str]:
    names = {_RANKS.index(one) + 1: written(one) for one in _RANKS}
    return case((_WRITTEN_OFF, _QUALITY), else_=case(names, value=func.greatest(_rank(_QUALITY), rank), else_=_QUALITY))


_PASSIVE = col(Customer.status).in_([written(CustomerStatus.PROSPECT), written(CustomerStatus.INACTIVE)])
_COUNT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(
        total_bookings=_BOOKINGS,
        total_revenue=_REVENUE,
        lead_quality=_promoted(_earned(_BOOKINGS, _REVENUE)),
        status=case(
            (_PASSIVE & (_BOOKINGS >= 1) & ~_WRITTEN_OFF, written(CustomerStatus.ACTIVE)), else_=col(Customer.status)
        ),
    )
)
_CONVERT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(
        lead_quality=LeadQuality.CONVERTED.value,
        status=case((_PASSIVE, written(CustomerStatus.ACTIVE)), else_=col(Customer.status)),
    )
)


async def update_customer_stats(tx: Tx, customer_id: UUID, *, bookings: int = 0, revenue: int = 0) -> None:
    """Adds to what the customer has booked and brought in (minor units), and promotes the lead that earned it."""
    await tx.run(_COUNT, tenant_id=tx.tenant_id, customer_id=customer_id, bookings=bookings, revenue=revenue)


async def convert(tx: Tx, customer_id: UUID) -> None:
    """The lead has signed: nothing better can come of it."""
    await tx.run(_CONVERT, tenant_id=tx.tenant_id, customer_id=customer_id)
