from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from anlan.allocation.core.frontier import frontier
from anlan.allocation.core.problem import Aim, Floor
from anlan.allocation.core.solve import NothingFits, solve, with_budgets
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "A", "org", 0.4, 1.0), Aim(1, "B", "org", 0.2, 1.0))


def test_half_the_money_buys_the_better_half_and_double_buys_all():
    problem = one_pot(1000, AIMS, option(0, 1000, (0, 1.0)), option(1, 1000, (1, 1.0)))

    points = frontier(problem, (0.5, 1.0, 2.0))

    assert [point.budget_fen for point in points] == [50_000, 100_000, 200_000]
    assert [point.bound for point in points] == pytest.approx([0.2, 0.4, 0.6])


def test_points_come_in_the_order_asked_for():
    problem = one_pot(1000, AIMS, option(0, 1000, (0, 1.0)), option(1, 1000, (1, 1.0)))

    assert [point.share for point in frontier(problem, (1.5, 0.5))] == [1.5, 0.5]


def test_money_that_keeps_no_floor_has_no_bound():
    floor = Floor("gain", "unit_gain", "Village 1", (1,), least=0.2)
    problem = one_pot(2000, AIMS, option(0, 1000, (0, 1.0)), option(1, 2000, (1, 1.0)))
    problem = replace(problem, floors=(floor,))

    assert [point.bound is None for point in frontier(problem, (0.5, 1.0))] == [True, False]


@settings(max_examples=25, deadline=None)
@given(problems())
def test_no_plan_exceeds_the_bound_and_more_money_never_lowers_it(problem):
    points = frontier(problem, (0.5, 1.0, 1.5))

    bounds = [point.bound for point in points if point.bound is not None]
    assert all(more - less > -1e-6 for less, more in pairwise(bounds))
    for point in points:
        try:
            best = solve(with_budgets(problem, factor=point.share), gap=0.0).objective
        except NothingFits:
            continue
        assert point.bound is not None
        assert best <= point.bound + 1e-6
