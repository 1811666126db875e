from dataclasses import replace

import pytest
from hypothesis import given, settings

from anlan.allocation.core.problem import Aim, Floor, Problem, Purchase, Source
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.brute import best_value
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.3, 0.5))


def bought(problem: Problem) -> dict[int, int]:
    """Return the pieces of each option in the best plan."""
    pieces: dict[int, int] = {}
    for purchase in solve(problem, gap=0.0).purchases:
        pieces[purchase.option] = pieces.get(purchase.option, 0) + purchase.pieces
    return pieces


def value(problem: Problem) -> float:
    return solve(problem, gap=0.0).objective


def test_ten_thousand_yuan_worked_by_hand():
    """The pump gains 0.2 for 6 yuan; two radios gain 0.3 · 0.5 for 4; the siren 0.3 · 0.45 for 5 on the same leaf."""
    problem = one_pot(10, AIMS, option(0, 6, (0, 1.0)), option(1, 2, (1, 0.25), most=3), option(1, 5, (1, 0.45)))

    plan = solve(problem, gap=0.0)

    assert plan.purchases == (Purchase(0, 0, 0, 1), Purchase(1, 0, 0, 2))
    assert plan.objective == pytest.approx(0.2 + 0.15)
    assert plan.gains == ((0, 0, 1.0), (1, 1, 0.5))
    assert (plan.spent_fen, plan.gap) == (1000, 0.0)


@settings(max_examples=150, deadline=None)
@given(problem=problems(options=3))
def test_small_problems_agree_with_every_plan_tried(problem):
    best = best_value(problem)

    if best is None:
        with pytest.raises(NothingFits):
            solve(problem, gap=0.0)
    else:
        plan = solve(problem, gap=0.0)
        assert plan.objective == pytest.approx(best, abs=1e-9)
        assert plan.bound == pytest.approx(best, abs=1e-6)


def test_a_score_cannot_pass_its_target():
    problem = one_pot(100, AIMS, option(1, 1, (1, 0.4), most=5))

    assert bought(problem) == {0: 2}
    assert value(problem) == pytest.approx(0.3 * 0.5)


def test_a_source_pays_only_for_what_its_earmark_allows():
    problem = one_pot(5, AIMS, option(0, 6, (0, 1.0), sources=(0,)), option(1, 4, (1, 0.5), sources=(0, 1)))
    pots = (Source("county", "County", (600,)), Source("gift", "Gift", (400,)))

    plan = solve(replace(problem, sources=pots), gap=0.0)

    assert {(each.option, each.source) for each in plan.purchases} == {(0, 0), (1, 1)}


def test_what_is_delivered_late_gains_nothing_before():
    late = option(0, 6, (0, 1.0), lead_years=1)
    problem = one_pot(0, AIMS, late, sources=(Source("fund", "Fund", (600, 600)),), year_weights=(1.0, 0.5))

    assert value(problem) == pytest.approx(0.5 * 0.2)
    assert solve(problem, gap=0.0).purchases == (Purchase(0, 0, 0, 1),)


def test_what_wears_out_is_bought_again():
    short = option(0, 6, (0, 1.0), most=2, life_years=1)
    problem = one_pot(0, AIMS, short, sources=(Source("fund", "Fund", (600, 600)),), year_weights=(1.0, 1.0))

    assert solve(problem, gap=0.0).purchases == (Purchase(0, 0, 0, 1), Purchase(0, 0, 1, 1))


@pytest.mark.parametrize(("second_year_yuan", "year"), [(2, 0), (1, None)])
def test_running_costs_are_paid_by_the_source_in_later_years(second_year_yuan, year):
    costly = option(0, 6, (0, 1.0), running_fen=200)
    pots = (Source("fund", "Fund", (600, second_year_yuan * 100)),)

    plan = solve(one_pot(0, AIMS, costly, sources=pots, year_weights=(1.0, 1.0)), gap=0.0)

    assert [each.year for each in plan.purchases] == ([] if year is None else [year])


