from dataclasses import replace

import pytest
from hypothesis import given, settings

from anlan.allocation.core.greedy import greedy
from anlan.allocation.core.kept import broken_rules
from anlan.allocation.core.money import overspent_fen
from anlan.allocation.core.problem import Aim, Floor, Problem
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.3, 1.0))
PUMP, KIT = option(0, 6, (0, 1.0)), option(1, 5, (1, 0.5))


def bought(problem: Problem) -> list[int]:
    return [each.option for each in greedy(problem).purchases]


def test_the_better_ratio_goes_first_even_where_the_dearer_thing_would_be_worth_more():
    """The bell brings 0.06 for 1 yuan and leaves 5 of 6: no pump, the trap of every greedy hand."""
    problem = one_pot(6, AIMS, PUMP, option(1, 1, (1, 0.2)))

    assert bought(problem) == [1]
    assert solve(problem, gap=0.0).objective == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({"pinned": ((1, 1),)}, [1]),
        ({"barred": (0,)}, [1]),
        ({"floors": (Floor("gain", "unit_gain", "Village 1", (1,), least=0.1),)}, [1]),
        ({"floors": (Floor("head", "township_per_head", "Second", (1,), least=400.0),)}, [1]),
        ({"floors": (Floor("cap", "township_share", "First", (0,), most=0.9),)}, [1]),
        ({"exclusions": ((0, 1),)}, [0]),
    ],
)
def test_each_rule_is_kept(changes, options):
    assert bought(one_pot(6, AIMS, PUMP, KIT, **changes)) == options


def test_what_is_needed_is_bought_with_it():
    permit = option(1, 1, (1, 0.001))

    assert bought(one_pot(7, AIMS, replace(PUMP, requires=((1,),)), permit)) == [0, 1]


def test_what_is_required_comes_first():
    assert bought(one_pot(6, AIMS, PUMP, replace(KIT, is_required=True))) == [1]


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_the_peer_never_overspends_and_never_beats_the_optimum_by_its_rules(problem):
    plan = greedy(problem)

    assert not overspent_fen(problem, plan.purchases).any()
    if not broken_rules(problem, plan.purchases, set(plan.served)):
        try:
            assert plan.objective <= solve(problem, gap=0.0).objective + 1e-7
        except NothingFits:
            pytest.fail("the peer found what the solver says there is not")
