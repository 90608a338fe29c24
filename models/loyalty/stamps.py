"""The card that is stamped: which purchase of the customer's this is, for a welcome or every fifth one.

Only purchases that stand and that money paid count. The caller has locked the customer.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from models.db import Tx
from models.loyalty.rules import Earning
from models.loyalty.tables import PaidWith, PointsRule, Purchase, RuleType
from models.people.tables import Customer
from models.statements import ours, written

_COUNTING = (RuleType.FIRST_PURCHASE_BONUS, RuleType.MILESTONE)
_THEIRS = (
    ours(Purchase),
    col(Purchase.customer_id) == bindparam("customer_id"),
    col(Purchase.reversed_at).is_(None),
)
_UNPAID = select_columns(func.count()).where(*_THEIRS, col(Purchase.paid_with) != written(PaidWith.MONEY))
_WITH_MARK = select_columns(func.count()).where(
    *_THEIRS, col(Purchase.details).contains(bindparam("mark", type_=JSONB))
)


async def before(tx: Tx, customer: Customer, rules: Sequence[PointsRule]) -> int:
    """How many stamps there are already; what gift cards and points have paid is only looked for if a rule counts."""
    if not any(rule.rule_type in _COUNTING for rule in rules):
        return customer.total_purchases
    unpaid: int = await tx.value(_UNPAID, tenant_id=tx.tenant_id, customer_id=customer.id)
    return customer.total_purchases - unpaid


async def once(tx: Tx, customer: Customer, earnings: list[Earning]) -> list[Earning]:
    """The earnings without a milestone that a purchase which stands has had.

    Whoever takes an earlier purchase back comes to the fifth a second time; it is paid once.
    """
    reached = [earning for earning in earnings if earning.inputs["type"] == RuleType.MILESTONE]
    if not reached:
        return earnings
    inputs: dict[str, Any] = {"type": RuleType.MILESTONE, "purchase": reached[0].inputs["purchase"]}
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer.id}
    had = await tx.value(_WITH_MARK, **whose, mark={"earnings": [{"inputs": inputs}]})
    return [earning for earning in earnings if earning not in reached] if had else earnings
