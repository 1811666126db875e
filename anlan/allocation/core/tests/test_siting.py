from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.allocation.core.siting import (
    Ground,
    TooFewSites,
    Unreachable,
    capacitated,
    least_points,
    max_cover,
    p_median,
)
from anlan.allocation.core.siting.interchange import cost_of, interchange
from anlan.allocation.core.siting.median import least_cost
from anlan.allocation.core.tests import library
from anlan.kernel.refusal import Refusal

unhurried = settings(deadline=None)

# Four villages along a valley road, 10 minutes from one to the next; docs/methods/siting.md works this through.
PEOPLE = np.array([300.0, 100.0, 100.0, 200.0])
ALONG = np.abs(np.subtract.outer(np.arange(4), np.arange(4))) * 10.0
VILLAGES = ("Lan", "Qing", "Yun", "Xi")
VALLEY = Ground(VILLAGES, VILLAGES, ALONG, PEOPLE)


def ground_of(distance, weight=None, **changes):
    """Demands a, b, … and sites 0, 1, …"""
    distance = np.array(distance, dtype=float)
    demands, sites = distance.shape
    weights = np.ones(demands) if weight is None else np.array(weight, dtype=float)
    names = tuple(chr(97 + place) for place in range(demands)), tuple(str(place) for place in range(sites))
    return Ground(*names, distance, weights, **changes)


@st.composite
def some_grounds(draw, most=5):
    demands, sites = draw(st.integers(1, most)), draw(st.integers(1, most))
    distance = draw(st.lists(st.integers(0, 9), min_size=demands * sites, max_size=demands * sites))
    weight = draw(st.lists(st.integers(0, 5), min_size=demands, max_size=demands))
    kept = draw(st.sets(st.integers(0, sites - 1), max_size=1))
    return ground_of(np.array(distance).reshape(demands, sites), weight, kept=tuple(kept))


def choices(ground, points):
    """Yield each choice of so many sites that keeps what stands."""
    for opened in combinations(range(len(ground.sites)), points):
        if set(ground.kept) <= set(opened):
            yield list(opened)


def way_of(ground, opened):
    return float(ground.distance[:, opened].min(axis=1) @ ground.weight)


def covered_by(ground, opened, within):
    return float(ground.weight[(ground.distance[:, opened] <= within).any(axis=1)].sum())


def test_the_worked_example_of_two_points():
    found = p_median(VALLEY, 2, gap=0)

    assert (found.opened, found.site.tolist()) == ((0, 3), [0, 0, 3, 3])
    assert (found.objective, found.bound, found.gap) == (2000.0, 2000.0, 0.0)
    assert found.load.tolist() == [400.0, 0.0, 0.0, 300.0]


def test_the_worked_example_of_covering():
    found = max_cover(VALLEY, 1, within=10)

    assert (found.opened, found.objective, found.coverage) == ((1,), 500.0, pytest.approx(5 / 7))
    assert found.left_out == (3,)


def test_the_worked_example_of_the_fewest_points():
    found = least_points(VALLEY, within=10, share=0.95)

    assert (found.objective, found.bound, found.coverage) == (2.0, 2.0, 1.0)


def test_the_worked_example_of_capacities():
    """Each place holds 400 and costs 1 500: a third place would save less than that."""
    capacity, cost = np.full(4, 400.0), np.full(4, 1500.0)

    found = capacitated(VALLEY, capacity, cost, is_single=False, gap=0)

    assert found.opened == (0, 3)
    assert (found.objective, found.bound) == (pytest.approx(5000.0), pytest.approx(5000.0))
    assert found.load.tolist() == pytest.approx([400.0, 0.0, 0.0, 300.0])


def test_what_stands_stays_open():
    found = p_median(replace(VALLEY, kept=(2,)), 2, gap=0)

    assert found.opened == (0, 2)


@unhurried
@given(some_grounds(), st.integers(1, 5))
def test_p_median_agrees_with_every_choice_tried(ground, points):
    points = min(points, len(ground.sites))

    found = p_median(ground, points, gap=0)

    assert found.objective == pytest.approx(min(way_of(ground, opened) for opened in choices(ground, points)))
    assert found.bound == pytest.approx(found.objective)


@unhurried
@given(some_grounds(), st.integers(1, 5), st.integers(0, 9))
def test_covering_agrees_with_every_choice_tried(ground, points, within):
    points = min(points, len(ground.sites))

    found = max_cover(ground, points, within, gap=0)

    best = max(covered_by(ground, opened, within) for opened in choices(ground, points))
    assert found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(best)


@unhurried
@given(some_grounds(), st.integers(0, 9), st.floats(0.1, 1.0))
def test_the_fewest_points_agree_with_every_choice_tried(ground, within, share):
    wanted = share * ground.weight.sum() * (1 - 1e-9)
    enough = [
        points
        for points in range(max(1, len(ground.kept)), len(ground.sites) + 1)
        if any(covered_by(ground, opened, within) >= wanted for opened in choices(ground, points))
    ]

    if not enough:
        with pytest.raises(TooFewSites):
            least_points(ground, within, share)
        return
    found = least_points(ground, within, share)
    assert found.objective == found.bound == enough[0]
    assert found.coverage >= share * (1 - 1e-9) or not ground.weight.sum()


