"""The rules of the ledger point by point: too slow to use, too simple to be wrong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime.max.replace(tzinfo=UTC)
GRACE = timedelta(days=14)


@dataclass(eq=False)
class Lot:
    """One earning: from when until when it counts, and where each of its points is.

    That is "free", "gone", "expired", or the name of a redemption.
    """

    available_at: datetime
    expires_at: datetime
    points: list[str]
    reversed: int = 0

    def count(self, where: str) -> int:
        return self.points.count(where)

    def move(self, points: int, source: str, target: str) -> None:
        for _ in range(points):
            self.points[self.points.index(source)] = target


@dataclass
class SlowLedger:
    """One customer. Expiry is only ever looked at: there is no job here."""

    lots: list[Lot] = field(default_factory=list)
    debt: int = 0

    def earn(
        self, points: int, expires_at: datetime | None, now: datetime, available_at: datetime | None = None
    ) -> Lot:
        lot = Lot(available_at or now, expires_at or NEVER, ["free"] * points)
        self.lots.append(lot)
        self._repay(now)
        return lot

    def reverse_earning(self, lot: Lot, now: datetime, points: int | None = None) -> int:
        """All that stands, or so many. Answers what became debt."""
        missing = len(lot.points) - lot.reversed if points is None else points
        lot.reversed += missing
        for where in ("free", "expired"):
            taken = min(missing, lot.count(where))
            lot.move(taken, where, "gone")
            missing -= taken
        missing -= self._take(missing, "gone", self.owing(now))
        self.debt += missing
        return missing

    def hold(self, points: int, name: str, now: datetime) -> bool:
        if self.free(now) - self.debt < points:
            return False
        self._take(points, name, self.usable(now))
        return True

    def release(self, name: str, now: datetime) -> None:
        for lot in self.lots:
            lot.move(lot.count(name), name, "free")
        self._repay(now)

    def reverse_spending(self, name: str, now: datetime) -> None:
        for lot in self.lots:
            if back := lot.count(name):
                if lot.expires_at <= now:
                    lot.move(lot.count("free"), "free", "expired")
                lot.move(back, name, "free")
                lot.expires_at = max(lot.expires_at, now + GRACE)
        self._repay(now)

    # -- looking ---------------------------------------------------------------------------------------------

    def usable(self, now: datetime) -> list[Lot]:
        usable = (lot for lot in self.lots if lot.available_at <= now < lot.expires_at)
        return sorted(usable, key=lambda lot: (lot.expires_at, lot.available_at))

    def pending(self, now: datetime) -> list[Lot]:
        return sorted((lot for lot in self.lots if lot.available_at > now), key=lambda lot: lot.available_at)

    def owing(self, now: datetime) -> list[Lot]:
        """In the order in which they pay a debt."""
        return [*self.usable(now), *self.pending(now)]

    def free(self, now: datetime, also: frozenset[str] = frozenset()) -> int:
        """The points that can be taken, with those of the redemptions that have timed out."""
        return sum(lot.count(where) for lot in self.usable(now) for where in ("free", *also))

    def expiring(self, now: datetime, soon: timedelta, also: frozenset[str]) -> tuple[int, datetime | None]:
        debt, going, first = self.debt, 0, None
        for lot in self.usable(now):
            points = sum(lot.count(where) for where in ("free", *also))
            paid = min(debt, points)
            debt -= paid
            if points > paid and lot.expires_at <= now + soon:
                going += points - paid
                first = first or lot.expires_at
        return going, first

    # -- doing -----------------------------------------------------------------------------------------------

    def _take(self, points: int, target: str, lots: list[Lot]) -> int:
        left = points
        for lot in lots:
            taken = min(left, lot.count("free"))
            lot.move(taken, "free", target)
            left -= taken
        return points - left

    def _repay(self, now: datetime) -> None:
        self.debt -= self._take(self.debt, "gone", self.owing(now))
