"""The rules of the ledger point by point: too slow to use, too simple to be wrong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime.max.replace(tzinfo=UTC)
GRACE = timedelta(days=14)


@dataclass(eq=False)
class Lot:
    """One earning: when it expires, and where each of its points is ("free", "gone", or the name of a redemption)."""

    expires_at: datetime
    points: list[str]

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

    def earn(self, points: int, expires_at: datetime | None, now: datetime) -> Lot:
        lot = Lot(expires_at or NEVER, ["free"] * points)
        self.lots.append(lot)
        self._repay(now)
        return lot

    def reverse_earning(self, lot: Lot, now: datetime) -> int:
        """Answers what became debt."""
        missing = len(lot.points)
        for where in ("free", "expired"):
            taken = min(missing, lot.count(where))
            lot.move(taken, where, "gone")
            missing -= taken
        missing -= self._take(missing, "gone", now)
        self.debt += missing
        return missing

    def hold(self, points: int, name: str, now: datetime) -> bool:
        if self.free(now) - self.debt < points:
            return False
        self._take(points, name, now)
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
        return sorted((lot for lot in self.lots if lot.expires_at > now), key=lambda lot: lot.expires_at)

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

    def _take(self, points: int, target: str, now: datetime) -> int:
        left = points
        for lot in self.usable(now):
            taken = min(left, lot.count("free"))
            lot.move(taken, "free", target)
            left -= taken
        return points - left

    def _repay(self, now: datetime) -> None:
        self.debt -= self._take(self.debt, "gone", now)
