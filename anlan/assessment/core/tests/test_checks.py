from dataclasses import replace
from datetime import date

import pytest

from anlan.assessment.core import checks
from anlan.assessment.core.checks import DoubtKind, find_flags
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Answer, Region, Survey, Unit
from anlan.kernel.codes import Level

CLOSES = date(2026, 10, 31)
COUNTY, TOWN = "999901000000", "999901100000"
VILLAGES = tuple(f"999901100{number}" for number in range(201, 211))
UNITS = (
    Unit(COUNTY, "青岚县", Level.COUNTY, None, 10_000),
    Unit(TOWN, "柳溪镇", Level.TOWNSHIP, COUNTY, 10_000, region=Region.MOUNTAIN),
    *(Unit(code, code, Level.VILLAGE, TOWN, 1_000, 300, Region.MOUNTAIN) for code in VILLAGES),
)


def found(answers, before=None):
    """Return kind, unit, leaf and message of what is doubted in answers given as numbers or days."""
    doubts = find_flags(asked(answers), default_system(), before and asked(before))
    return [(doubt.kind, doubt.unit_code, doubt.leaf_code, doubt.message) for doubt in doubts]


def asked(answers) -> Survey:
    made = {key: Answer(**{"day" if isinstance(one, date) else "value": one}) for key, one in answers.items()}
    return Survey("2026", CLOSES, UNITS, made)


@pytest.mark.parametrize(
    ("leaf", "value", "message"),
    [
        ("CAP-T-01", -3.0, checks.TOO_LOW),
        ("MAT-T-02", 1.2, checks.TOO_HIGH),
        ("CAP-T-01", 20_000.0, checks.TOO_HIGH),
        ("PRO-T-02", date(2026, 11, 1), checks.TOO_LATE),
        ("PRO-T-02", date(1970, 1, 1), checks.TOO_EARLY),
    ],
)
def test_what_cannot_be_is_doubted(leaf, value, message):
    assert found({(TOWN, leaf): value}) == [(DoubtKind.RANGE, TOWN, leaf, message)]


def test_answers_to_another_level_or_to_no_leaf_are_nobodys():
    assert found({(TOWN, "CAP-V-01"): -3.0, (TOWN, "OLD-T-01"): -3.0}) == []


@pytest.mark.parametrize(
    ("leaf", "value", "other", "other_value", "message"),
    [
        ("ORG-T-03", 9.0, "ORG-T-02", 4.0, checks.MORE_THAN),
        ("CAP-T-02", 0.5, "CAP-T-01", 0.0, checks.WITHOUT),
        ("MAT-T-02", 0.5, "MAT-T-01", 0.0, checks.WITHOUT),
        ("CAP-T-03", 2.0, "PRO-T-01", 0.0, checks.WITHOUT),
    ],
)
def test_answers_that_cannot_both_be_true_are_doubted(leaf, value, other, other_value, message):
    answers = {(TOWN, leaf): value, (TOWN, other): other_value}

    assert found(answers) == [(DoubtKind.CONTRADICTION, TOWN, leaf, message)]
    assert found({(TOWN, leaf): value}) == []


def test_more_people_in_a_team_than_a_fifth_of_the_village_are_doubted():
    kinds = [each[0] for each in found({(VILLAGES[0], "CAP-V-01"): 250.0})]

    assert DoubtKind.CONTRADICTION in kinds


def test_a_share_claimed_of_villages_is_held_against_their_own_answers():
    claimed = {(TOWN, "DIG-T-02"): 1.0}
    half = {(code, "MAT-V-04"): float(place < 5) for place, code in enumerate(VILLAGES)}

    assert (DoubtKind.CONTRADICTION, TOWN, "DIG-T-02", checks.COVERAGE) in found(claimed | half)
    few = dict(list(half.items())[-3:])
    assert found(claimed | few) == []


@pytest.mark.parametrize(
    ("leaf", "before", "now", "message"),
    [
        ("MAT-T-02", 0.4, 1.0, checks.ROSE),
        ("MAT-T-02", 1.0, 0.3, checks.FELL),
        ("MAT-T-02", 0.6, 1.0, None),
        ("CAP-T-01", 5.0, 20.0, checks.ROSE),
        ("CAP-T-01", 20.0, 24.0, None),
        ("MAT-T-03", 1.0, 2.0, None),
        ("ORG-T-01", 1.0, 0.0, checks.LOST),
        ("ORG-T-01", 0.0, 1.0, None),
        ("PRO-T-02", date(2025, 6, 1), date(2024, 6, 1), checks.OLDER),
        ("PRO-T-02", date(2025, 6, 1), date(2026, 6, 1), None),
    ],
)
def test_a_leap_since_the_last_round_is_doubted(leaf, before, now, message):
    doubts = found({(TOWN, leaf): now}, {(TOWN, leaf): before})

    assert doubts == ([(DoubtKind.JUMP, TOWN, leaf, message)] if message else [])


def test_without_a_last_round_or_a_last_answer_there_is_no_jump():
    assert found({(TOWN, "MAT-T-02"): 1.0}, {(TOWN, "MAT-T-01"): 10.0}) == []


def villages(values, leaf="CAP-V-01"):
    return {(code, leaf): value for code, value in zip(VILLAGES, values, strict=False)}


def test_a_value_far_from_like_units_is_doubted_and_nothing_is_changed():
    answers = villages([8.0, 9, 10, 11, 12, 9, 10, 11, 8, 90])
    given = asked(answers)
    before = dict(given.answers)

    doubts = find_flags(given, default_system(), None)

    assert [(doubt.kind, doubt.unit_code) for doubt in doubts] == [(DoubtKind.OUTLIER, VILLAGES[9])]
    assert doubts[0].values == {"value": "90", "count": 10, "middle": "10"}
    assert given.answers == before


def test_like_units_that_nearly_all_say_the_same_show_the_other():
    assert [each[1] for each in found(villages([10.0] * 9 + [60]))] == [VILLAGES[9]]


@pytest.mark.parametrize("values", [[10.0] * 10, [8, 9, 10, 11, 12, 9, 10], [9, 10, 9, 10, 9, 10, 9, 10, 9, 12]])
def test_alike_few_or_near_values_are_not_doubted(values):
    assert found(villages(values)) == []


def test_units_of_another_region_are_not_like():
    units = tuple(replace(unit, region=Region.FRINGE) if unit.code in VILLAGES[5:] else unit for unit in UNITS)
    answers = asked(villages([8.0, 9, 10, 11, 12, 9, 10, 11, 8, 90]))

    assert find_flags(replace(answers, units=units), default_system(), None) == []


def test_a_freshly_revised_plan_is_no_outlier_but_a_forgotten_one_is():
    ages = [date(2024, 1, 1 + place) for place in range(9)]

    assert found(villages([*ages, CLOSES], "PRO-V-01")) == []
    assert [each[1] for each in found(villages([*ages, date(1999, 1, 1)], "PRO-V-01"))] == [VILLAGES[9]]


def test_the_same_answer_is_doubted_once_for_each_reason():
    both = found({(TOWN, "ORG-T-03"): 900.0, (TOWN, "ORG-T-02"): 4.0, (TOWN, "ORG-T-01"): 0.0})

    assert [(each[0], each[2]) for each in both] == [
        (DoubtKind.CONTRADICTION, "ORG-T-02"),
        (DoubtKind.RANGE, "ORG-T-03"),
        (DoubtKind.CONTRADICTION, "ORG-T-03"),
    ]
