"""A tier is a pure function of what was earned, the policies, the notices and a day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.loyalty import tiers
from models.loyalty.standing_tables import TierCause
from models.loyalty.tiers import DEFAULT, NOTICE, Policy, Standing, Tier, Warned, months_later, standing

BEGIN = date(2026, 1, 1)
DAY = timedelta(days=1)
days = st.integers(0, 1_200).map(lambda number: BEGIN + number * DAY)
earnings = st.dictionaries(days, st.integers(0, 3_000), max_size=12)
notices = st.lists(
    st.builds(Warned, tier=st.sampled_from(["silver", "gold", "platinum"]), until=days, day=days), max_size=6
)
policies = st.lists(
    st.tuples(days, st.lists(st.integers(1, 4_000), max_size=3, unique=True), st.sampled_from([0, 1, 12])), max_size=2
).map(lambda changes: [DEFAULT, *(policy(*one, version) for version, one in enumerate(sorted(changes), 1))])


def policy(since: date, points: Sequence[int], months: int, version: int) -> Policy:
    levels = [
        Tier("bronze", 0),
        *(Tier(name, one) for name, one in zip(("silver", "gold", "x"), sorted(points), strict=False)),
    ]
    return Policy(version, since, tuple(levels), months)


def warned_in_time(earned: dict[date, int], known: Sequence[Policy], on: date) -> list[Warned]:
    """The notices that are written if somebody looks every day."""
    given_out: list[Warned] = []
    for day in (BEGIN + number * DAY for number in range((on - BEGIN).days + 1)):
        found = standing(earned, known, given_out, day)
        notice = Warned(found.tier.name, found.until or day, day)
        if found.needs_warning(day) and not any(
            (one.tier, one.until) == (notice.tier, notice.until) for one in given_out
        ):
            given_out.append(notice)
    return given_out


def at(
    on: date, *earned: tuple[date, int], warned: Sequence[Warned] = (), known: Sequence[Policy] = (DEFAULT,)
) -> Standing:
    return standing(dict(earned), known, warned, on)


@given(earned=earnings, known=policies, on=days)
def test_the_same_past_gives_the_same_tier(earned: dict[date, int], known: list[Policy], on: date) -> None:
    """Invariant 35: deterministic in events, policy and date; the order in which they are told does not count."""
    backwards = dict(sorted(earned.items(), reverse=True))
    assert standing(earned, known, (), on) == standing(backwards, known, (), on)


@given(earned=earnings, known=policies, on=days)
def test_what_comes_later_changes_nothing(earned: dict[date, int], known: list[Policy], on: date) -> None:
    """Invariant 35: a tier on a day hangs on nothing that happened after it."""
    before = {day: points for day, points in earned.items() if day <= on}
    at_that_time = [one for one in known if one.since <= on]
    assert standing(earned, known, (), on) == standing(before, at_that_time, (), on)


@given(earned=earnings, on=days, more=st.integers(1, 5_000))
def test_to_earn_more_never_lowers(earned: dict[date, int], on: date, more: int) -> None:
    """Invariant 35: upgrades are immediate: the tier is at least what the points of the period take."""
    found = standing(earned, [DEFAULT], (), on)
    richer = standing({**earned, on: earned.get(on, 0) + more}, [DEFAULT], (), on)
    assert richer.tier.points >= found.tier.points
    assert richer.tier.points >= DEFAULT.tiers[DEFAULT.reached(richer.points)].points


@given(earned=earnings, on=days, lost=days, notices=notices)
def test_reversing_an_earning_leaves_no_trace(
    earned: dict[date, int], on: date, lost: date, notices: list[Warned]
) -> None:
    """Invariant 21: a day on which all was taken back is as one on which nothing was earned."""
    assume(lost not in earned)
    assert standing({**earned, lost: 0}, [DEFAULT], notices, on) == standing(earned, [DEFAULT], notices, on)


@given(earned=earnings, on=days)
def test_nothing_is_lost_without_notice(earned: dict[date, int], on: date) -> None:
    """Invariant 35: without a warning the clock alone lowers nobody."""
    found = standing(earned, [DEFAULT], (), on)
    assert TierCause.PERIOD_END not in {change.cause for change in found.changes}
    best = max((standing(earned, [DEFAULT], (), day).tier.points for day in earned if day <= on), default=0)
    assert found.tier.points == best


@given(earned=st.dictionaries(st.integers(0, 700).map(lambda n: BEGIN + n * DAY), st.integers(0, 3_000), max_size=4))
def test_a_tier_goes_one_step_down_after_its_period_and_a_notice(earned: dict[date, int]) -> None:
    """Invariant 35: downgrade only at period end and after notice, one tier at a time."""
    on = BEGIN + 900 * DAY
    notices = warned_in_time(earned, [DEFAULT], on)
    names = [tier.name for tier in DEFAULT.tiers]
    for change in standing(earned, [DEFAULT], notices, on).changes:
        if change.cause is not TierCause.PERIOD_END:
            continue
        assert names.index(change.before) - names.index(change.after) == 1
        told = [one for one in notices if one.tier == change.before and one.until < change.day]
        assert told
        assert change.day == max(told[-1].until + DAY, told[-1].day + NOTICE)


def test_a_tier_lasts_a_period_and_is_kept_by_earning_it_again() -> None:
    reached, end = date(2026, 3, 10), date(2027, 3, 10)
    assert at(reached, (reached, 1_000)).until == end
    again = at(end + DAY, (reached, 1_000), (date(2027, 3, 9), 1_000), warned=[Warned("silver", end, date(2027, 2, 9))])
    assert (again.tier.name, again.until) == ("silver", date(2028, 3, 10))
    assert at(end, (reached, 1_000)).to_keep == 1_000
    assert at(end, (reached, 1_000), (end, 400)).to_keep == 600


def test_two_tiers_are_reached_at_once_and_lost_one_by_one() -> None:
    reached = date(2026, 3, 10)
    notices = [
        Warned("gold", date(2027, 3, 10), date(2027, 2, 20)),
        Warned("silver", date(2028, 3, 11), date(2028, 3, 1)),
    ]
    assert at(reached, (reached, 2_600)).tier.name == "gold"
    assert at(date(2027, 3, 11), (reached, 2_600), warned=notices).tier.name == "silver"
    assert at(date(2028, 3, 14), (reached, 2_600), warned=notices).tier.name == "silver"
    assert at(date(2028, 3, 15), (reached, 2_600), warned=notices).tier.name == "bronze"


def test_enough_points_after_the_end_keep_a_tier_that_nobody_was_warned_about() -> None:
    reached, late = date(2026, 3, 10), date(2027, 5, 1)
    kept = at(late, (reached, 1_000), (late, 1_000))
    assert (kept.tier.name, kept.until) == ("silver", date(2028, 5, 1))


def test_a_stricter_policy_takes_nothing_away_at_once() -> None:
    reached, change = date(2026, 3, 10), date(2026, 6, 1)
    stricter = policy(change, [2_000, 4_000], 12, 1)
    found = at(change, (reached, 1_000), known=[DEFAULT, stricter])
    assert (found.tier.name, found.until, found.to_next) == ("silver", date(2027, 3, 10), 3_000)


def test_a_milder_policy_raises_on_its_day() -> None:
    reached, change = date(2026, 3, 10), date(2026, 6, 1)
    milder = policy(change, [500, 900], 12, 1)
    found = at(change, (reached, 1_000), known=[DEFAULT, milder])
    assert found.tier.name == "gold"
    assert found.changes[-1].cause is TierCause.POLICY


def test_a_tier_for_ever_is_never_lost() -> None:
    for_ever = Policy(1, date.min, DEFAULT.tiers, months=0)
    found = at(date(2040, 1, 1), (BEGIN, 1_200), known=[for_ever])
    assert (found.tier.name, found.until, found.points, found.to_keep) == ("silver", None, 1_200, 0)


def test_one_tier_is_none() -> None:
    only = Policy(1, date.min, (Tier("member", 0),))
    assert at(BEGIN, (BEGIN, 9_000), known=[only]).above is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 10), -12, date(2025, 3, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_the_usual_tiers_are_those_of_the_programme() -> None:
    assert [(tier.name, tier.points) for tier in tiers.DEFAULT.tiers] == [
        ("bronze", 0),
        ("silver", 1_000),
        ("gold", 2_500),
        ("platinum", 5_000),
    ]
