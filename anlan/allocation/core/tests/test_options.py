from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.classes import NoClass
from anlan.allocation.core.floors import LESS, FloorBarred
from anlan.allocation.core.measures import Serving
from anlan.allocation.core.options import IDLE_SOURCE, NO_DISTANCE, NO_LEAF, NO_LINE, NOT_KNOWN, SILENT, NothingToBuy
from anlan.allocation.core.settings import BadBudget, Earmarked, Settings
from anlan.allocation.core.steps import leaf_weights, score_from_below
from anlan.allocation.core.strategies import Stance
from anlan.allocation.core.tests.county import (
    COUNTY,
    MONEY,
    PLAIN,
    TOWNSHIP,
    VILLAGES,
    bound,
    built,
    measure,
    option_of,
    result,
    says,
    usual,
)
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Answer, Result
from anlan.funds.core.values import EarmarkFacts

FIRST, SECOND, THIRD = VILLAGES
DRONE = replace(
    measure("M-DIG-T-11"), requires=(), effects={}, serves=Serving({"PRO-V-05": 0.3}, most=2, within_km=10.0)
)
leaf_codes = [
    (unit, leaf.code)
    for unit, level in ((TOWNSHIP, "township"), (FIRST, "village"))
    for leaf in default_system().at_level(level)
]


def reproduced(found: Result) -> list[tuple[float, float]]:
    weights = leaf_weights(found)
    return [
        (
            sum(weights[unit.unit.code].get(leaf.leaf_code, 0.0) * (leaf.score or 0.0) for leaf in unit.leaves)
            + score_from_below(unit, found),
            unit.score,
        )
        for unit in found.units
        if unit.score is not None
    ]


@pytest.mark.parametrize("method", ["default", "ahp", "combined"])
def test_weights_of_the_aims_times_scores_are_the_score_of_the_unit(method):
    for sum_of_leaves, score in reproduced(result({(FIRST, "CAP-V-01"): Answer(value=9.0)}, method)):
        assert sum_of_leaves == pytest.approx(score, abs=1e-9)


@given(st.sets(st.sampled_from(leaf_codes), max_size=40))
def test_they_are_so_whatever_is_missing(missing):
    for sum_of_leaves, score in reproduced(result(dict.fromkeys(missing))):
        assert sum_of_leaves == pytest.approx(score, abs=1e-9)


def step_of(code: str, leaf: str, answer: Answer, unit: str = FIRST) -> float:
    found = built(measure(code), of=result({(unit, leaf): answer}))
    option = option_of(found, unit, code)
    assert option is not None
    return option.effects[0].step


def test_a_person_of_ten_is_a_tenth_of_the_leaf():
    assert step_of("M-CAP-V-01", "CAP-V-01", Answer(value=4.0)) == pytest.approx(0.1)


def test_minutes_are_taken_off_by_the_target():
    assert step_of("M-CAP-V-04", "CAP-V-04", Answer(value=90.0)) == pytest.approx(20 / 60)


def test_a_time_beyond_the_worst_is_shared_out_over_its_whole_way():
    # 180 minutes against 60: raw −1, the way to 1 is 2; a third of a target is a sixth of the way.
    assert step_of("M-CAP-V-04", "CAP-V-04", Answer(value=180.0)) == pytest.approx(1 / 6)


def test_yes_or_no_and_an_age_are_mended_by_one_piece():
    assert step_of("M-ORG-V-01", "ORG-V-01", Answer(value=0.0)) == 1.0
    assert step_of("M-PRO-V-01", "PRO-V-01", Answer(day=date(2020, 1, 1))) == 1.0


def test_a_missing_leaf_is_no_aim():
    found = built(of=result({(FIRST, "CAP-V-01"): None}))

    assert option_of(found, FIRST, "M-CAP-V-01") is None
    assert option_of(found, SECOND, "M-CAP-V-01")


def test_a_leaf_at_its_target_is_no_aim():
    found = built(measure("M-CAP-V-01"), of=result({(FIRST, "CAP-V-01"): Answer(value=10.0)}))

    assert option_of(found, FIRST, "M-CAP-V-01") is None


def test_no_more_pieces_are_offered_than_help():
    found = built(
        measure("M-CAP-V-01", least=2, most_per_1000=None), of=result({(FIRST, "CAP-V-01"): Answer(value=9.0)})
    )

    option = option_of(found, FIRST, "M-CAP-V-01")
    assert option
    assert (option.least, option.most) == (1, 1)


def test_a_measure_may_be_limited_by_the_people():
    found = built(measure("M-CAP-V-01", most_per_1000=2.0))

    limits = [option_of(found, village, "M-CAP-V-01") for village in VILLAGES]
    assert [option and option.most for option in limits] == [2, 4, 5]


def test_a_prerequisite_half_met_is_dropped():
    found = built(measure("M-CAP-T-01"), measure("M-CAP-T-02"))

    training = option_of(found, TOWNSHIP, "M-CAP-T-02")
    assert training
    assert training.requires == ()


