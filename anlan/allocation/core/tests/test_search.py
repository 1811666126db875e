"""The rounds near the relaxation, which large counties need, held on small ones."""

import pytest
from hypothesis import given, settings

from anlan.allocation.core import search
from anlan.allocation.core.hulls import hull, hull_of_two
from anlan.allocation.core.kept import broken_rules
from anlan.allocation.core.ledger import Ledger
from anlan.allocation.core.model import build_model
from anlan.allocation.core.problem import Aim, Floor, Problem, Solved
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.3, 1.0))
PUMP, KIT = option(0, 6, (0, 1.0)), option(1, 5, (1, 0.5))


def as_if_large(problem: Problem, gap: float) -> Solved | None:
    """Return the plan found in rounds, None where no plan keeps the rules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SMALL", 0)
        try:
            return solve(problem, gap=gap)
        except NothingFits:
            return None


@settings(max_examples=25, deadline=None)
@given(problem=problems())
def test_rounds_keep_every_rule_and_their_bound_holds_for_the_best_plan(problem):
    plan = as_if_large(problem, 0.05)

    if plan is None:
        with pytest.raises(NothingFits):
            solve(problem)
        return
    best = solve(problem, gap=0.0).objective
    assert not broken_rules(problem, plan.purchases, set(plan.served))
    assert plan.objective <= best + 1e-7
    assert best <= plan.bound + 1e-7
    assert plan.gap <= 0.05 + 1e-7


@settings(max_examples=8, deadline=None)
@given(problem=problems())
def test_rounds_give_the_same_plan_again(problem):
    assert as_if_large(problem, 0.05) == as_if_large(problem, 0.05)


def test_the_plan_beside_the_relaxation_is_whole():
    model = build_model(one_pot(10, AIMS, PUMP, KIT))

    found = search.beside(model, gap=0.0)

    assert found is not None
    assert found.values is not None
    assert [each.option for each in search.bought_by(model, found.values)[0]] == [0]


def test_where_the_relaxation_finds_nothing_there_is_nothing_beside_it():
    floor = Floor("gain", "unit_gain", "Village 0", (0,), least=0.2)

    assert search.beside(build_model(one_pot(1, AIMS, PUMP, floors=(floor,))), gap=0.0) is None


@pytest.mark.parametrize(
    ("budget_yuan", "changes", "bought"),
    [
        (11, {}, [0, 1]),
        (10, {}, [0]),
        (11, {"barred": (1,)}, [0]),
        (11, {"exclusions": ((0, 1),)}, [0]),
        (11, {"floors": (Floor("cap", "township_share", "Second", (1,), most=0.4),)}, [0]),
    ],
)
def test_money_that_is_left_over_buys_what_the_rules_allow(budget_yuan, changes, bought):
    ledger = Ledger(one_pot(budget_yuan, AIMS, PUMP, KIT, **changes))

    search.fill(ledger)

    assert [each.option for each in ledger.purchases()] == bought


@pytest.mark.parametrize(("step", "room", "most"), [(0.4, 1.0, 3), (0.25, 0.5, 4), (1.0, 0.3, 2)])
def test_no_piece_gains_more_than_its_hull(step, room, most):
    lines = hull(step, room)

    for pieces in range(1, most + 1):
        least = min(slope * pieces + intercept for slope, intercept in lines)
        assert min(room, step * pieces) <= least + 1e-9


@pytest.mark.parametrize(("steps", "room"), [((0.6, 0.6), 1.0), ((0.35, 0.8), 0.7), ((0.2, 0.5), 0.3)])
def test_the_hull_of_two_touches_every_corner_and_cuts_none(steps, room):
    planes = hull_of_two(steps, (2, 2), room)

    for one in range(3):
        for other in range(3):
            least = min(slopes[0] * one + slopes[1] * other + intercept for slopes, intercept in planes)
            assert min(room, steps[0] * one + steps[1] * other) <= least + 1e-6


def test_what_no_pieces_fill_needs_no_hull():
    assert hull_of_two((0.1, 0.2), (2, 2), 1.0) == ()