def cost_by_trying(ground, capacity, cost):
    """Return the least cost of whole demands, None where they do not fit."""
    best = None
    demands, sites = ground.distance.shape
    for way in np.ndindex(*[sites] * demands):
        load = np.bincount(way, weights=ground.weight, minlength=sites)
        if (load <= capacity).all():
            opened = np.zeros(sites, dtype=bool)
            opened[list(ground.kept)] = True
            opened[[site for site, weight in zip(way, ground.weight, strict=True) if weight > 0]] = True
            ways = sum(ground.distance[i, j] * ground.weight[i] for i, j in enumerate(way))
            total = float(cost[opened].sum() + ways)
            best = total if best is None else min(best, total)
    return best


@unhurried
@given(some_grounds(most=3), st.integers(1, 12), st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_whole_demands_in_sites_with_capacities_agree_with_every_choice_tried(ground, room, prices):
    capacity = np.full(len(ground.sites), float(room))
    cost = np.array(prices[: len(ground.sites)], dtype=float)
    best = cost_by_trying(ground, capacity, cost)

    if best is None:
        with pytest.raises(TooFewSites):
            capacitated(ground, capacity, cost, is_single=True, gap=0)
        return
    found = capacitated(ground, capacity, cost, is_single=True, gap=0)
    assert found.objective == pytest.approx(best)
    assert (found.load <= capacity + 1e-6).all()


@unhurried
@given(some_grounds(), st.integers(1, 4), st.integers(0, 9))
def test_one_more_point_never_worsens(ground, points, within):
    points = min(points, len(ground.sites) - 1)
    if points < max(1, len(ground.kept)):
        return

    assert p_median(ground, points + 1, gap=0).objective <= p_median(ground, points, gap=0).objective + 1e-9
    assert max_cover(ground, points + 1, within).coverage >= max_cover(ground, points, within).coverage - 1e-9


@unhurried
@given(some_grounds(), st.integers(1, 5))
def test_what_must_stay_never_improves(ground, points):
    points = min(points, len(ground.sites))

    free = p_median(replace(ground, kept=()), points, gap=0)

    assert free.objective <= p_median(ground, points, gap=0).objective + 1e-9


@unhurried
@given(some_grounds(), st.integers(1, 5), st.integers(0, 8))
def test_coverage_grows_with_the_reach(ground, points, within):
    points = min(points, len(ground.sites))

    assert max_cover(ground, points, within).coverage <= max_cover(ground, points, within + 1).coverage + 1e-9


@unhurried
@given(some_grounds(), st.integers(1, 5), st.integers(0, 1000))
def test_another_order_changes_nothing(ground, points, seed):
    points = min(points, len(ground.sites))
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(ground.demands)), rng.permutation(len(ground.sites))
    kept = tuple(int(np.flatnonzero(columns == site)[0]) for site in ground.kept)
    turned = replace(ground, distance=ground.distance[rows][:, columns], weight=ground.weight[rows], kept=kept)

    assert p_median(turned, points, gap=0).objective == pytest.approx(p_median(ground, points, gap=0).objective)


def test_an_island_is_refused_by_name_or_left_out_at_a_price():
    ground = ground_of([[1.0, 4.0], [np.inf, np.inf]], [2, 3])

    with pytest.raises(Unreachable, match="no site can reach b"):
        p_median(ground, 1)
    with pytest.raises(Unreachable, match="no site can reach b"):
        capacitated(ground, np.full(2, 9.0), np.ones(2), is_single=True)
    priced = replace(ground, left_out=10.0)
    assert (p_median(priced, 1).objective, p_median(priced, 1).left_out) == (32.0, (1,))
    assert capacitated(priced, np.full(2, 9.0), np.ones(2), is_single=True).left_out == (1,)


def test_points_that_cannot_reach_all_say_whom_they_leave_out():
    apart = ground_of([[1.0, np.inf], [np.inf, 1.0]])

    with pytest.raises(TooFewSites, match="1 points do not reach everybody: [ab] would be left out"):
        p_median(apart, 1)
    assert p_median(apart, 2).objective == 2.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distance": np.where(ALONG == 20, np.nan, ALONG)}, "from Lan to Yun is unknown .4 such."),
        ({"distance": ALONG - 1}, "never below 0"),
        ({"weight": -PEOPLE}, "never below 0"),
        ({"weight": PEOPLE * np.inf}, "never below 0"),
        ({"kept": (0, 1, 2)}, "2 points are asked for; 3 stand already"),
    ],
)
def test_ground_that_nobody_knows_is_refused(change, words):
    with pytest.raises(Refusal, match=words):
        p_median(replace(VALLEY, **change), 2)


@pytest.mark.parametrize("points", [0, 5])
def test_no_points_or_more_than_sites_are_refused(points):
    with pytest.raises(Refusal, match="there are 4 sites"):
        max_cover(VALLEY, points, 10)


