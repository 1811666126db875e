from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.country import Choices, FloorsClash, Provinces, allocate, allocate_provinces
from anlan.allocation.core.ladders import hull_steps
from anlan.kernel.refusal import Refusal

# Two villages and a township; docs/methods/country-allocation.md works this through.
EXAMPLE = Choices(3, np.array([0, 0, 1, 2]), np.array([2, 5, 3, 4]), np.array([10.0, 16.0, 9.0, 8.0]))


def choices_of(options, units=4):
    """Options as (unit, cost, value)."""
    unit, cost, value = zip(*options, strict=True) if options else ((), (), ())
    return Choices(units, np.array(unit, dtype=np.int64), np.array(cost, dtype=np.int64), np.array(value, dtype=float))


def two_provinces(**changes):
    """Units 0 and 1 in Qing, 2 and 3 in Lan."""
    facts = {"own_fen": [0, 0], "pot_fen": 0, "least_fen": [0, 0], "most_fen": [10**9, 10**9], "least_gain": [0.0, 0.0]}
    facts |= changes
    arrays = {key: value if key == "pot_fen" else np.array(value) for key, value in facts.items()}
    return Provinces(names=("Qing", "Lan"), province_of_unit=np.array([0, 0, 1, 1]), **arrays)


def every_plan(choices):
    """Yield each way to choose, as the options taken."""
    ways = [[None, *np.flatnonzero(choices.unit == unit).tolist()] for unit in range(choices.units)]
    for way in product(*ways):
        yield [option for option in way if option is not None]


def best_by_trying(choices, provinces):
    """Return the most that any plan gains, None where no plan keeps the rules."""
    best = None
    for options in every_plan(choices):
        spent, gain = np.zeros(2, dtype=np.int64), np.zeros(2)
        for option in options:
            province = provinces.province_of_unit[choices.unit[option]]
            spent[province] += choices.cost_fen[option]
            gain[province] += choices.value[option]
        given = np.maximum(spent - provinces.own_fen, provinces.least_fen)
        keeps = given.sum() <= provinces.pot_fen and (given <= provinces.most_fen).all()
        if keeps and (gain >= provinces.least_gain).all():
            best = max(best or 0.0, float(gain.sum()))
    return best


some_options = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(-2, 30).map(float)), min_size=0, max_size=8
)
some_money = st.integers(0, 30)


def test_the_worked_example():
    plan = allocate(EXAMPLE, 9)

    assert plan.chosen.tolist() == [0, 2, 3]
    assert (plan.objective, plan.bound, plan.gap) == (27.0, 27.0, 0.0)
    assert (plan.spent_fen.tolist(), plan.price.tolist()) == ([9], [2.0])


def test_only_corners_of_the_hull_are_steps():
    below_the_line, dominated = (0, 2, 3.0), (0, 5, 7.0)

    option, costs, gains = hull_steps(choices_of([(0, 1, 4.0), below_the_line, (0, 4, 8.0), dominated, (1, 0, 1.0)]))

    assert (option.tolist(), costs.tolist(), gains.tolist()) == ([0, 2, 4], [1, 3, 0], [4.0, 4.0, 1.0])


def test_what_costs_nothing_is_taken_and_what_gains_nothing_is_not():
    plan = allocate(choices_of([(0, 0, 1.0), (1, 0, 0.0), (2, 0, -1.0)]), 0)

    assert plan.chosen.tolist() == [0, -1, -1, -1]
    assert plan.objective == plan.bound == 1.0


def test_without_options_there_is_nothing_to_give():
    plan = allocate(choices_of([]), 100)

    assert (plan.chosen.tolist(), plan.objective, plan.gap) == ([-1] * 4, 0.0, 0.0)


def test_equal_steps_are_paid_as_far_as_the_money_reaches():
    many = Choices(1000, np.arange(1000), np.full(1000, 7), np.ones(1000))

    plan = allocate(many, 7 * 600 + 6)

    assert plan.objective == 600.0
    assert plan.spent_fen.tolist() == [4200]


def test_the_pot_goes_where_it_gains_most():
    choices = choices_of([(0, 10, 10.0), (1, 10, 20.0), (2, 10, 30.0), (3, 10, 40.0)])

    plan = allocate_provinces(choices, two_provinces(pot_fen=20))

    assert plan.given_fen.tolist() == [0, 20]
    assert plan.objective == plan.bound == 70.0


def test_a_floor_on_gain_draws_money_and_costs_the_whole_some_gain():
    choices = choices_of([(0, 10, 10.0), (1, 10, 20.0), (2, 10, 30.0), (3, 10, 40.0)])

    plan = allocate_provinces(choices, two_provinces(pot_fen=20, least_gain=[20.0, 0.0]))

    assert plan.given_fen.tolist() == [10, 10]
    assert plan.objective == plan.bound == 60.0


