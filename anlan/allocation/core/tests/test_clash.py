from dataclasses import replace

import pytest
from hypothesis import given, settings

from anlan.allocation.core.clash import WITHOUT_FLOORS, can_be_kept, explain_clash, least_budget_fen, smallest_clash
from anlan.allocation.core.floor_words import ASKS, asks_note
from anlan.allocation.core.problem import Aim, Floor, Problem
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.3, 1.0))
FIRST = Floor("gain:0", "unit_gain", "Village 0", (0,), least=0.2)
SECOND = Floor("gain:1", "unit_gain", "Village 1", (1,), least=0.15)
EASY = Floor("head", "township_per_head", "Both townships", (0, 1), least=100.0)


def county(budget_yuan: int, *floors: Floor, **changes: object) -> Problem:
    """Return two villages whose floors cost 6 and 5 yuan."""
    things = option(0, 6, (0, 1.0)), option(1, 5, (1, 0.5))
    return one_pot(budget_yuan, AIMS, *things, floors=floors, **changes)


def test_the_clash_names_the_floors_that_cannot_both_be_kept_and_no_other():
    clash = explain_clash(county(10, EASY, FIRST, SECOND))

    assert clash.keys == ("gain:0", "gain:1")
    assert clash.floors == ("Village 0", "Village 1")
    assert [note.values["least"] for note in clash.told] == pytest.approx([20.0, 15.0])
    assert clash.least_budget_fen == 1100


def test_the_least_budget_solves_the_problem_and_a_fen_less_does_not():
    clashing = county(10, EASY, FIRST, SECOND)
    fen = least_budget_fen(clashing, gap=0.0)

    def with_budget(budget_fen: int) -> Problem:
        return replace(clashing, sources=(replace(clashing.sources[0], budget_fen=(budget_fen,)),))

    assert fen is not None
    assert can_be_kept(with_budget(fen))
    assert not can_be_kept(with_budget(fen - 1))


def test_no_money_keeps_a_floor_beyond_what_the_things_give():
    clash = explain_clash(county(100, replace(FIRST, least=0.3)))

    assert (clash.keys, clash.least_budget_fen) == (("gain:0",), None)


def test_without_anything_to_buy_no_money_keeps_a_floor():
    clash = explain_clash(one_pot(10, AIMS, floors=(FIRST,)))

    assert (clash.keys, clash.least_budget_fen) == (("gain:0",), None)


def test_what_is_required_may_cost_more_than_there_is_without_any_floor():
    clash = explain_clash(county(5, pinned=((0, 1),)))

    assert (clash.floors, clash.least_budget_fen) == ((WITHOUT_FLOORS,), 600)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_each_clash_is_irreducible(problem):
    try:
        solve(problem)
    except NothingFits:
        clash = explain_clash(problem)
    else:
        return

    clashing = tuple(floor for floor in problem.floors if floor.key in clash.keys)
    assert not can_be_kept(replace(problem, floors=clashing))
    for left_out in clashing:
        assert can_be_kept(replace(problem, floors=tuple(floor for floor in clashing if floor != left_out)))


def test_few_questions_find_two_among_a_hundred():
    floors = tuple(replace(EASY, key=str(number)) for number in range(100))
    asked = []

    def can(kept: tuple[Floor, ...]) -> bool:
        asked.append(kept)
        return not {floors[17], floors[80]} <= set(kept)

    assert smallest_clash(floors, can) == (floors[17], floors[80])
    assert len(asked) < 30


@pytest.mark.parametrize(("least", "most", "kind"), [(0.1, None, "least"), (None, 0.4, "most"), (0.1, 0.4, "both")])
def test_a_share_is_told_with_its_bounds(least, most, kind):
    note = asks_note(Floor("share", "township_share", "First", (0,), least, most))

    assert note.message == ASKS[kind]
    assert {key: value for key, value in note.values.items() if key != "name"} == {
        key: share * 100 for key, share in (("least", least), ("most", most)) if share
    }