def test_a_prerequisite_that_lacks_must_be_bought():
    found = built(measure("M-CAP-T-02"), measure("M-CAP-T-01"), of=result({(TOWNSHIP, "CAP-T-01"): Answer(value=3.0)}))

    training = option_of(found, TOWNSHIP, "M-CAP-T-02")
    assert training
    ((team,),) = training.requires
    assert found.problem.options[team].measure == "M-CAP-T-01"


def test_what_needs_a_thing_that_nobody_may_pay_for_is_not_offered():
    sources = (Earmarked("a", "Training only", (100,), bound(measures=frozenset({"M-CAP-T-02"}))),)

    with pytest.raises(NothingToBuy):
        built(
            measure("M-CAP-T-01"),
            measure("M-CAP-T-02"),
            of=result({(TOWNSHIP, "CAP-T-01"): Answer(value=3.0)}),
            sources=sources,
        )


def test_a_prerequisite_of_which_nothing_is_known_is_told():
    found = built(measure("M-CAP-T-01"), measure("M-CAP-T-02"), of=result({(TOWNSHIP, "CAP-T-01"): None}))

    training = option_of(found, TOWNSHIP, "M-CAP-T-02")
    assert training
    assert training.requires == ()
    assert NOT_KNOWN in [note.message for note in found.notes]


def test_measures_that_exclude_each_other_make_a_group():
    found = built(measure("M-MAT-T-01"), measure("M-MAT-T-11", requires=()))

    groups = [{found.problem.options[place].measure for place in group} for group in found.problem.exclusions]
    assert groups == [{"M-MAT-T-01", "M-MAT-T-11"}]


def test_a_shared_measure_serves_the_units_below_that_lie_near():
    near = {FIRST: 3.0, SECOND: 10.0, THIRD: 10.1}

    option = option_of(found := built(DRONE, distance_km=lambda _site, unit: near[unit]), TOWNSHIP, "M-DIG-T-11")

    assert option
    served = {found.problem.units[found.problem.aims[effect.aim].unit].code for effect in option.effects}
    assert served == {FIRST, SECOND}
    assert (option.serves_most, option.most) == (2, 1)


def test_an_island_of_unknown_distance_is_not_served_and_is_told():
    found = built(DRONE, distance_km=lambda _site, unit: None if unit == THIRD else 1.0)

    option = option_of(found, TOWNSHIP, "M-DIG-T-11")
    assert option
    assert len(option.effects) == 2
    assert [note.values["unit"] for note in found.notes if note.message == NO_DISTANCE] == ["Village 3"]


def test_a_county_course_serves_everybody_whose_leaf_it_raises():
    option = option_of(found := built(measure("M-CAP-C-11")), COUNTY, "M-CAP-C-11")

    assert option
    levels = {found.problem.units[found.problem.aims[effect.aim].unit].level for effect in option.effects}
    assert levels == {"township", "village"}


def test_an_earmark_says_what_a_source_may_pay_for():
    sources = (
        Earmarked("a", "Things", (100,), bound(dimensions=frozenset({"materials"}))),
        Earmarked("b", "First village", (100,), bound(areas=(FIRST,))),
        Earmarked(
            "c", "Villages", (100,), bound(unit_levels=frozenset({"village"}), measures=frozenset({"M-CAP-V-01"}))
        ),
    )

    found = built(sources=sources)

    assert [(option := option_of(found, FIRST, code)) and option.sources for code in ("M-MAT-V-02", "M-CAP-V-01")] == [
        (0, 1),
        (1, 2),
    ]
    assert option_of(found, SECOND, "M-ORG-V-01") is None


def test_a_kept_line_that_cannot_be_is_told():
    settings = Settings(pinned={(FIRST, "M-CAP-T-01"): 1})  # a measure of townships

    found = built(settings=settings)

    assert [note.values["unit"] for note in found.notes if note.message == NO_LINE] == ["Village 1"]
    assert found.problem.pinned == ()


def test_a_source_with_two_purposes_may_pay_for_what_either_covers():
    things, first = EarmarkFacts(dimensions=frozenset({"materials"})), EarmarkFacts(areas=(FIRST,))
    found = built(sources=(Earmarked("a", "Fund", (100,), (things, first)),))

    assert option_of(found, SECOND, "M-MAT-V-02") is not None
    assert option_of(found, FIRST, "M-ORG-V-01") is not None
    assert option_of(found, SECOND, "M-ORG-V-01") is None


def test_a_source_whose_earmark_fits_nothing_is_told():
    found = built(sources=(*MONEY, Earmarked("sea", "Sea rescue", (5,), bound(measures=frozenset({"M-SEA"})))))

    assert [note.values["source"] for note in found.notes if note.message == IDLE_SOURCE] == ["Sea rescue"]


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ((), "no source of money"),
        ((Earmarked("a", "Fund", (0,)),), "The budget is 0 yuan"),
        ((Earmarked("a", "Fund", (-100,)),), "The budget of Fund is -1.00 yuan"),
        ((Earmarked("a", "Fund", (1, 2)),), "has budgets for 2 years, expected 1"),
    ],
)
def test_a_budget_that_is_none_is_refused(sources, told):
    with pytest.raises(BadBudget, match=told):
        built(sources=sources)


