from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.assessment.core.ahp import BadComparisons
from anlan.assessment.core.assess import BadSurvey, assess
from anlan.assessment.core.chosen_weights import UnknownMethod
from anlan.assessment.core.entropy import TooFewUnits
from anlan.assessment.core.frozen import result_content, result_from_content
from anlan.assessment.core.values import Answer, Dimension, Grade, Profile, Result, Survey, Unit, UnitResult
from anlan.assessment.core.weighting import BadWeights
from anlan.assessment.tests.factories import COUNTY, flat, small_county, small_system, survey
from anlan.kernel.codes import Level

TOWN, VILLAGE, OTHER_VILLAGE = "999901100000", "999901100201", "999901100202"
ANSWERS = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=100, max_size=100)
LAWS = settings(max_examples=30)


def assessed(asked: Survey, method: str = "default", **changes: object) -> Result:
    system = replace(small_system(), **changes)
    return assess(asked, system, method=method, rng=np.random.default_rng(1))


def drawn_survey(drawn: list[float | None]) -> Survey:
    values = iter(drawn)
    return survey(lambda unit, asked: next(values))


def unit_of(result: Result, code: str) -> UnitResult:
    return next(unit for unit in result.units if unit.unit.code == code)


def changed(asked: Survey, **answers: Answer | None) -> Survey:
    """Return the survey with answers of the town's leaves changed; None takes one away."""
    keys = {(TOWN, leaf.replace("_", "-")): answer for leaf, answer in answers.items()}
    return replace(asked, answers={key: one for key, one in (asked.answers | keys).items() if one is not None})


def test_a_township_by_hand():
    # Each dimension: own 0.8, villages of 500 and 1000 people at 0.2 and 0.8, so below 0.6 and together 0.7.
    shares = {VILLAGE: 0.2, OTHER_VILLAGE: 0.8}
    numbers = [leaf for leaf in small_system().leaves if leaf.code.endswith("1")]
    system = {"leaves": tuple(replace(leaf, weight=1.0) for leaf in numbers)}
    asked = survey(lambda unit, leaf: shares.get(unit.code, 0.8), system=replace(small_system(), **system))

    town = unit_of(assessed(asked, **system), TOWN)

    assert [each.own for each in town.dimensions] == pytest.approx([0.8] * 5)
    assert [each.below for each in town.dimensions] == pytest.approx([0.6] * 5)
    assert town.score == pytest.approx(0.7)
    assert (town.lower, town.upper, town.completeness) == (town.score, town.score, 1.0)
    assert town.grade is Grade.FAIR
    assert {each.weakest_code for each in town.dimensions} == {VILLAGE}
    assert town.coupling == pytest.approx(0.7**0.5)


def test_losses_and_obstacles_of_a_unit():
    town = unit_of(assessed(survey(flat(0.5))), TOWN)

    numbers = [leaf for leaf in town.leaves if leaf.score == 0.5]
    assert all(leaf.loss == pytest.approx(0.2 * 0.5 * 0.5) for leaf in numbers)
    assert sum(leaf.obstacle for leaf in town.leaves) == pytest.approx(1)


def test_a_missing_answer_is_left_out_bounded_and_never_a_need():
    asked = changed(survey(flat(0.5)), **{"CAP-T-01": None})
    found = assessed(asked)

    town = unit_of(found, TOWN)
    own = next(each for each in town.dimensions if each.dimension is Dimension.CAPABILITY)
    assert own.own == pytest.approx(0.5)
    assert (own.lower, own.upper, own.completeness) == pytest.approx((0.5 * 0.25 + 0.25, 0.5 * 0.75 + 0.25, 0.75))
    assert found.missing == ((TOWN, "CAP-T-01"),)
    assert (TOWN, "CAP-T-01") not in {(need.unit_code, need.leaf_code) for need in found.needs}
    assert next(leaf for leaf in town.leaves if leaf.leaf_code == "CAP-T-01").loss == 0


def test_too_few_answers_give_a_score_but_no_grade():
    asked = survey(lambda unit, asked: 0.9 if asked.code.endswith("1") else None)

    town = unit_of(assessed(asked), TOWN)

    assert town.score is not None
    assert town.completeness == pytest.approx(0.5)
    assert (town.grade, town.is_weak, town.grade_probability) == (None, False, {})


