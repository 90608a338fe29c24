"""Finds the operations of the models that take an id, and words questions to them."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

import models
from models.booking.confirmations import Details
from models.db import Tx
from models.loyalty.rising import Terms
from models.people.profiles import Profile
from models.tenancy.settings import TenantSettings
from models.vault import Vault

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
OF_TABLE = {
    "approval_id": "approvals",
    "block_id": "closures",
    "booking_id": "bookings",
    "booking_or_visit": "bookings",
    "booking_ids": "bookings",
    "by": "users",
    "campaign_id": "campaigns",
    "customer_id": "customers",
    "digest_id": "owners_digests",
    "entity_id": "customers",
    "entries": "waitlist_entries",
    "entry_id": "points_transactions",
    "event_id": "inbound_events",
    "faq_id": "faqs",
    "follow_up_id": "follow_ups",
    "for_customer": "customers",
    "ids": "faqs",
    "job_id": "background_jobs",
    "lot_id": "points_lots",
    "message": "messages",
    "message_id": "messages",
    "moving": "bookings",
    "offer_id": "waitlist_offers",
    "project_id": "projects",
    "purchase_id": "purchases",
    "redemption_id": "reward_redemptions",
    "redemption_ids": "reward_redemptions",
    "referral_id": "referrals",
    "reminder_id": "booking_reminders",
    "resource_ids": "resources",
    "reward_id": "rewards",
    "service_id": "services",
    "service_ids": "services",
    "user_id": "users",
    "visit_id": "bookings",
}
"""The table in which a parameter of this name is looked up: a new name is told here."""
_SAMPLES: dict[type, Any] = {
    datetime: NOW,
    date: NOW.date(),
    timedelta: timedelta(days=1),
    int: 1,
    str: "word",
    bool: False,
    ZoneInfo: ZoneInfo("Africa/Lagos"),
    Vault: Vault("a secret for tests only"),
    TenantSettings: TenantSettings(),
    Details: Details(),
    Profile: Profile(),
    Terms: Terms(ZoneInfo("Africa/Lagos"), None, timedelta(0), timedelta(30), 3),
}


@dataclass(frozen=True)
class Operation:
    """A function of the models whose first argument is the transaction."""

    name: str
    work: Callable[..., Awaitable[Any]]
    hints: Mapping[str, Any]

    @property
    def takes_an_id(self) -> bool:
        return any(_kind(hint) is UUID for hint in self.hints.values())

    def question(self, ids: Mapping[str, UUID], rows: Mapping[type, SQLModel]) -> dict[str, Any]:
        """Arguments: `ids` by table, `rows` by kind. Raises LookupError for what is only made inside the models."""
        needed = inspect.signature(self.work).parameters
        asked = {name: hint for name, hint in self.hints.items() if _kind(hint) is UUID or _must(needed[name])}
        return {name: self._value(name, hint, ids, rows) for name, hint in asked.items()}

    def _value(self, name: str, hint: Any, ids: Mapping[str, UUID], rows: Mapping[type, SQLModel]) -> Any:
        kind = _kind(hint)
        if kind is UUID:
            table = "waitlist_entries" if (name, "waitlist" in self.name) == ("entry_id", True) else OF_TABLE[name]
            return [ids[table]] if _is_many(hint) else ids[table]
        if kind in rows:
            return [rows[kind]] if _is_many(hint) else rows[kind]
        if _is_many(hint):
            return {} if issubclass(get_origin(hint), Mapping) else []
        return next(iter(kind)) if issubclass(kind, Enum) else _SAMPLES[kind]


def operations() -> Iterator[Operation]:
    for module in walk_packages(models.__path__, "models."):
        for name, work in vars(import_module(module.name)).items():
            if inspect.iscoroutinefunction(work) and work.__module__ == module.name and not name.startswith("_"):
                hints = get_type_hints(work)
                hints.pop("return", None)
                if hints and hints.pop(next(iter(hints))) is Tx:
                    yield Operation(f"{module.name.removeprefix('models.')}.{name}", work, hints)


def _must(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty


def _kind(hint: Any) -> Any:
    """What a parameter holds, one or many of it, or none."""
    for part in get_args(hint) if not isinstance(hint, type) or get_args(hint) else ():
        if part not in {NoneType, ...}:
            return _kind(part)
    return hint


def _is_many(hint: Any) -> bool:
    origins = (get_origin(part) for part in (hint, *get_args(hint)))
    return any(isinstance(origin, type) and issubclass(origin, Iterable) for origin in origins)