def test_a_unit_in_no_class_is_refused():
    with pytest.raises(NoClass, match=r"Village 2 \(999901101202\) has no class"):
        built(classes={code: key for code, key in PLAIN.items() if code != SECOND})


def test_a_unit_that_answered_nothing_is_left_out_and_told():
    silent = result({(FIRST, leaf.code): None for leaf in default_system().at_level("village")})

    found = built(of=silent)

    assert FIRST not in [unit.code for unit in found.problem.units]
    assert [note.values["unit"] for note in found.notes if note.message == SILENT] == ["Village 1"]


def test_a_leaf_that_the_assessment_does_not_ask_for_is_told():
    found = built(measure("M-CAP-V-01", effects={"CAP-V-01": 1.0, "CAP-V-77": 1.0}))

    assert [note.values["leaf"] for note in found.notes if note.message == NO_LEAF] == ["CAP-V-77"]


def test_the_strategy_prefers_requires_and_bars():
    preferred = option_of(built(strategy=says("M-CAP-V-01", Stance.PREFERRED, 1.8)), FIRST, "M-CAP-V-01")
    required = option_of(built(strategy=says("M-CAP-V-01", Stance.REQUIRED)), FIRST, "M-CAP-V-01")
    barred = built(strategy=says("M-CAP-V-01", Stance.BARRED))

    assert preferred
    assert (preferred.multiplier, preferred.is_required) == (1.8, False)
    assert preferred.reasons[0] == "The strategy for this class prefers it"
    assert required
    assert required.is_required
    assert {barred.problem.options[place].measure for place in barred.problem.barred} == {"M-CAP-V-01"}
    assert len(barred.problem.barred) == 3


def test_the_weaker_and_more_populous_unit_comes_first():
    villages = [unit for unit in built().problem.units if unit.level == "village"]

    assert villages[0].priority < villages[1].priority < villages[2].priority
    assert villages[1].priority == pytest.approx(1.0 + 1.0 - villages[1].score)  # as many people as the mean


def test_without_weight_of_weakness_and_people_all_are_alike():
    found = built(settings=Settings(weakness=0.0, people=0.0))

    assert {unit.priority for unit in found.problem.units} == {1.0}


def test_every_weak_unit_gets_its_floor():
    weak = [unit.unit.code for unit in usual().units if unit.is_weak]

    found = built(settings=Settings(weak_gain=0.05))

    assert weak
    assert [floor.key for floor in found.problem.floors] == [f"gain:{code}" for code in weak]
    assert {floor.least for floor in found.problem.floors} == {0.05}


def test_a_floor_that_nothing_reaches_is_lowered_and_told():
    found = built(measure("M-ORG-V-01"), settings=Settings(weak_gain=0.9))

    lowered = [note.values["unit"] for note in found.notes if note.message == LESS]
    assert "Village 1" in lowered
    assert all(floor.least is not None and floor.least < 0.9 for floor in found.problem.floors)


def test_a_floor_that_only_barred_measures_reach_is_refused():
    with pytest.raises(
        FloorBarred, match="Village 1 cannot gain the 3.0 points of its floor while M-ORG-V-01 is barred"
    ):
        built(
            measure("M-ORG-V-01"),
            strategy=says("M-ORG-V-01", Stance.BARRED),
            settings=Settings(weak_gain=0.03),
        )


def test_shares_of_townships_dimensions_and_heads_become_floors():
    wanted = Settings(
        township_least=0.1, township_most=0.9, per_head_fen=5, dimension_shares={"materials": (0.2, None)}
    )

    floors = {floor.key: floor for floor in built(settings=wanted).problem.floors}

    assert set(floors) == {f"share:{TOWNSHIP}", f"head:{TOWNSHIP}", "dimension:materials"}
    assert floors[f"head:{TOWNSHIP}"].least == 5 * 6000
    assert floors["dimension:materials"].name == "Materials and equipment"


def test_pinned_and_barred_lines_are_found_by_unit_and_measure():
    wanted = Settings(pinned={(FIRST, "M-CAP-V-01"): 2}, barred=frozenset({(SECOND, "M-CAP-V-01"), ("x", "y")}))

    problem = built(settings=wanted).problem

    assert [(problem.units[problem.options[place].unit].code, pieces) for place, pieces in problem.pinned] == [
        (FIRST, 2)
    ]
    assert [problem.units[problem.options[place].unit].code for place in problem.barred] == [SECOND]


def test_what_comes_after_the_year_gains_later():
    long = option_of(built(measure("M-CAP-T-11", requires=())), TOWNSHIP, "M-CAP-T-11")

    assert long
    assert (long.lead_years, long.life_years) == (1, 15)
