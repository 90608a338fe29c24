"""What the house notes about its own running: who changed what, and what waits for a second person."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from models.base import Channel, TenantTable, belongs_to, instant, json_list, json_object, one_of


class AuditAction(StrEnum):
    """What was done to a record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    VIEW = "view"
    EXPORT = "export"


class Actor(StrEnum):
    """Who did it: somebody who works here, a customer, or the clock."""

    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"


class ApprovalKind(StrEnum):
    """What is asked for: points by hand, or the points of a receipt that a customer photographed."""

    ADJUSTMENT = "adjustment"
    RECEIPT = "receipt"


class ApprovalState(StrEnum):
    """`pending` until somebody decides, or until its time is over."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


class DigestAnswer(StrEnum):
    """What an owner makes of a weekly digest."""

    OK = "ok"
    LOOK_INTO_IT = "look_into_it"


class AuditLog(TenantTable, table=True):
    """One thing done to one record, never changed or deleted: which, by whom, over what, and both states of it."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        belongs_to("user_id", "users"),
        one_of("user_type", Actor),
        one_of("action", AuditAction),
        one_of("channel", Channel),  # or none: by the clock
        # what became of this record?
        Index("ix_audit_logs_entity", "tenant_id", "entity_type", "entity_id", "occurred_at"),
    )

    user_id: UUID | None = None
    user_type: str
    action: str
    entity_type: str
    entity_id: UUID
    old_values: dict[str, Any] = json_object()
    new_values: dict[str, Any] = json_object()
    channel: str | None = None
    occurred_at: datetime = instant()


class Approval(TenantTable, table=True):
    """Something about a customer that needs a second person. `payload` is what will be done, `reason` why.

    `is_alone` marks what an owner did who has nobody to ask: the weekly digest tells of it. `outcome` is a word for
    why it was refused or could not be done, `remark` what the one who decided wrote.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("requested_by_user_id", "users"),
        belongs_to("decided_by_user_id", "users"),
        UniqueConstraint("tenant_id", "idempotency_key"),
        one_of("kind", ApprovalKind),
        one_of("state", ApprovalState),
        CheckConstraint(
            "is_alone OR decided_by_user_id IS NULL OR requested_by_user_id IS NULL"
            " OR decided_by_user_id <> requested_by_user_id",
            name="two_people",
        ),
        # what waits, oldest first
        Index("ix_approvals_waiting", "tenant_id", "requested_at", postgresql_where=text("state = 'pending'")),
        # how many receipts has the customer sent today?
        Index("ix_approvals_customer", "tenant_id", "customer_id", "requested_at"),
    )

    kind: str
    customer_id: UUID
    requested_by_user_id: UUID | None = None
    requested_at: datetime = instant()
    payload: dict[str, Any] = json_object()
    reason: str
    idempotency_key: str
    state: str = ApprovalState.PENDING
    expires_at: datetime = instant()
    decided_by_user_id: UUID | None = None
    decided_at: datetime | None = instant(optional=True)
    is_alone: bool = False
    outcome: str | None = None
    remark: str | None = None


class OwnersDigest(TenantTable, table=True):
    """What an owner was told about a week at the till, and what he made of it. `week_of` is the week's Monday."""

    __tablename__ = "owners_digests"
    __table_args__ = (
        belongs_to("user_id", "users"),
        # one digest for each owner and week
        UniqueConstraint("tenant_id", "user_id", "week_of"),
        one_of("answer", DigestAnswer),  # or none yet
    )

    user_id: UUID
    week_of: date
    findings: list[Any] = json_list()
    told_at: datetime = instant()
    answer: str | None = None
    answered_at: datetime | None = instant(optional=True)