@pytest.mark.parametrize(
    ("rules", "pieces"),
    [
        ({}, {1: 1}),
        ({"floors": (Floor("gain", "unit_gain", "Village 0", (0,), least=0.05),)}, {0: 1}),
        ({"floors": (Floor("share", "township_share", "First", (0,), least=0.6),)}, {0: 1}),
        ({"floors": (Floor("share", "township_share", "Second", (1,), most=0.9),)}, {0: 1}),
        ({"floors": (Floor("head", "township_per_head", "First", (0,), least=300.0),)}, {0: 1}),
        ({"floors": (Floor("kind", "dimension_share", "Second", (1,), most=0.5),)}, {0: 1}),
        ({"exclusions": ((0, 1),), "pinned": ((0, 1),)}, {0: 1}),
        ({"barred": (1,)}, {0: 1}),
        ({"pinned": ((1, 0),)}, {0: 1}),
    ],
)
def test_each_rule_turns_the_money_away_from_the_better_thing(rules, pieces):
    """The second village's kit gains 0.15 for 5 of 5 yuan, the first one's 0.1; rules are met by the first alone."""
    better, worse = option(1, 5, (1, 0.5)), option(0, 4, (0, 0.5))
    floors = rules.get("floors", ())

    assert bought(one_pot(5, AIMS, worse, better, **{**rules, "floors": floors})) == pieces


def test_a_required_thing_is_bought():
    assert bought(one_pot(5, AIMS, option(0, 4, (0, 0.5), is_required=True), option(1, 5, (1, 0.5)))) == {0: 1}


def test_what_needs_another_thing_brings_it_or_stays_away():
    trained = option(0, 3, (0, 1.0), requires=((1, 2),))
    teachers = option(0, 2, (1, 0.1)), option(1, 2, (1, 0.2))

    assert bought(one_pot(5, AIMS, trained, *teachers)) == {0: 1, 2: 1}
    assert bought(one_pot(4, AIMS, trained, *teachers)) == {1: 1, 2: 1}


def test_at_least_so_many_or_none():
    pair = option(0, 2, (0, 0.5), least=2, most=2)

    assert bought(one_pot(3, AIMS, pair)) == {}
    assert bought(one_pot(4, AIMS, pair)) == {0: 2}


def test_a_shared_thing_serves_so_many_units_a_piece():
    drone = option(0, 5, (0, 0.5), (1, 0.5), most=2, serves_most=1)

    assert value(one_pot(5, AIMS, drone)) == pytest.approx(0.15)
    assert value(one_pot(10, AIMS, drone)) == pytest.approx(0.25)


def test_of_two_multipliers_the_higher_fills_the_room_first():
    problem = one_pot(10, AIMS, option(1, 5, (1, 0.4)), option(1, 5, (1, 0.4), multiplier=1.5))

    assert value(problem) == pytest.approx(0.3 * (1.5 * 0.4 + 0.1))


@pytest.mark.parametrize("price_fen", [10**5, 10**9, 10**12])
def test_one_fen_too_little_buys_one_piece_less(price_fen):
    dear = replace(option(0, 1, (0, 0.25), most=4), price_fen=price_fen)
    problem = one_pot(1, AIMS, dear, sources=(Source("fund", "Fund", (3 * price_fen - 1,)),))

    assert bought(problem) == {0: 2}


def test_floors_that_nothing_meets_are_refused():
    floor = Floor("gain", "unit_gain", "Village 0", (0,), least=0.2)

    with pytest.raises(NothingFits, match="within this budget"):
        solve(one_pot(5, AIMS, option(0, 6, (0, 1.0)), floors=(floor,)))


def test_without_options_there_is_an_empty_plan_unless_a_floor_asks_for_one():
    floor = Floor("gain", "unit_gain", "Village 0", (0,), least=0.2)

    assert solve(one_pot(5, AIMS)).purchases == ()
    with pytest.raises(NothingFits):
        solve(one_pot(5, AIMS, floors=(floor,)))


def test_the_solver_is_named_with_its_version():
    assert solve(one_pot(5, AIMS, option(0, 4, (0, 1.0)))).solver.startswith("HiGHS 1.")