def test_a_unit_without_answers_has_no_score_and_the_widest_bounds():
    silent = {VILLAGE, OTHER_VILLAGE, TOWN}
    found = assessed(survey(lambda unit, asked: None if unit.code in silent else 0.7))

    town = unit_of(found, TOWN)
    assert (town.score, town.rank, town.grade, town.coupling) == (None, None, None, None)
    assert (town.lower, town.upper, town.completeness) == (0, 1, 0)
    assert unit_of(found, COUNTY).score is not None


@pytest.mark.parametrize("method", ["default", "ahp"])
def test_one_unit_in_the_whole_survey_is_assessed(method):
    alone = tuple(unit for unit in small_county() if unit.code == VILLAGE)
    comparisons = tuple((1.0,) * 5 for _ in range(5))

    found = assessed(survey(flat(0.6), units=alone), method, dimension_comparisons=comparisons)

    assert (found.units[0].rank, found.units[0].rank_low, found.units[0].rank_high) == (1, 1, 1)


@pytest.mark.parametrize("method", ["entropy", "combined"])
def test_one_unit_in_the_whole_survey_says_nothing_of_weights(method):
    alone = tuple(unit for unit in small_county() if unit.code == VILLAGE)

    with pytest.raises(TooFewUnits, match="at least two units of a level; there is 1"):
        assessed(survey(flat(0.6), units=alone), method)


def test_where_all_units_are_alike_entropy_gives_equal_weights_and_says_so():
    found = assessed(survey(flat(0.6)), "entropy")

    assert {leaf.weight for unit in found.units for leaf in unit.leaves} == {0.5}
    alike = [note for note in found.notes if "alike" in note.message]
    assert len(alike) == 2 * 5
    assert any("Only one unit" in note.message for note in found.notes)


def test_entropy_weighs_by_difference_and_combined_stands_half_way():
    asked = survey(lambda unit, leaf: 0.1 * int(unit.code[-1]) if leaf.code == "CAP-V-01" else 0.6)
    weights = {
        method: {leaf.leaf_code: leaf.weight for leaf in unit_of(assessed(asked, method), VILLAGE).leaves}
        for method in ("default", "entropy", "combined")
    }

    assert weights["entropy"]["CAP-V-01"] == pytest.approx(1)
    assert weights["combined"]["CAP-V-01"] == pytest.approx(0.75)
    assert weights["default"]["CAP-V-01"] == 0.5


def test_ahp_takes_the_comparisons():
    org_first = ((1.0, 3.0, 3.0, 3.0, 3.0), *((1 / 3, 1.0, 1.0, 1.0, 1.0) for _ in range(4)))
    asked = survey(flat(0.5, org=1.0))

    town = unit_of(assessed(asked, "ahp", dimension_comparisons=org_first), TOWN)

    org, *others = [each.score for each in town.dimensions]
    assert town.score == pytest.approx(3 / 7 * org + sum(others) / 7)


def test_ahp_without_comparisons_is_refused():
    with pytest.raises(BadComparisons, match="has no comparisons"):
        assessed(survey(flat(0.5)), "ahp")


def test_weights_by_any_other_name_are_refused():
    with pytest.raises(UnknownMethod, match="default, ahp, entropy, combined"):
        assessed(survey(flat(0.5)), "guess")


def test_weights_that_do_not_sum_to_1_are_refused():
    with pytest.raises(BadWeights, match="sum to 0.9, expected 1"):
        assessed(survey(flat(0.5)), dimension_weights=dict.fromkeys(Dimension, 0.18))
    leaves = small_system().leaves
    with pytest.raises(BadWeights, match=r"org \(county\) sum to 0.8"):
        assessed(survey(flat(0.5)), leaves=(replace(leaves[0], weight=0.3), *leaves[1:]))


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ((), "no units"),
        ((small_county()[0],) * 2, "999901000000 stands 2 times"),
        ((Unit("1", "A", Level.VILLAGE, "2"), Unit("2", "B", Level.VILLAGE, None)), "1 cannot lie in 2"),
    ],
)
def test_units_that_do_not_fit_together_are_refused(units, message):
    with pytest.raises(BadSurvey, match=message):
        assessed(Survey("", survey(flat(1)).closes_on, units, {}))


def test_doubtful_answers_are_scored_by_the_evidence():
    asked = changed(survey(flat(0.8)), **{"CAP-T-01": Answer(value=10.0, evidence_value=2.0)})
    found = assessed(asked)

    leaf = next(leaf for leaf in unit_of(found, TOWN).leaves if leaf.leaf_code == "CAP-T-01")
    need = next(need for need in found.needs if (need.unit_code, need.leaf_code) == (TOWN, "CAP-T-01"))
    assert (leaf.value, leaf.evidence_value, leaf.is_doubtful, leaf.score) == (10.0, 2.0, True, pytest.approx(0.2))
    assert (need.current, need.gap) == (2.0, 8.0)


