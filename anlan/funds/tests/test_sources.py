from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, VILLAGE
from anlan.funds import actions, queries
from anlan.funds.actions import AlreadyWithdrawn, ReasonMissing
from anlan.funds.core.checking import BadEarmark, BadSource
from anlan.funds.core.values import EarmarkFacts, NewEarmark, SourceFacts
from anlan.funds.models import Earmark, Source
from anlan.funds.tests.factories import MILLION_FEN, SOURCE, frank, source
from anlan.ground.audit import history_of
from anlan.ground.versions import Conflict

pytestmark = pytest.mark.django_db
CASE = {"dimension": "materials", "measure": "MAT-01", "unit_code": VILLAGE, "unit_level": "village"}


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"county_code": TOWNSHIP}, "source_county_is_a_code"),
        ({"name": ""}, "source_has_a_name"),
        ({"given_by": "friend"}, "source_giver_is_known"),
        ({"year": 1999}, "source_year_is_possible"),
        ({"account_code": "22"}, "source_account_is_a_code"),
        ({"amount_fen": 0}, "source_amount_is_above_zero"),
        ({"withdrawn_at": NOON}, "source_withdrawn_says_why"),
    ],
)
def test_a_source_that_cannot_be_is_not_stored(changes, constraint):
    row = source()

    with pytest.raises(IntegrityError, match=constraint):
        Source.objects.filter(pk=row.pk).update(**changes)


def test_a_document_gives_a_source_once():
    row = source()
    row.pk = None

    with pytest.raises(IntegrityError, match="source_once_a_document"):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"dimensions": ["love"]}, "earmark_dimensions_are_known"),
        ({"unit_levels": ["hamlet"]}, "earmark_levels_are_known"),
        ({}, "earmark_binds_to_something"),
    ],
)
def test_a_purpose_that_cannot_be_is_not_stored(changes, constraint):
    row = source()

    with pytest.raises(IntegrityError, match=constraint):
        Earmark.objects.create(source=row, **changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "  "}, "1 to 120 characters"),
        ({"given_by": "friend"}, "who gives the money"),
        ({"year": 26}, "between 2000 and 2100"),
        ({"amount_fen": 0}, "above zero"),
        ({"amount_fen": -5}, "above zero"),
        ({"account_code": "22401"[:4]}, "3, 5 or 7 digits"),
        ({"document_number": "x" * 61}, "at most 60 characters"),
        ({"received_on": date(2019, 5, 1)}, "hardly received in 2019"),
        ({"county_code": TOWNSHIP}, "is no county"),
        ({"county_code": "99990"}, "5 digits"),
    ],
)
def test_a_source_that_cannot_be_is_refused_in_words(changes, why):
    with pytest.raises(BadSource, match=why):
        source(**changes)


def test_the_same_document_is_not_recorded_twice():
    source()

    with pytest.raises(BadSource, match="on record already"):
        source()


@pytest.mark.parametrize(
    ("earmark", "why"),
    [
        (NewEarmark(), "binds the money to something"),
        (NewEarmark(dimensions=("love",)), "no dimension love"),
        (NewEarmark(unit_levels=("hamlet",)), "no level hamlet"),
        (NewEarmark(measures=("a b",)), "no code of a measure"),
        (NewEarmark(areas=("99990",)), "no division code"),
        (NewEarmark(areas=(ELSEWHERE,)), "outside the county"),
    ],
)
def test_a_purpose_that_cannot_be_is_refused_in_words(earmark, why):
    with pytest.raises(BadEarmark, match=why):
        source(None, earmark)


def test_sources_are_told_by_year_with_their_purposes():
    source(None, NewEarmark(dimensions=("materials",), areas=(TOWNSHIP, VILLAGE)))
    source(year=2025, received_on=None)
    source(year=2020, received_on=None)
    source(county_code=ELSEWHERE)

    first, second = queries.sources_of(COUNTY, [2025, 2026])

    assert (first.year, first.is_free, first.received_on) == (2025, True, None)
    assert second.amount_fen == 3 * MILLION_FEN
    # A village within a township that is named adds nothing.
    assert second.earmarks == (EarmarkFacts(frozenset({"materials"}), areas=("999901101",)),)


