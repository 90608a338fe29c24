"""What customers tell of themselves: how they are called and reached, and where they work."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, bindparam, func
from sqlmodel import col, update

from models.db import Tx
from models.operations import audit
from models.operations.tables import Actor, AuditAction
from models.people.tables import ContactMethod, Customer
from models.statements import ours

_FACTS = ("first_name", "last_name", "email", "company", "zone", "preferred_contact_method")
_UPDATE = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(
        {name: func.coalesce(bindparam(f"new_{name}", type_=String), col(getattr(Customer, name))) for name in _FACTS}
    )
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is new; None leaves what is known. `zone` is IANA's name of the customer's own time zone."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None
    zone: str | None = None
    preferred_contact_method: ContactMethod | None = None


async def update_profile(tx: Tx, customer_id: UUID, told: Profile, *, now: datetime) -> bool:
    """Keeps what the customer told; False if there is no such customer. Consent to marketing is a row of consents.

    The audit log has which facts changed, not what they are: it is kept for ever, and they may have to be forgotten.
    """
    facts = asdict(told)
    new = {f"new_{name}": value for name, value in facts.items()}
    if not await tx.run(_UPDATE, tenant_id=tx.tenant_id, customer_id=customer_id, **new):
        return False
    changed = [name for name, value in facts.items() if value is not None]
    action, whose = AuditAction.UPDATE, Actor.CUSTOMER
    await audit.record(tx, action, "customers", customer_id, by=None, actor=whose, now=now, new={"changed": changed})
    return True