def test_profiles_shift_the_weights_of_the_units_that_have_them():
    units = tuple(
        replace(unit, profiles=frozenset({Profile.RIVER})) if unit.code == TOWN else unit for unit in small_county()
    )
    found = assessed(survey(flat(0.5), units=units), profile_factors={Profile.RIVER: {"CAP-T-01": 3.0}})

    weights = {leaf.leaf_code: leaf.weight for leaf in unit_of(found, TOWN).leaves}
    assert (weights["CAP-T-01"], weights["CAP-T-02"]) == pytest.approx((0.75, 0.25))


def test_needs_stand_by_priority_with_their_township():
    found = assessed(survey(flat(0.5)))

    assert [need.priority for need in found.needs] == list(range(1, len(found.needs) + 1))
    losses = [need.loss for need in found.needs]
    assert losses == sorted(losses, reverse=True)
    by_unit = {need.unit_code: need.township_code for need in found.needs}
    assert (by_unit[VILLAGE], by_unit[TOWN], by_unit[COUNTY]) == (TOWN, TOWN, None)


def test_units_come_from_above_by_code():
    asked = survey(flat(0.5))
    shuffled = replace(asked, units=asked.units[::-1])

    codes = [unit.unit.code for unit in assessed(shuffled).units]

    assert codes[0] == COUNTY
    assert codes[1:4] == sorted(codes[1:4])
    assert codes == [unit.unit.code for unit in assessed(asked).units]


def test_a_frozen_result_is_read_as_it_was_computed():
    for unit in assessed(survey(flat(0.4))).units:
        assert result_from_content(result_content(unit)) == unit


@given(ANSWERS)
@LAWS
def test_scores_bounds_and_shares_keep_their_laws(drawn):
    for unit in assessed(drawn_survey(drawn)).units:
        for found in (unit, *unit.dimensions):
            assert 0 <= found.lower <= found.upper <= 1
            assert 0 <= found.completeness <= 1
            if found.score is not None:
                assert found.lower - 1e-9 <= found.score <= found.upper + 1e-9
        assert sum(leaf.weight for leaf in unit.leaves) == pytest.approx(5)
        assert sum(leaf.obstacle for leaf in unit.leaves) == pytest.approx(1, abs=1e-9) or not any(
            leaf.loss > 1e-12 for leaf in unit.leaves
        )
        assert not unit.grade_probability or sum(unit.grade_probability.values()) == pytest.approx(1)
        assert unit.rank is None or unit.rank_low <= unit.rank <= unit.rank_high


@given(ANSWERS, st.integers(0, 99))
@LAWS
def test_more_of_a_good_thing_never_lowers_a_score(drawn, place):
    if drawn[place] is None:
        return
    better = [*drawn[:place], 1.0, *drawn[place + 1 :]]

    before, after = (assessed(drawn_survey(answers)) for answers in (drawn, better))

    for then, now in zip(before.units, after.units, strict=True):
        assert then.score is None or now.score >= then.score - 1e-12


@given(ANSWERS, st.integers(0, 5))
@LAWS
def test_a_better_village_never_lowers_its_township_and_county(drawn, number):
    asked = drawn_survey(drawn)
    village = [unit for unit in asked.units if unit.level is Level.VILLAGE][number]
    full = {
        key: replace(answer, value=10.0) if key[0] == village.code else answer for key, answer in asked.answers.items()
    }

    before, after = assessed(asked), assessed(replace(asked, answers=full))

    for code in (village.parent_code, COUNTY):
        then, now = unit_of(before, code).score, unit_of(after, code).score
        assert then is None or now >= then - 1e-12


@given(ANSWERS, st.sampled_from(["default", "entropy"]))
@LAWS
def test_renaming_units_changes_nothing(drawn, method):
    asked = drawn_survey(drawn)
    renamed = replace(asked, units=tuple(replace(unit, name=f"新{unit.code}") for unit in asked.units))
    if method == "entropy" and not asked.answers:
        return

    try:
        found, again = assessed(asked, method), assessed(renamed, method)
    except TooFewUnits:
        return

    assert [replace(unit, unit=None) for unit in found.units] == [replace(unit, unit=None) for unit in again.units]
    assert [need.cost_fen for need in found.needs] == [need.cost_fen for need in again.needs]
