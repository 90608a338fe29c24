"""A customer looks at what the business knows of him, and puts it right."""

import re
from enum import StrEnum

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import Ask
from models.people.profiles import Profile as Told
from models.people.profiles import update_profile
from models.people.tables import ContactMethod

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")


class S(StrEnum):
    """What is asked, in this order: one of the last four."""

    WHAT = "what"
    CALLED = "called"
    EMAIL = "email"
    COMPANY = "company"
    CONTACT = "contact"


class Asked(Slots):
    """`what` is the question whose answer is to be put right."""

    what: S | None = None
    called: str | None = None
    email: str | None = None
    company: str | None = None
    contact: ContactMethod | None = None


class Profile(Flow):
    """What is known is said first; one thing is changed at a time."""

    name = "profile"
    Slots = Asked
    asks = (
        Ask(S.WHAT, (senses.choice,), offers="what_is_known"),
        Ask(S.CALLED, (senses.name,), needs=(S.WHAT,), then="keep_name", when="is_called"),
        Ask(S.EMAIL, (senses.text,), needs=(S.WHAT,), then="keep_email", when="is_email"),
        Ask(S.COMPANY, (senses.text,), needs=(S.WHAT,), then="keep_company", when="is_company"),
        Ask(S.CONTACT, (senses.choice,), needs=(S.WHAT,), offers="ways", then="keep_contact", when="is_contact"),
    )
    moves = (
        ("no_address", S.EMAIL, S.EMAIL),
        *(("kept", question, "kept") for question in (S.CALLED, S.EMAIL, S.COMPANY, S.CONTACT)),
    )

    async def what_is_known(self) -> list[Choice]:
        customer, word = self.context.customer, self.context.word
        unknown = word("profile-unknown")
        contact = customer.preferred_contact_method
        self.values = {
            "called": " ".join(filter(None, (customer.first_name, customer.last_name))) or unknown,
            "email": customer.email or unknown,
            "company": customer.company or unknown,
            "contact": word(f"profile-by-{contact}") if contact else unknown,
        }
        return [Choice(one.value, word(f"profile-change-{one}")) for one in S if one is not S.WHAT]

    def is_called(self) -> bool:
        return bool(self.slots.what == S.CALLED)

    def is_email(self) -> bool:
        return bool(self.slots.what == S.EMAIL)

    def is_company(self) -> bool:
        return bool(self.slots.what == S.COMPANY)

    def is_contact(self) -> bool:
        return bool(self.slots.what == S.CONTACT)

    async def ways(self) -> list[Choice]:
        return [Choice(way.value, self.context.word(f"profile-by-{way}")) for way in ContactMethod]

    async def keep_name(self) -> str:
        first, _, last = self.slots.called.partition(" ")
        return await self._keep(Told(first_name=first, last_name=last or None))

    async def keep_email(self) -> str:
        found = _EMAIL.fullmatch(self.slots.email.strip(" .,<>"))
        return await self._keep(Told(email=found.group().lower())) if found else "no_address"

    async def keep_company(self) -> str:
        return await self._keep(Told(company=self.slots.company))

    async def keep_contact(self) -> str:
        return await self._keep(Told(preferred_contact_method=self.slots.contact))

    async def _keep(self, told: Told) -> str:
        await update_profile(self.context.tx, self.context.customer.id, told, now=self.context.now)
        return "kept"
