from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, bob
from anlan.places import queries
from anlan.places.actions import (
    BadSuccession,
    Heir,
    merge_divisions,
    recode_division,
    rename_division,
    split_division,
)
from anlan.places.models import Division, SuccessorLink
from anlan.places.tests.factories import OTHER_TOWNSHIP, OTHER_VILLAGE, load

pytestmark = pytest.mark.django_db
THEN = date(2026, 7, 1)
BEFORE = date(2026, 6, 30)
HEIR = Heir(OTHER_TOWNSHIP, "枫溪镇")


@pytest.fixture(autouse=True)
def county():
    load()


def merge(codes=(TOWNSHIP, OTHER_TOWNSHIP), heir=HEIR) -> Division:
    return merge_divisions(actor=None, codes=codes, heir=heir, on=THEN, at=NOON)


def names(prefix: str, on: date) -> list[str]:
    return [f"{unit.code[6:]} {unit.name}" for unit in queries.units_within(prefix, on)][1:]


def test_a_merger_adds_up_and_keeps_the_past():
    merged = merge()

    assert (merged.population, merged.households, merged.area_km2) == (4000, 1200, 400.0)
    assert merged.boundary.area == pytest.approx(0.04)
    assert queries.division_at(TOWNSHIP, BEFORE).name == "柳溪镇"
    with pytest.raises(queries.NoDivision):
        queries.division_at(TOWNSHIP, THEN)


def test_villages_of_a_merged_township_get_codes_under_the_new_one():
    merge()

    # Numbers 201 and 202 are taken under the new township: the next free ones follow.
    assert names("999901", THEN) == [
        "102000 枫溪镇",
        "102200 柳溪村",
        "102201 枫渡村",
        "102202 芦塘村",
        "102203 竹坞村",
    ]


def test_the_county_keeps_its_people_through_a_merger():
    def people(on):
        return sum(unit.population for unit in queries.units_within("999901", on) if unit.level == "village")

    merge()

    assert people(BEFORE) == people(THEN) == 4000


def test_last_rounds_units_are_found_again_through_their_links():
    merged = merge()
    renamed = rename_division(actor=None, code=OTHER_TOWNSHIP, name="双溪镇", on=date(2026, 9, 1), at=NOON)

    assert queries.predecessors_of([merged.pk], BEFORE) == {merged.pk: [(TOWNSHIP, 1.0), (OTHER_TOWNSHIP, 1.0)]}
    assert queries.predecessors_of([renamed.pk], BEFORE) == {renamed.pk: [(TOWNSHIP, 1.0), (OTHER_TOWNSHIP, 1.0)]}
    assert [part.name for part in queries.successors_of(TOWNSHIP)] == ["枫溪镇"]


def test_expired_codes_say_what_took_over():
    merge()

    assert queries.expired_within("999901", THEN) == {TOWNSHIP: "枫溪镇", VILLAGE: "柳溪村", OTHER_VILLAGE: "竹坞村"}
    assert queries.expired_within("999901", BEFORE) == {}


def test_a_split_shares_the_figures_and_the_villages():
    first, second = split_division(
        actor=None,
        code=TOWNSHIP,
        heirs=[Heir(TOWNSHIP, "柳溪镇", 0.6, (VILLAGE,)), Heir("999901103000", "竹坞乡", 0.4, (OTHER_VILLAGE,))],
        on=THEN,
        at=NOON,
    )

    assert (first.population, second.population) == (1500, 1000)
    assert names("999901103", THEN) == ["103202 竹坞村"]
    assert queries.predecessors_of([second.pk]) == {second.pk: [(TOWNSHIP, 0.4)]}


def test_a_new_code_takes_what_lies_within_along():
    recode_division(actor=None, code=TOWNSHIP, new_code="999901001000", on=THEN, at=NOON)

    assert names("999901001", THEN) == ["001201 柳溪村", "001202 竹坞村"]


def test_posts_follow_their_township():
    officer = bob()

    merge()

    held = officer.postings.held_on(THEN).values_list("area_code", flat=True)
    assert list(held) == [OTHER_TOWNSHIP]
    assert list(officer.postings.held_on(BEFORE).values_list("area_code", flat=True)) == [TOWNSHIP]


@pytest.mark.parametrize(
    ("codes", "heir", "reason"),
    [
        ((TOWNSHIP,), Heir(TOWNSHIP, "柳溪镇"), "at least two divisions"),
        ((TOWNSHIP, VILLAGE), Heir(TOWNSHIP, "柳溪镇"), "different levels"),
        ((TOWNSHIP, OTHER_TOWNSHIP), Heir("999902101000", "柳溪镇"), "different counties"),
        ((VILLAGE, OTHER_VILLAGE), Heir("999901102201", "柳溪村"), "is taken"),
        ((VILLAGE, OTHER_VILLAGE), Heir("999901109201", "柳溪村"), "is not on record"),
        ((VILLAGE, "999901101299"), Heir(VILLAGE, "柳溪村"), "There is no division 999901101299 on 2026-07-01"),
        ((COUNTY, TOWNSHIP), Heir(COUNTY, "青岚县"), "Only townships and villages"),
    ],
)
def test_what_cannot_be_merged_is_refused(codes, heir, reason):
    with pytest.raises(BadSuccession, match=reason):
        merge(codes, heir)

    assert not SuccessorLink.objects.exists()


@pytest.mark.parametrize(
    ("heirs", "reason"),
    [
        ([Heir(TOWNSHIP, "甲", 0.5, (VILLAGE,)), Heir("999901103000", "乙", 0.4, (OTHER_VILLAGE,))], "sum to 0.900"),
        ([Heir(TOWNSHIP, "甲", 0.5, (VILLAGE,)), Heir("999901103000", "乙", 0.5)], f"look at {OTHER_VILLAGE}"),
        ([Heir(TOWNSHIP, "甲", 1.0, (VILLAGE, OTHER_VILLAGE))], "at least two parts"),
    ],
)
def test_what_cannot_be_split_is_refused(heirs, reason):
    with pytest.raises(BadSuccession, match=reason):
        split_division(actor=None, code=TOWNSHIP, heirs=heirs, on=THEN, at=NOON)


def test_a_name_that_stays_is_no_renaming():
    with pytest.raises(BadSuccession, match="bears this name already"):
        rename_division(actor=None, code=TOWNSHIP, name="柳溪镇", on=THEN, at=NOON)


def test_shares_never_sum_to_more_than_the_whole():
    source, first, second = Division.objects.order_by("code")[:3]

    def link(*shares: float) -> None:
        with transaction.atomic():
            for successor, share in zip((first, second), shares, strict=True):
                SuccessorLink.objects.create(division=source, successor=successor, share=share)
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="are more than the whole"):
        link(0.7, 0.4)
