from dataclasses import replace

import pytest
from hypothesis import given, settings

from anlan.allocation.core.explain import (
    BARRED,
    KEPT,
    MISSING,
    NEEDED,
    NEXT_BEST,
    NO_MONEY,
    RATE,
    RIVAL,
    SERVED,
    Explanation,
    LineReason,
    Miss,
    explain,
)
from anlan.allocation.core.floor_words import BREAKS, HELPS
from anlan.allocation.core.problem import Aim, Floor, Problem
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.3, 1.0))
PUMP, KIT = option(0, 6, (0, 1.0)), option(1, 5, (1, 0.5))
WAN = 10_000  # yuan


def told(problem: Problem) -> Explanation:
    return explain(problem, solve(problem, gap=0.0))


def line(problem: Problem, option: int) -> LineReason:
    return next(each for each in told(problem).lines if each.option == option)


def miss(problem: Problem, option: int) -> Miss:
    return next(each for each in told(problem).misses if each.option == option)


def messages(reason: LineReason) -> list[str]:
    return [note.message for note in reason.reasons]


def test_a_line_tells_points_for_ten_thousand_yuan():
    """The pump brings 0.2 of the score, 20 points, for 6 yuan."""
    found = line(one_pot(6, AIMS, PUMP, KIT), 0)

    assert (found.pieces, found.cost_fen, found.gain) == (1, 600, pytest.approx(0.2))
    assert found.points_per_wan == pytest.approx(20 / 6 * WAN)
    assert found.reasons[-1].message == RATE


def test_the_strategys_own_reasons_stand_first():
    problem = one_pot(6, AIMS, replace(PUMP, reasons=("The unit is weak",)))

    assert messages(line(problem, 0))[0] == "The unit is weak"


def test_what_is_kept_by_hand_says_so():
    assert messages(line(one_pot(6, AIMS, PUMP, KIT, pinned=((1, 1),)), 1))[0] == KEPT


def test_what_another_thing_needs_names_it():
    permit = option(1, 1, (1, 0.01))

    assert NEEDED in messages(line(one_pot(7, AIMS, replace(PUMP, requires=((1,),)), permit), 1))


def test_a_shared_thing_counts_whom_it_serves():
    drone = option(0, 5, (0, 0.5), (1, 0.5), serves_most=2)

    note = next(note for note in line(one_pot(5, AIMS, drone), 0).reasons if note.message == SERVED)

    assert note.values["count"] == 2


def test_a_line_names_the_rule_that_it_helps_to_keep():
    floor = Floor("gain", "unit_gain", "Village 1", (1,), least=0.15)

    found = line(one_pot(6, AIMS, PUMP, KIT, floors=(floor,)), 1)

    assert found.floors == ("gain",)
    assert HELPS["gain"] in messages(found)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"barred": (0,)}, BARRED),
        ({"exclusions": ((0, 1),), "pinned": ((1, 1),)}, RIVAL),
        ({"options": (replace(PUMP, requires=((2,),)), KIT, option(1, 6, (1, 0.01)))}, MISSING),
        ({}, NO_MONEY),
        ({"floors": (Floor("cap", "township_share", "First", (0,), most=0.4),)}, BREAKS["most"]),
        ({"floors": (Floor("least", "township_share", "Second", (1,), least=0.6),)}, BREAKS["least"]),
    ],
)
def test_what_is_missed_says_why(changes, message):
    """Ten yuan: either the pump for 6 or the kit for 5; with eleven, a rule forbids both together."""
    budget = 11 if changes.get("floors") else 10
    rest = {"options": (PUMP, KIT), "pinned": ((1, 1),), **changes}

    assert miss(one_pot(budget, AIMS, **rest), 0).reason.message == message


def test_what_needs_another_thing_is_ranked_with_the_price_of_both():
    """Pump and permit bring 20 points for 6 and 6 yuan."""
    needy = option(1, 6, (1, 0.0001))
    problem = one_pot(5, AIMS, replace(PUMP, requires=((2,),)), KIT, needy)

    assert miss(problem, 0).points_per_wan == pytest.approx((20 + 0.003) / 12 * WAN)


def test_what_lacks_money_says_how_much():
    found = miss(one_pot(10, AIMS, PUMP, KIT), 1)

    assert found.lacking_fen == 100
    assert found.reason.values == {"lacking": "1.00"}


def test_a_plan_far_from_the_best_admits_that_something_would_still_fit():
    problem = one_pot(11, AIMS, PUMP, KIT)
    poor = solve(replace(problem, barred=(1,)))

    assert [each.reason.message for each in explain(problem, poor).misses] == [NEXT_BEST]


def test_misses_are_ranked_and_what_is_barred_comes_last():
    small, poor = option(0, 9, (0, 0.4)), option(1, 9, (1, 0.1))
    problem = one_pot(6, AIMS, PUMP, KIT, poor, small, barred=(1,))

    assert [each.option for each in told(problem).misses] == [2, 1]


def test_the_next_yuan_buys_what_the_broken_piece_brings():
    """Six kits of 0.05 for 1 yuan each; 3 yuan buy three: 5 points a yuan, and 1 % more brings the same."""
    problem = one_pot(3, AIMS, option(0, 1, (0, 0.25), most=4))

    (price,) = told(problem).prices

    assert price.points_per_wan == pytest.approx(5 * WAN)
    assert price.checked_points_per_wan == pytest.approx(5 * WAN)
    assert (price.spent_fen, price.left_fen) == (300, 0)


def test_money_that_is_left_over_is_worth_nothing_more():
    (price,) = told(one_pot(30, AIMS, PUMP)).prices

    assert (price.points_per_wan, price.checked_points_per_wan, price.left_fen) == (0.0, 0.0, 2400)


def test_a_rule_costs_what_the_plan_would_gain_without_it():
    """The kit instead of the pump: without the rule the pump's 20 points take the place of 15."""
    floor = Floor("cap", "township_share", "First", (0,), most=0.0)

    (state,) = told(one_pot(6, AIMS, PUMP, option(1, 6, (1, 0.5)), floors=(floor,))).floors

    assert (state.key, state.is_binding, state.slack) == ("cap", True, 0.0)
    assert state.cost_of_rule == pytest.approx(20 - 15)


def test_a_rule_that_is_kept_anyway_costs_nothing():
    floor = Floor("gain", "unit_gain", "Village 0", (0,), least=0.05)

    (state,) = told(one_pot(6, AIMS, PUMP, KIT, floors=(floor,))).floors

    assert (state.is_binding, state.cost_of_rule) == (False, 0.0)
    assert state.slack == pytest.approx(0.15)


@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_every_line_is_told_and_a_second_check_never_promises_more(problem):
    try:
        plan = solve(problem, gap=0.0)
    except NothingFits:
        return

    found = explain(problem, plan)

    assert [each.option for each in found.lines] == sorted({each.option for each in plan.purchases})
    assert sum(each.value for each in found.lines) == pytest.approx(plan.objective)
    for price in found.prices:
        assert price.checked_points_per_wan is None or price.checked_points_per_wan <= price.points_per_wan + 1e-3
