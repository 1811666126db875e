from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.assessment.core.assess import assess
from anlan.assessment.core.values import Answer, Dimension, Result
from anlan.assessment.documents import narrative, narrative_findings, narrative_measures, narrative_trust
from anlan.assessment.documents.report_losses import leaf_parts, obstacles_of, unit_of
from anlan.assessment.documents.report_words import say_all
from anlan.assessment.tests.factories import COUNTY, Share, flat, small_county, small_system, survey

TOWN = "999901100000"


def result(share: Share, *, units: int = 3) -> Result:
    county = small_county(townships=units)
    return assess(survey(share, units=county), small_system(), method="default", rng=np.random.default_rng(1))


def words(paragraphs: tuple[narrative.Paragraph, ...]) -> str:
    return "\n".join(
        say_all((paragraph.lead, *paragraph.sentences) if paragraph.lead else paragraph.sentences)
        for paragraph in paragraphs
    )


def obstacle_dimensions(found: Result) -> set[Dimension]:
    return {obstacle.leaf.dimension for obstacle in narrative_findings.main_obstacles(found, COUNTY)}


def test_opposite_weaknesses_swap_the_main_obstacles_and_the_strengths():
    bare = result(flat(0.9, materials=0.2))
    dark = result(flat(0.9, digital=0.2))

    assert obstacle_dimensions(bare) == {Dimension.MATERIALS}
    assert obstacle_dimensions(dark) == {Dimension.DIGITAL}
    said_of_bare = words(narrative_findings.obstacles(bare, unit_of(bare, COUNTY)))
    said_of_dark = words(narrative_findings.obstacles(dark, unit_of(dark, COUNTY)))
    assert "储备清单满足率" in said_of_bare
    assert "应急广播覆盖率" not in said_of_bare
    assert "应急广播覆盖率" in said_of_dark
    assert "储备清单满足率" not in said_of_dark


def test_an_obstacle_is_placed_where_it_is_worst():
    def worst_in_town_2(unit, asked):
        return 0.1 if unit.name.startswith("第2镇") and asked.dimension is Dimension.CAPABILITY else 0.9

    found = result(worst_in_town_2)

    main = narrative_findings.main_obstacles(found, COUNTY)[0]
    places = narrative_findings.places_of(found, unit_of(found, COUNTY), main.parts)
    assert main.leaf.dimension is Dimension.CAPABILITY
    assert places[0][0] == "第2镇"
    assert "第2镇" in words(narrative_findings.obstacles(found, unit_of(found, COUNTY)))


shares = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=100, max_size=100)


@given(shares)
@settings(max_examples=25, deadline=None)
def test_what_is_lost_adds_up_to_what_the_score_lacks(drawn):
    values = iter(drawn)
    found = result(lambda unit, asked: next(values), units=3)

    for code in (COUNTY, TOWN):
        unit = unit_of(found, code)
        parts = leaf_parts(found, code)
        if unit.score is not None:
            assert sum(part.lost for part in parts) == pytest.approx(1 - unit.score, abs=1e-9)
            assert sum(part.possible for part in parts) == pytest.approx(1, abs=1e-9)


def test_obstacle_shares_sum_to_one():
    found = result(flat(0.6))

    assert sum(obstacle.share for obstacle in obstacles_of(found, COUNTY)) == pytest.approx(1)


def test_where_everything_is_reached_there_is_neither_obstacle_nor_need():
    found = result(flat(1.0))
    unit = unit_of(found, COUNTY)

    assert narrative_findings.main_obstacles(found, COUNTY) == ()
    assert "未发现短板" in words(narrative_findings.obstacles(found, unit))
    assert "没有需要计价的帮扶需求" in words(narrative_measures.recommendations(found, unit))


def test_a_first_assessment_says_that_there_was_none_before():
    found = result(flat(0.6))

    said = words(narrative_trust.comparison(found, unit_of(found, COUNTY), None))

    assert "首次评估" in said


def test_a_rise_names_both_scores_and_who_rose():
    before = replace(result(flat(0.5)), survey_name="2025年度摸底")
    after = result(flat(0.8))

    said = words(narrative_trust.comparison(after, unit_of(after, COUNTY), before))

    then, now = unit_of(before, COUNTY), unit_of(after, COUNTY)
    assert "2025年度摸底" in said
    assert f"由{narrative.points(then.score)}分升至{narrative.points(now.score)}分" in said
    assert "3个得分提高" in said


def test_missing_answers_are_named_and_never_called_zero():
    found = result(lambda unit, asked: None if asked.code == "ORG-T-01" and unit.code == TOWN else 0.7)

    said = words(narrative_trust.reliability(found, unit_of(found, TOWN)))

    assert "第1镇本级缺失1项：乡镇应急岗位数" in said
    assert "不按零分计" in said


def test_a_complete_survey_has_no_open_bounds():
    found = result(flat(0.7))

    said = words(narrative_trust.reliability(found, unit_of(found, TOWN)))

    assert "完整率100%" in said
    assert "缺失" not in said


def test_doubtful_answers_are_named():
    asked = survey(flat(0.7))
    doubted = {**asked.answers, (TOWN, "ORG-T-01"): Answer(value=9.0, evidence_value=2.0)}
    found = assess(replace(asked, answers=doubted), small_system(), method="default", rng=np.random.default_rng(1))

    said = words(narrative_trust.reliability(found, unit_of(found, TOWN)))

    assert "1项存疑" in said
    assert "第1镇“乡镇应急岗位数”" in said


def test_a_unit_without_answers_is_said_to_have_no_score():
    found = result(lambda unit, asked: None if unit.code == COUNTY or unit.code.startswith("999901100") else 0.7)
    unit = unit_of(found, TOWN)

    assert "无法评分" in words(narrative.conclusion(found, unit))
    assert "无法分析短板" in words(narrative_findings.obstacles(found, unit))


def test_the_first_measures_carry_cost_and_deadline_of_the_needs():
    found = result(flat(0.9, process=0.1))
    unit = unit_of(found, TOWN)

    said = words(narrative_measures.recommendations(found, unit))

    needs = narrative_measures.needs_within(found, TOWN)
    assert f"共需{len(needs)}项帮扶" in said
    assert "2027年5月19日" in said


def test_units_outside_are_never_spoken_of():
    found = result(flat(0.5))
    unit = unit_of(found, TOWN)

    said = words(
        (
            narrative.scope(found, unit),
            *narrative.conclusion(found, unit),
            *narrative_findings.obstacles(found, unit),
            *narrative_measures.recommendations(found, unit),
        )
    )

    assert "第2镇" not in said
    assert "第3镇" not in said
