"""Tables whose rows a business file lists: rows come, change and retire as it says, and none is deleted."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.base import TenantTable
from models.db import Tx

T = TypeVar("T", bound=TenantTable)


@dataclass(frozen=True, slots=True)
class Brought(Generic[T]):
    """The rows in force, by their key, and how many were touched."""

    rows: dict[Hashable, T]
    changed: int


class Listed(Generic[T]):
    """One such table: the file knows a row by its `key` column and decides the columns `facts`."""

    def __init__(self, model: type[T], key: str, facts: Sequence[str]) -> None:
        self._key, self._facts = key, facts
        of_row = (col(model.tenant_id) == bindparam("tenant"), col(model.id) == bindparam("row"))
        self._rows = select(model).where(col(model.tenant_id) == bindparam("tenant"))
        decided: dict[str, Any] = {name: bindparam(name) for name in (*facts, "is_active")}
        self._change = update(model).where(*of_row).values(decided)
        self._retire = update(model).where(*of_row).values({"is_active": False})

    async def bring(self, tx: Tx, wanted: Sequence[T]) -> Brought[T]:
        """Makes `wanted` the rows in force. A row that is as wanted is left untouched."""
        kept = {getattr(row, self._key): row for row in await tx.all(self._rows, tenant=tx.tenant_id)}
        rows: dict[Hashable, T] = {}
        new = [row for row in wanted if getattr(row, self._key) not in kept]
        await tx.add(*new)
        changed = len(new)
        for row in wanted:
            key = getattr(row, self._key)
            changed += await self._settle(tx, kept[key], row) if key in kept else 0
            rows[key] = kept.pop(key, row)
        for row in kept.values():
            if getattr(row, "is_active"):  # noqa: B009 - not every tenant table has it, those listed do
                changed += await tx.run(self._retire, tenant=tx.tenant_id, row=row.id)
        return Brought(rows, changed)

    async def _settle(self, tx: Tx, kept: T, wanted: T) -> int:
        names = (*self._facts, "is_active")
        if all(getattr(kept, name) == getattr(wanted, name) for name in names):
            return 0
        facts = {name: getattr(wanted, name) for name in names}
        return await tx.run(self._change, tenant=tx.tenant_id, row=kept.id, **facts)
