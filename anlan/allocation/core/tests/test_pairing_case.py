"""Who is put together with whom: by a county worked by hand, and by laws that hold for any."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.pairing import Candidate, PairingRules, Sides, may_help, rules_content, rules_from_content
from anlan.allocation.core.pairing import take_sides as sides_by
from anlan.allocation.core.pairing_bars import ALL_FULL, HAS_HELPERS, NO_ROAD, TOO_FAR, Asked, BadPin, Bonds
from anlan.allocation.core.pairing_calendar import check_due, visit_due
from anlan.allocation.core.pairing_case import find_pairs
from anlan.allocation.core.pairing_life import AGREEMENT_NEXT, BadMove, check_agreement, check_duty, check_pairing

DOCS = Path(__file__).parents[4] / "docs" / "pairing.md"
FAR = float("inf")


def unit(code: str, *scores: float | None) -> Candidate:
    known = [score for score in scores if score is not None]
    return Candidate(code, code.upper(), sum(known) / len(known) if known else None, scores)


STRONG = (unit("a", 0.9, 0.9, 0.9, 0.9, 0.9), unit("b", 0.8, 0.8, 0.8, 0.8, 0.8))
WEAK = (unit("x", 0.2, 0.5, 0.5, 0.5, 0.5), unit("y", 0.5, 0.5, 0.5, 0.5, 0.2))
NEAR = np.array([[5.0, 6.0], [5.0, 6.0]])


def asked(km=NEAR, helpers=STRONG, helped=WEAK, **given) -> Asked:
    bonds = given.pop("bonds", Bonds())
    return Asked(Sides(helpers, helped, 0, ()), np.asarray(km, dtype=float), bonds, PairingRules(**given))


def codes(case: Asked) -> set[tuple[str, str]]:
    sides = case.sides
    return {(sides.helpers[one.helper].code, sides.helped[one.helped].code) for one in find_pairs(case).pairs}


def test_the_strongest_helps_both_while_it_has_room():
    assert codes(asked(most_helped=2)) == {("a", "x"), ("a", "y")}


def test_with_one_place_each_both_helpers_help():
    assert len({helper for helper, _helped in codes(asked(most_helped=1))}) == 2


def test_a_far_helper_gives_way_to_a_near_one():
    assert codes(asked([[60.0, 60.0], [2.0, 2.0]])) == {("b", "x"), ("b", "y")}


def test_beyond_the_limit_nobody_helps_and_it_is_said():
    answer = find_pairs(asked([[60.0, 60.0], [50.0, 2.0]], most_km=40.0))

    assert answer.alone[0].message == TOO_FAR
    assert answer.alone[0].values == {"km": "40"}
    assert 1 not in answer.alone


def test_an_island_is_told_that_no_road_is_known():
    assert find_pairs(asked([[FAR, 5.0], [FAR, 5.0]])).alone[0].message == NO_ROAD


def test_an_island_counts_as_the_farthest_where_that_is_chosen():
    assert ("a", "x") in codes(asked([[FAR, 5.0], [FAR, 5.0]], takes_unknown=True))


def test_live_agreements_take_up_places_and_wants():
    bonds = Bonds(live=(("a", "x"), ("a", "z")))

    answer = find_pairs(asked(bonds=bonds, most_helped=2))

    assert answer.alone[0].message == HAS_HELPERS
    assert codes(asked(bonds=bonds, most_helped=2)) == {("b", "y")}


def test_who_comes_too_late_is_told_that_all_are_full():
    answer = find_pairs(asked([[5.0, 6.0]], helpers=STRONG[:1], most_helped=1))

    assert [note.message for note in answer.alone.values()] == [ALL_FULL]


def test_a_pin_takes_the_helpers_place():
    bonds = Bonds(pins={("a", "y"): "同一水库"})

    assert codes(asked(bonds=bonds, most_helped=1)) == {("a", "y"), ("b", "x")}


def test_a_pin_of_a_unit_that_left_the_round_is_refused():
    with pytest.raises(BadPin, match="none of this round"):
        find_pairs(asked(bonds=Bonds(pins={("a", "z"): "近"})))


def test_a_pin_of_a_live_pair_is_refused():
    bonds = Bonds(live=(("a", "x"),), pins={("a", "x"): "近"})

    with pytest.raises(BadPin, match="paired already"):
        find_pairs(asked(bonds=bonds, wanted=2))


def test_too_many_pins_for_one_unit_are_refused():
    bonds = Bonds(pins={("a", "x"): "近", ("b", "x"): "近"})

    with pytest.raises(BadPin, match="wants 1 more helpers, and 2 are pinned"):
        find_pairs(asked(bonds=bonds))


def test_proven_partners_are_kept_or_changed_as_the_rules_say():
    bonds = Bonds(proven=frozenset({("b", "x")}))
    twins = (unit("a", 0.8, 0.8, 0.8, 0.8, 0.8), STRONG[1])

    assert ("b", "x") in codes(asked(helpers=twins, bonds=bonds, history="keep"))
    assert ("a", "x") in codes(asked(helpers=twins, bonds=bonds, history="rotate"))


def test_a_weak_unit_helps_nobody_even_where_it_is_strong():
    lopsided = unit("w", 1.0, 0.2, 0.2, 0.2, 0.2)

    sides = sides_by([lopsided, *STRONG, *WEAK], PairingRules())

    assert lopsided in sides.helped
    assert lopsided not in sides.helpers


def test_a_unit_without_a_score_is_on_no_side():
    nobody = unit("n", None, None, None, None, None)

    sides = sides_by([nobody, *STRONG, *WEAK], PairingRules())

    assert sides.unscored == (nobody,)


@pytest.mark.parametrize(("strength", "is_strong"), [("total", False), ("dimension", True), ("either", True)])
def test_a_unit_may_help_by_one_dimension(strength, is_strong):
    assert may_help(unit("d", 0.9, 0.6, 0.6, 0.6, 0.6), PairingRules(strength=strength)) is is_strong


def test_rules_are_kept_and_read_again_and_unknown_ones_are_left_out():
    rules = PairingRules(most_km=20.0, history="rotate")

    assert rules_from_content(rules_content(rules) | {"later": 1}) == rules


def test_visits_are_spread_over_the_year_and_end_with_it():
    start, end = date(2027, 1, 1), date(2029, 1, 1)
    due = [visit_due(start, end, visits_a_year=2, made=made) for made in range(5)]

    assert [day and day.year for day in due] == [2027, 2028, 2028, 2028, None]
    assert check_due(start, end, checked=5) == end


@st.composite
def cases(draw) -> Asked:
    """Return any round: up to five on each side, some distances unknown, some pairs barred or in conflict."""
    scores = st.tuples(*[st.floats(0.0, 1.0)] * 5)
    helpers = tuple(unit(f"h{n}", *draw(scores)) for n in range(draw(st.integers(1, 5))))
    helped = tuple(unit(f"w{n}", *draw(scores)) for n in range(draw(st.integers(1, 5))))
    km = [[draw(st.one_of(st.floats(0, 80), st.just(FAR))) for _one in helped] for _other in helpers]
    pairs = st.sampled_from([(one.code, other.code) for one in helpers for other in helped])
    bonds = Bonds(
        live=tuple(draw(st.sets(pairs, max_size=3))),
        broken=frozenset(draw(st.sets(pairs, max_size=3))),
        conflicts=frozenset(frozenset(pair) for pair in draw(st.sets(pairs, max_size=3))),
        bars=frozenset(draw(st.sets(pairs, max_size=3))),
    )
    return asked(
        km, helpers, helped, bonds=bonds,
        most_helped=draw(st.integers(1, 3)), wanted=draw(st.integers(1, 2)),
        takes_unknown=draw(st.booleans()), most_km=draw(st.one_of(st.none(), st.floats(1, 60))),
    )  # fmt: skip


@given(cases())
def test_no_bar_is_crossed_no_load_exceeded_and_nobody_left_without_a_word(case):
    found = codes(case)
    answer = find_pairs(case)

    assert not found & {*case.bonds.live, *case.bonds.broken, *case.bonds.bars}
    assert not {frozenset(pair) for pair in found} & case.bonds.conflicts
    for helper in case.sides.helpers:
        load = sum(pair[0] == helper.code for pair in [*found, *case.bonds.live])
        assert load <= max(case.rules.most_helped, case.loads[helper.code])
    has = {pair.helped for pair in answer.pairs}
    assert has | set(answer.alone) == set(range(len(case.sides.helped)))
    assert answer.objective <= answer.bound + 1e-9


def test_the_document_has_the_agreements_state_table():
    rows = re.findall(r"^\| .*? \| `(\w+)` \| (.*) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    states = set(AGREEMENT_NEXT)
    told = {
        key: {state for state in states if re.search(rf"\b{state.replace('_', ' ')}\b", words)} for key, words in rows
    }

    assert told == {str(state): {str(one) for one in following} for state, following in AGREEMENT_NEXT.items()}


@pytest.mark.parametrize(
    ("check", "old", "new", "words"),
    [
        (check_agreement, "ended", "active", "has ended"),
        (check_agreement, "agreed", "checked", "has not begun"),
        (check_pairing, "draft", "confirmed", "solved first"),
        (check_duty, "accepted", "due", "accepted already"),
        (check_duty, "due", "accepted", "still due"),
    ],
)
def test_a_move_that_the_table_does_not_hold_says_how_it_stands(check, old, new, words):
    with pytest.raises(BadMove, match=words):
        check(old, new)
