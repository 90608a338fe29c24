"""What is unusual at the till, and what is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import uuid7
from models.loyalty.signals import Finding, Move, Sale, Till, findings

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
NOON = MONDAY + timedelta(hours=12)
TUNDE, BOLA, AMAKA = uuid7(), uuid7(), uuid7()
ADA, CHIOMA = uuid7(), uuid7()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def sale(user: object = TUNDE, customer: object = None, points: int = 10, at: datetime = NOON, **facts: object) -> Sale:
    return Sale(customer or uuid7(), user, points * 10_000, points, at, **facts)  # type: ignore[arg-type]


def move(kind: str, points: int, at: datetime = NOON, customer: object = ADA, *, is_alone: bool = False) -> Move:
    return Move(customer, TUNDE, kind, points, at, is_alone)  # type: ignore[arg-type]


def look(sales: list[Sale], moves: list[Move] | None = None, *, is_open: bool = True) -> list[Finding]:
    return findings(Till(MONDAY, sales, moves or [], lambda _: is_open))


ORDINARY = [sale(user, at=NOON + hour * HOUR) for user in (TUNDE, BOLA, AMAKA) for hour in range(10)]


def test_an_ordinary_week_says_nothing() -> None:
    assert look(ORDINARY) == []
    assert look([]) == []


def test_one_customer_always_served_by_one() -> None:
    hers = [sale(TUNDE, ADA, at=NOON + day * 24 * HOUR) for day in range(5)]
    (found,) = look([*ORDINARY, *hers])
    assert (found.kind, found.user_id, found.customer_id, found.figures) == (
        "always_the_same",
        TUNDE,
        ADA,
        {"times": 5},
    )
    assert look([*ORDINARY, *hers[:-1]]) == []
    assert look([*ORDINARY, *hers[:-1], sale(BOLA, ADA)]) == []


def test_who_works_alone_serves_everybody() -> None:
    assert look([sale(TUNDE, ADA, at=NOON + day * 24 * HOUR) for day in range(5)]) == []


def test_what_was_found_before_is_not_found_again() -> None:
    """A faithful customer of last month is no news."""
    earlier = [sale(TUNDE, ADA, at=MONDAY - day * 24 * HOUR) for day in range(1, 7)]
    assert look([*ORDINARY, *earlier]) == []


def test_points_far_above_the_usual() -> None:
    (found,) = look([*ORDINARY, sale(points=51)])
    assert (found.kind, found.figures) == ("many_points", {"times": 1, "most": 51, "usual": 10})
    assert look([*ORDINARY, sale(points=50)]) == []
    assert look([sale(points=1), sale(points=500)]) == []


def test_sales_while_the_shop_is_closed() -> None:
    found = look([sale(), sale(), sale(BOLA)], is_open=False)
    assert [(one.kind, one.user_id, one.figures) for one in found] == [
        ("after_hours", TUNDE, {"times": 2}),
        ("after_hours", BOLA, {"times": 1}),
    ]
    assert look([sale(by_receipt=True)], is_open=False) == []


def test_points_by_hand() -> None:
    by_hand = [move("adjusted", 20) for _ in range(3)]
    (found,) = look([sale(at=NOON + hour * HOUR) for hour in range(10)], by_hand)
    assert (found.kind, found.figures) == ("by_hand", {"times": 3, "points": 60, "percent": 38})
    assert look([sale(at=NOON + hour * HOUR) for hour in range(30)], by_hand) == []
    assert look([], by_hand[:2]) == []


def test_points_given_and_spent_at_once() -> None:
    def visit(n: int, gap: timedelta) -> list[Move]:
        at = NOON + n * HOUR
        return [move("earned", 10, at), move("redeemed", -100, at + gap)]

    quick = [one for n in range(3) for one in visit(n, 4 * MINUTE)]
    (found,) = look([], quick)
    assert (found.kind, found.figures) == ("spent_at_once", {"times": 3, "minutes": 5})
    assert look([], quick[:-1]) == []
    assert look([], [one for n in range(3) for one in visit(n, 6 * MINUTE)]) == []


def test_one_bill_in_many_parts() -> None:
    parts = [sale(TUNDE, ADA, at=NOON + n * 4 * MINUTE) for n in range(3)]
    (found,) = look(parts)
    assert (found.kind, found.customer_id, found.figures) == ("split", ADA, {"times": 3, "minutes": 10})
    assert look(parts[:2]) == []
    assert look([*parts[:2], sale(TUNDE, CHIOMA, at=NOON)]) == []


def test_what_an_owner_did_alone() -> None:
    (found,) = look([], [move("adjusted", 800, is_alone=True)])
    assert (found.kind, found.figures, found.customer_id) == ("alone", {"points": 800}, ADA)
    assert found.kept()["customer_id"] == str(ADA)


@pytest.mark.parametrize("kind", ["expired", "redeemed"])
def test_other_entries_are_nothing_by_themselves(kind: str) -> None:
    assert look([], [move(kind, -10) for _ in range(5)]) == []


@given(
    st.lists(
        st.builds(
            sale,
            st.sampled_from([TUNDE, BOLA, AMAKA]),
            st.sampled_from([ADA, CHIOMA]),
            st.integers(0, 100),
            st.datetimes(datetime(2026, 10, 19), datetime(2026, 11, 15)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
        ),
        max_size=30,
    )
)
def test_the_order_of_rows_makes_no_difference(sales: list[Sale]) -> None:
    def told(rows: list[Sale]) -> set[str]:
        return {f"{one.kind} {one.user_id} {one.customer_id} {sorted(one.figures.items())}" for one in look(rows)}

    assert told(sales) == told(sales[::-1])
