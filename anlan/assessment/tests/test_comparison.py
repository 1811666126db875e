"""Beside the round before: same units by code, merged units by what they were made of."""

from datetime import date

import pytest

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice
from anlan.assessment.models import UnitScore
from anlan.assessment.queries import comparison
from anlan.assessment.queries.units import unit_page
from anlan.assessment.tests.assessed import alike, published
from anlan.assessment.tests.county import CLOSES, MORNING, SECOND_VILLAGE, VILLAGE, county, opened
from anlan.places import actions as places_actions
from anlan.places.core.succession import Heir

pytestmark = pytest.mark.django_db
LATER, LATER_CLOSES = date(2027, 11, 1), date(2027, 11, 30)
MERGED_ON = date(2027, 3, 1)


@pytest.fixture
def analyst():
    return alice()


def first(who, share):
    county()
    return published(who, share, row=opened())


def second(who, share):
    return published(who, share, row=opened(name="2027年度摸底", opens_on=LATER, closes_on=LATER_CLOSES))


def test_in_the_first_round_there_is_nothing_to_compare(analyst):
    found = first(analyst, alike(0.6))

    rows = comparison.with_change(UnitScore.objects.filter(assessment=found), found)

    assert {row.change for row in rows} == {None}
    assert comparison.previous_scores(found) == {}


def test_the_change_is_the_difference_of_the_published_scores(analyst):
    before = first(analyst, alike(0.5))
    found = second(analyst, alike(0.8))

    row = comparison.with_change(UnitScore.objects.filter(assessment=found), found).get(code=VILLAGE)

    assert row.before == before.unit_scores.get(code=VILLAGE).score
    assert row.change == pytest.approx(row.score - row.before)
    assert comparison.previous_scores(found)[VILLAGE] == row.before


def merged(who):
    """Both villages of the township became one, that keeps the first one's code."""
    codes, heir = [VILLAGE, SECOND_VILLAGE], Heir(VILLAGE, "新柳村")
    places_actions.merge_divisions(actor=who, codes=codes, heir=heir, on=MERGED_ON, at=MORNING)


def test_a_merged_unit_is_compared_with_what_it_was_made_of(analyst):
    before = first(analyst, lambda unit, leaf: 0.3 if unit == SECOND_VILLAGE else 0.9)
    merged(analyst)
    found = second(analyst, alike(0.6))
    old = {row.code: row.score for row in before.unit_scores.all()}
    together = (old[VILLAGE] * 900 + old[SECOND_VILLAGE] * 600) / 1500

    row = comparison.with_change(UnitScore.objects.filter(assessment=found), found).get(code=VILLAGE)

    assert row.before == pytest.approx(together)


def test_the_page_of_a_merged_unit_names_what_it_was_made_of(analyst):
    first(analyst, alike(0.9))
    merged(analyst)
    found = second(analyst, alike(0.6))

    shown = unit_page(found.unit_scores.get(code=VILLAGE))

    assert set(shown["last"].made_of) == {"新柳村", "上湾村"}
    assert shown["line"]["categories"] == ["2026年度摸底", "2027年度摸底"]
    assert all(row.change is None or row.change < 0.01 for group in shown["dimensions"] for row in group.leaves)


def test_a_county_is_compared_with_itself(analyst):
    before = first(analyst, alike(0.5))
    found = second(analyst, alike(0.8))

    shown = unit_page(found.unit_scores.get(code=COUNTY))

    assert shown["change"] == pytest.approx(
        found.unit_scores.get(code=COUNTY).score - before.unit_scores.get(code=COUNTY).score
    )


def test_a_unit_s_past_begins_with_the_first_round(analyst):
    first(analyst, alike(0.5))
    found = second(analyst, alike(0.8))

    past = unit_page(found.unit_scores.get(code=TOWNSHIP))["past"]

    assert [one.closes_on for one in past] == [CLOSES, LATER_CLOSES]