def test_sources_are_read_in_two_statements(django_assert_num_queries):
    for year in range(2020, 2026):
        source(None, NewEarmark(dimensions=("org",)), year=year, received_on=None)

    with django_assert_num_queries(2):
        assert len(queries.sources_of(COUNTY, range(2020, 2026))) == 6


def test_a_withdrawn_source_is_not_allocated_any_more():
    row, officer = source(), frank()

    actions.withdraw_source(actor=officer, source_id=row.pk, expected_version=1, reason="上级收回", at=NOON)

    assert queries.sources_of(COUNTY, [2026]) == []
    with pytest.raises(AlreadyWithdrawn):
        actions.change_source(actor=officer, source_id=row.pk, expected_version=2, changes={"year": 2027}, at=NOON)
    assert source().pk != row.pk


def test_money_is_not_withdrawn_without_a_word():
    row = source()

    with pytest.raises(ReasonMissing):
        actions.withdraw_source(actor=frank(), source_id=row.pk, expected_version=1, reason=" ", at=NOON)


def test_a_change_is_kept_in_the_history_in_yuan():
    row, officer = source(), frank()

    actions.change_source(
        actor=officer, source_id=row.pk, expected_version=1, changes={"amount_fen": 2 * MILLION_FEN}, at=NOON
    )

    entry = history_of("funds.source", row.pk)[0]
    assert (entry.verb, entry.division_code) == ("source changed", COUNTY)
    assert entry.detail == {"amount": {"from": "3,000,000.00", "to": "2,000,000.00"}}


def test_whoever_changes_a_source_second_is_told():
    row, officer = source(), frank()
    actions.replace_earmarks(
        actor=officer, source_id=row.pk, expected_version=1, earmarks=[NewEarmark(("org",))], at=NOON
    )

    with pytest.raises(Conflict):
        actions.add_earmark(
            actor=officer, source_id=row.pk, expected_version=1, earmark=NewEarmark(("digital",)), at=NOON
        )


def test_purposes_are_added_and_taken_away():
    row, officer = source(None, NewEarmark(("org",))), frank()

    row = actions.add_earmark(
        actor=officer, source_id=row.pk, expected_version=1, earmark=NewEarmark(("digital",)), at=NOON
    )
    first = row.earmarks.order_by("pk")[0]
    row = actions.remove_earmark(actor=officer, source_id=row.pk, earmark_id=first.pk, expected_version=2, at=NOON)

    assert [one.dimensions for one in row.earmarks.all()] == [["digital"]]


@pytest.mark.parametrize(
    ("earmark", "allowed"),
    [
        (EarmarkFacts(frozenset({"materials"})), True),
        (EarmarkFacts(frozenset({"digital"})), False),
        (EarmarkFacts(measures=frozenset({"MAT-01"})), True),
        (EarmarkFacts(measures=frozenset({"MAT-02"})), False),
        (EarmarkFacts(areas=("999901101",)), True),
        (EarmarkFacts(areas=("999901102",)), False),
        (EarmarkFacts(unit_levels=frozenset({"village"})), True),
        (EarmarkFacts(unit_levels=frozenset({"township"})), False),
        (EarmarkFacts(frozenset({"materials"}), areas=("999901102",)), False),
    ],
)
def test_a_purpose_covers_what_fits_all_that_it_says(earmark, allowed):
    assert earmark.allows(**CASE) is allowed


PURPOSES = st.builds(
    EarmarkFacts,
    dimensions=st.frozensets(st.sampled_from(["org", "materials"])),
    areas=st.lists(st.sampled_from(["999901101", "999901102"])).map(tuple),
)


@given(st.lists(PURPOSES, min_size=1, max_size=3), PURPOSES)
def test_one_more_purpose_never_narrows_what_a_bound_source_pays_for(purposes, further):
    facts = SourceFacts(1, "", "county", "", 2026, "", 1, None, COUNTY, tuple(purposes))
    wider = replace(facts, earmarks=(*purposes, further))

    assert wider.allows(**CASE) or not facts.allows(**CASE)


def test_the_factory_source_has_a_key_for_frozen_plans():
    row = source()

    assert queries.facts_of(row).key == f"source-{row.pk}"
    assert SOURCE.name == row.name
