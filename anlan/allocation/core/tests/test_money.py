from dataclasses import replace

import pytest

from anlan.allocation.core.ledger import Ledger
from anlan.allocation.core.money import cost_fen, is_alive, overspent_fen, running_years, spent_by_year_fen
from anlan.allocation.core.problem import Aim, Problem, Purchase, Source
from anlan.allocation.core.tests.small import one_pot, option
from anlan.allocation.core.thrift import without_waste

AIMS = (Aim(0, "L0", "org", 0.2, 0.5),)
PUMP = option(0, 6, (0, 0.25), most=9, running_fen=100, life_years=2)


def three_years(*, budget_fen: int = 10_000) -> Problem:
    return one_pot(0, AIMS, PUMP, sources=(Source("fund", "Fund", (budget_fen,) * 3),), year_weights=(1.0, 1.0, 1.0))


@pytest.mark.parametrize(("bought", "years"), [(0, [1]), (1, [2]), (2, [])])
def test_running_costs_fall_in_the_later_years_of_its_life(bought, years):
    assert running_years(PUMP, bought, 3) == years
    assert cost_fen(PUMP, bought, 3) == 600 + 100 * len(years)


def test_what_is_ordered_works_from_its_delivery_until_it_is_worn_out():
    late = replace(PUMP, lead_years=1)

    assert [year for year in range(5) if is_alive(late, 0, year)] == [1, 2]


def test_price_and_running_costs_stand_in_their_years():
    spent = spent_by_year_fen(three_years(), (Purchase(0, 0, 0, 2), Purchase(0, 0, 1, 1)))

    assert spent.tolist() == [[1200, 800, 100]]


def test_a_fen_over_the_budget_is_found():
    problem = three_years(budget_fen=599)

    assert overspent_fen(problem, (Purchase(0, 0, 0, 1),)).tolist() == [[1, 0, 0]]


def test_a_ledger_knows_what_is_left_and_what_is_lacking():
    ledger = Ledger(three_years(budget_fen=700), (Purchase(0, 0, 0, 1),))
    offer = ledger.offer(0, 1)

    assert ledger.left_fen == [[100, 600, 700]]
    assert offer is not None
    assert (ledger.lacking_fen(offer, 0), ledger.source_for(offer)) == (0, 0)
    assert ledger.lacking_fen(replace(offer, year=0), 0) == 500


def test_a_ledger_counts_only_the_room_that_is_left():
    ledger = Ledger(three_years(), (Purchase(0, 0, 0, 1),))
    offer = ledger.offer(0, 0, pieces=2)

    assert offer is not None
    assert offer.value == pytest.approx(2 * 0.2 * 0.25)  # one of the two pieces fills the leaf, for two years


def test_pieces_that_add_nothing_leave_the_plan():
    assert without_waste(three_years(), (Purchase(0, 0, 0, 5),), set()) == (Purchase(0, 0, 0, 2),)


def test_pieces_that_a_rule_wants_stay():
    pinned = replace(three_years(), pinned=((0, 5),))

    assert without_waste(pinned, (Purchase(0, 0, 0, 5),), set()) == (Purchase(0, 0, 0, 5),)
