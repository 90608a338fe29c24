"""The questions and answers of a business file."""

from uuid import UUID

from models.db import Tx
from models.messaging.tables import Faq
from models.tenancy.applying.listed import Listed
from models.tenancy.file_parts import FaqEntry

_FAQS = Listed(Faq, "question", ("answer", "category", "aliases", "display_order"))


async def bring(tx: Tx, tenant_id: UUID, entries: list[FaqEntry]) -> int:
    """Puts the answers in force; says how many rows came or changed."""
    wanted = [
        Faq(
            tenant_id=tenant_id,
            question=entry.question,
            answer=entry.answer,
            category=entry.category,
            aliases=entry.aliases,
            display_order=place,
        )
        for place, entry in enumerate(entries)
    ]
    return (await _FAQS.bring(tx, wanted)).changed
