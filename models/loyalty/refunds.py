"""What has come back of a purchase: its amount, and the points that went with it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, cast, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.earning_tables import PurchaseReturn
from models.loyalty.tables import Purchase
from models.statements import ours

_AMOUNT = cast(func.coalesce(func.sum(col(PurchaseReturn.amount)), 0), BigInteger)
_POINTS = cast(func.coalesce(func.sum(col(PurchaseReturn.points)), 0), BigInteger)
AMOUNT_BACK = (
    select_columns(_AMOUNT)
    .where(ours(PurchaseReturn), col(PurchaseReturn.purchase_id) == col(Purchase.id))
    .correlate(Purchase)
    .scalar_subquery()
)
"""For a statement about purchases: the minor units of each that have come back."""
_BACK = select_columns(_AMOUNT.label("amount"), _POINTS.label("points")).where(
    ours(PurchaseReturn), col(PurchaseReturn.purchase_id) == bindparam("purchase_id")
)


@dataclass(frozen=True, slots=True)
class Back:
    """`amount` in minor units."""

    amount: int
    points: int


async def of_purchase(tx: Tx, purchase_id: UUID) -> Back:
    """What has come back so far, in all parts together."""
    row = await tx.one(_BACK, tenant_id=tx.tenant_id, purchase_id=purchase_id)
    return Back(row.amount, row.points)
