"""What a flow is given for one turn: who speaks to whom, when, and the open transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from flows.reply import Choice, Reply
from flows.senses.base import Setting
from models.base import Channel
from models.db import Tx
from models.people.pins import PinVerdict
from models.people.tables import Customer, Purpose, User
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant
from models.vault import Vault
from prompts import locale_for, say

MONTH_FIRST = frozenset({"US"})
CHOICES_STAND = timedelta(hours=48)
"""How long the choices of a notice can be taken, unless it says otherwise."""


class PinNeeded(Exception):  # noqa: N818 - a question to the outside, not a fault
    """A PIN has to be checked before the turn can go on.

    Checking costs tens of milliseconds and must be counted even if the turn fails, so it may not happen while the
    conversation's row is held. Whoever takes the turn rolls back, checks, and takes the turn again with the verdict.
    """

    def __init__(self, user_id: UUID, pin: str) -> None:
        super().__init__("a PIN has to be checked")
        self.user_id = user_id
        self.pin = pin


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to somebody who has not just written. Its choices can be taken until `stands_until`.

    It is not sent after `expires_at`: what comes too late only confuses.
    """

    customer_id: UUID
    phone: str
    channel: Channel
    reply: Reply
    language: str | None = None
    purpose: Purpose = Purpose.SERVICE
    stands_until: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the person was offered at `made_at` without having asked: a reminder's answers, a request's yes and no."""

    made_at: datetime
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As `standing_offers` keeps it."""
        choices = tuple(Choice(key, label, tuple(also)) for key, label, also in kept["choices"])
        return cls(datetime.fromisoformat(kept["made_at"]), choices)


@dataclass
class TurnContext:
    """One message's circumstances. `tx` is the turn's transaction; `now` is the only clock.

    `public_base_url` is where the outside reaches us, without a last slash; empty where it cannot.
    """

    tx: Tx
    tenant: Tenant
    settings: TenantSettings
    customer: Customer
    staff: User | None
    channel: Channel
    line: str
    event_id: UUID
    now: datetime
    vault: Vault
    profile_name: str | None = None
    verdicts: Mapping[str, PinVerdict] = field(default_factory=dict)
    standing: tuple[Standing, ...] = ()
    public_base_url: str = ""
    notices: list[Notice] = field(default_factory=list)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant.zone)

    @property
    def name(self) -> str | None:
        """What the person is called, as far as is known."""
        return self.customer.first_name or self.profile_name or self.customer.whatsapp_name

    @cached_property
    def locale(self) -> str:
        """The person's language as the business's country writes it: "en_NG"."""
        return locale_of(self.customer.language, self.tenant)

    def word(self, key: str, **values: object) -> str:
        """A label of a choice, in the person's language."""
        return say(key, values, self.locale)

    def local(self, instant: datetime) -> datetime:
        """An instant as the clock on the shop's wall shows it."""
        return instant.astimezone(self.zone)

    def setting(self, choices: tuple[Choice, ...] = ()) -> Setting:
        """The same circumstances as the senses need them."""
        return Setting(
            now=self.now.astimezone(self.zone),
            zone=self.zone,
            region=self.tenant.country,
            currency=self.tenant.currency,
            day_first=self.tenant.country not in MONTH_FIRST,
            choices=choices,
        )

    def verdict(self, user: User, pin: str) -> PinVerdict:
        """What became of the PIN. Raises PinNeeded when nobody has checked it yet."""
        if pin not in self.verdicts:
            raise PinNeeded(user.id, pin)
        return self.verdicts[pin]

    def notify(
        self,
        customer: Customer,
        reply: Reply,
        *,
        purpose: Purpose = Purpose.SERVICE,
        until: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Queues a message to another customer, on the channel he used last. Its choices stand `until` then."""
        told = notice(
            customer, reply, self.now, _written(self.channel), purpose=purpose, until=until, expires_at=expires_at
        )
        if told is not None:
            self.notices.append(told)


def locale_of(language: str | None, tenant: Tenant) -> str:
    """A person's own language, else the business's, as the business's country writes it: "en_NG"."""
    return locale_for(language or tenant.locale, tenant.country)


def notice(
    customer: Customer,
    reply: Reply,
    now: datetime,
    default: Channel = Channel.SMS,
    *,
    purpose: Purpose = Purpose.SERVICE,
    until: datetime | None = None,
    expires_at: datetime | None = None,
) -> Notice | None:
    """The message as it would leave, by `default` where the customer has not written yet; None after an opt-out."""
    if not customer.opted_in:
        return None
    channel = default if customer.last_channel is None else _written(Channel(customer.last_channel))
    stands_until = (until or now + CHOICES_STAND) if reply.choices else None
    facts = (customer.id, customer.phone_number, channel, reply, customer.language)
    return Notice(*facts, purpose=purpose, stands_until=stands_until, expires_at=expires_at)


def _written(channel: Channel) -> Channel:
    """The way to write to somebody who was last met on this channel."""
    return Channel.SMS if channel is Channel.VOICE else channel