@pytest.mark.parametrize(("within", "share", "words"), [(-1, 1, "a reach of -1"), (1, 0, "share of 0"), (1, 2, "of 2")])
def test_a_reach_or_share_that_cannot_be_is_refused(within, share, words):
    with pytest.raises(Refusal, match=words):
        least_points(VALLEY, within, share)


def test_a_share_that_no_sites_reach_says_how_much_they_do():
    far = ground_of([[1.0], [99.0]], [3, 1])

    with pytest.raises(TooFewSites, match="75.0 % within reach, 90.0 % are asked for; beyond: b"):
        least_points(far, 10, 0.9)


def test_capacities_that_do_not_suffice_say_by_how_much():
    with pytest.raises(TooFewSites, match="all sites together hold 400, 700 are needed"):
        capacitated(VALLEY, np.full(4, 100.0), np.ones(4), is_single=False)
    with pytest.raises(Refusal, match="never below 0"):
        capacitated(VALLEY, np.full(4, -1.0), np.ones(4), is_single=False)
    with pytest.raises(ValueError, match="expected"):
        capacitated(VALLEY, np.ones(3), np.ones(4), is_single=False)


def test_whole_demands_in_many_sites_come_near_the_bound_of_split_ones():
    ground = plain_of(90, 25)

    found = capacitated(ground, np.full(25, 900.0), np.full(25, 9_000.0), is_single=True, gap=0.02)

    assert (found.method, found.gap <= 0.02) == ("proven", True)
    assert (found.load <= 900 + 1e-6).all()
    assert found.parts == ()


def test_a_demand_that_is_split_says_into_which_parts():
    found = capacitated(VALLEY, np.array([350.0, 0.0, 0.0, 350.0]), np.zeros(4), is_single=False, gap=0)

    assert found.parts == ((1, 0, pytest.approx(0.5)), (1, 3, pytest.approx(0.5)))


def plain_of(demands, sites, seed=7):
    """A plain of 100 × 100 km with villages of 1 to 99 households; sites are villages while there are enough."""
    rng = np.random.default_rng(seed)
    homes, places = 100 * rng.random((demands, 2)), 100 * rng.random((sites, 2))
    distance = np.hypot(*(homes[:, None] - places[None, :]).transpose(2, 0, 1))
    names = tuple(map(str, range(demands))), tuple(map(str, range(sites)))
    return Ground(*names, distance, rng.integers(1, 100, demands).astype(float))


@pytest.mark.parametrize("points", [4, 15, 40])
def test_many_demands_come_near_their_own_bound(points):
    found = p_median(plain_of(300, 80), points, gap=5e-3)

    assert found.bound <= found.objective
    assert (found.method, found.gap <= 5e-3) == ("proven", True)


# Ways of any length: far from what the relaxation can prove.
MAZE = ground_of(np.random.default_rng(7).random((40, 20)) * 100)


def test_a_median_is_settled_by_halving_where_the_relaxation_is_not_enough():
    found = p_median(MAZE, 4, gap=0)

    assert found.bound == pytest.approx(found.objective)
    assert found.objective == pytest.approx(min(way_of(MAZE, opened) for opened in choices(MAZE, 4)))


def test_work_that_is_used_up_leaves_a_gap_and_says_so():
    found = p_median(MAZE, 4, gap=0, cells=1)

    assert found.method == "bounded"
    assert found.bound < found.objective


def test_covering_by_the_relaxation_agrees_with_the_solver():
    ground = plain_of(80, 40)

    exact = max_cover(ground, 5, within=15, gap=0)

    lost = least_cost(np.where(ground.distance <= 15, 0.0, ground.weight[:, None]), 5, gap=0)
    assert ground.weight.sum() - lost.objective == pytest.approx(exact.objective)
    assert ground.weight.sum() - lost.bound >= exact.objective - 1e-6


@unhurried
@given(some_grounds(), st.integers(1, 5))
def test_an_exchange_never_worsens_and_ends_where_none_helps(ground, points):
    points = min(points, len(ground.sites))
    costs = ground.distance * ground.weight[:, None]
    first = np.arange(points)

    opened = interchange(costs, first)

    assert cost_of(costs, opened) <= cost_of(costs, first)
    others = np.setdiff1d(np.arange(len(ground.sites)), opened)
    for leaves in range(points):
        for enters in others:
            exchanged = np.append(np.delete(opened, leaves), enters)
            assert cost_of(costs, exchanged) >= cost_of(costs, opened) - 1e-6


@pytest.mark.shared
def test_the_median_of_the_library_is_proven(shared):
    ground, points = library.median(shared / "orlib" / "pmed1.txt")

    found = p_median(ground, points, gap=0)

    assert (found.objective, found.bound) == (library.MEDIAN, pytest.approx(library.MEDIAN))


@pytest.mark.shared
def test_the_warehouses_of_the_library_are_proven(shared):
    ground, capacity, cost = library.warehouses(shared / "orlib" / "cap61.txt")

    found = capacitated(ground, capacity, cost, is_single=False, gap=0)

    assert (found.objective, found.bound) == (pytest.approx(library.WAREHOUSES), pytest.approx(library.WAREHOUSES))