def test_shares_of_the_pot_stay_within_their_bounds():
    choices = choices_of([(0, 10, 10.0), (1, 10, 20.0), (2, 10, 30.0), (3, 10, 40.0)])

    capped = allocate_provinces(choices, two_provinces(pot_fen=20, most_fen=[20, 10]))
    raised = allocate_provinces(choices, two_provinces(pot_fen=20, least_fen=[11, 0]))

    assert (capped.given_fen.tolist(), capped.objective) == ([10, 10], 60.0)
    assert (raised.given_fen.tolist(), raised.objective) == ([20, 0], 30.0)


def test_floors_that_clash_are_named_with_what_would_meet_them():
    choices = choices_of([(0, 1000, 5.0), (2, 2000, 5.0)])

    with pytest.raises(FloorsClash, match=r"floors of Qing, Lan need 30\.00 yuan .* which holds 29\.99"):
        allocate_provinces(choices, two_provinces(pot_fen=2999, least_gain=[5.0, 5.0]))
    with pytest.raises(FloorsClash, match="Lan cannot gain 6: everything it could buy gains 5"):
        allocate_provinces(choices, two_provinces(pot_fen=2999, least_gain=[0.0, 6.0]))
    with pytest.raises(FloorsClash, match=r"floor of Qing needs 10\.00 yuan of the national pot; it may have 9\.00"):
        allocate_provinces(choices, two_provinces(pot_fen=2999, least_gain=[5.0, 0.0], most_fen=[900, 9999]))


def test_a_budget_below_zero_is_refused():
    with pytest.raises(Refusal, match=r"a budget is -0\.01 yuan"):
        allocate(EXAMPLE, -1)


@pytest.mark.parametrize(
    ("option", "match"),
    [
        ((4, 1, 1.0), "units from 4 to 4, expected 0 to 3"),
        ((0, -1, 1.0), "least cost -1 fen"),
        ((0, 1, np.nan), "1 values are not finite"),
    ],
)
def test_what_is_no_option_is_refused(option, match):
    with pytest.raises(ValueError, match=match):
        allocate(choices_of([option]), 1)


@given(some_options, some_money)
def test_one_budget_lies_between_the_best_by_trying_and_its_bound(options, budget):
    choices = choices_of(options)

    plan = allocate(choices, budget)

    best = best_by_trying(choices, two_provinces(pot_fen=budget, most_fen=[budget, budget]))
    assert plan.objective <= best <= plan.bound + 1e-9
    assert plan.spent_fen.sum() <= budget
    assert plan.objective >= best - max((value for _, _, value in options if value > 0), default=0.0)


@given(some_options, some_money, st.tuples(some_money, some_money), st.tuples(some_money, some_money))
def test_provinces_keep_every_rule_and_their_bound_holds(options, pot, own, floors):
    choices = choices_of(options)
    provinces = two_provinces(
        pot_fen=pot, own_fen=own, least_gain=[floors[0] / 2, floors[1] / 2], least_fen=[0, pot // 3]
    )
    best = best_by_trying(choices, provinces)

    try:
        plan = allocate_provinces(choices, provinces)
    except FloorsClash:
        return

    assert plan.objective <= best <= plan.bound + 1e-9
    assert (plan.gain >= provinces.least_gain).all()
    assert (plan.spent_fen <= provinces.own_fen + plan.given_fen).all()
    assert plan.given_fen.sum() <= pot
    assert ((provinces.least_fen <= plan.given_fen) & (plan.given_fen <= provinces.most_fen)).all()


@given(some_options, some_money, st.integers(0, 10))
def test_more_money_never_lowers_the_bound(options, budget, more):
    choices = choices_of(options)

    assert allocate(choices, budget + more).bound >= allocate(choices, budget).bound - 1e-9


@given(some_options, some_money, st.integers(0, 20))
def test_a_floor_never_lifts_a_plan_above_the_bound_without_it(options, pot, floor):
    choices = choices_of(options)
    free = allocate_provinces(choices, two_provinces(pot_fen=pot))

    try:
        held = allocate_provinces(choices, two_provinces(pot_fen=pot, least_gain=[floor / 2, 0.0]))
    except FloorsClash:
        return

    assert held.objective <= free.bound + 1e-9


@given(some_options, some_money, st.randoms(use_true_random=False))
def test_relabelling_changes_no_figure(options, budget, random):
    names = list(range(4))
    random.shuffle(names)
    renamed = [(names[unit], cost, value) for unit, cost, value in options]
    random.shuffle(renamed)

    assert allocate(choices_of(renamed), budget).bound == pytest.approx(allocate(choices_of(options), budget).bound)


def test_many_units_come_close_to_the_bound_and_the_same_each_time():
    rng = np.random.default_rng(3)
    unit = rng.integers(0, 2000, 30_000)
    cost = rng.integers(1000, 5_000_000, 30_000)
    choices = Choices(2000, unit, cost, rng.random(30_000) * np.sqrt(cost))

    first, second = allocate(choices, 10**9), allocate(choices, 10**9)

    assert first.gap < 1e-5
    assert first.spent_fen[0] <= 10**9
    assert (first.chosen == second.chosen).all()
