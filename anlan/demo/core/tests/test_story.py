"""The story told of the county: who is weak where, what is wrong with the answers, who works there."""

from functools import cache

import numpy as np
import pytest

from anlan.assessment.core.assess import assess
from anlan.assessment.core.checks import find_flags
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Answer, Result, Survey, Unit
from anlan.demo.core.staff import LOGINS
from anlan.demo.core.story import Story, SurveyStory, make_story
from anlan.kernel.codes import Level, parent_of


@cache
def the_story() -> Story:
    return make_story(default_system())


def as_survey(told: SurveyStory) -> Survey:
    units = tuple(
        Unit(
            code=fact.code,
            name=fact.name,
            level=fact.level,
            parent_code=None if fact.level is Level.COUNTY else parent_of(fact.code),
            population=fact.population,
            households=fact.households,
            region=fact.region,
            profiles=frozenset(fact.profiles),
        )
        for fact in the_story().county.divisions
    )
    answers = {key: Answer(entered.value, entered.day) for key, entered in told.answers.items()}
    return Survey(told.name, told.closes_on, units, answers)


@cache
def result_of(told_second: bool) -> Result:
    told = the_story().second if told_second else the_story().first
    return assess(as_survey(told), default_system(), rng=np.random.default_rng(1))


def test_the_same_seed_tells_the_same_story():
    again = make_story(default_system())

    assert again.second == the_story().second
    assert again.staff == the_story().staff


def test_poor_and_far_villages_are_weaker():
    wealth = {fact.code: fact.wealth for fact in the_story().county.at_level(Level.VILLAGE)}
    scores = {unit.unit.code: unit.score for unit in result_of(True).units if unit.score is not None}
    codes = sorted(wealth.keys() & scores.keys())

    assert np.corrcoef([wealth[code] for code in codes], [scores[code] for code in codes])[0, 1] > 0.6


def test_the_county_gains_between_the_surveys():
    before, after = (result_of(second).units[0].score for second in (False, True))

    assert after > before


@pytest.mark.parametrize("kind", ["contradiction", "outlier", "jump"])
def test_the_checks_find_what_was_planted(kind):
    doubts = find_flags(as_survey(the_story().second), default_system(), as_survey(the_story().first))
    found = {(doubt.unit_code, doubt.leaf_code) for doubt in doubts if doubt.kind == kind}

    planted = {(fault.unit_code, fault.leaf_code) for fault in the_story().planted if fault.kind == kind}

    assert planted
    assert planted <= found


def test_the_planted_gaps_are_listed_as_missing():
    gone = {(fault.unit_code, fault.leaf_code) for fault in the_story().planted if fault.kind == "missing"}

    assert gone <= set(result_of(True).missing)


def test_a_village_without_answers_has_no_score_and_a_half_done_one_no_grade():
    silent, half = (
        next(unit for unit in result_of(True).units if unit.unit.code == code)
        for code in dict.fromkeys(fault.unit_code for fault in the_story().planted if fault.kind == "missing")
    )

    assert silent.score is None
    assert half.score is not None
    assert half.grade is None


def test_everybody_has_a_name_of_their_own_and_one_can_log_in_a_role():
    staff = the_story().staff

    assert len({member.name for member in staff}) == len(staff)
    assert {username for _, username in LOGINS} <= {member.username for member in staff}


def test_the_survey_that_has_begun_is_filled_in_by_some_townships_only():
    begun = {code[:9] for code, _ in the_story().begun.answers}

    assert 2 <= len(begun) <= 5
