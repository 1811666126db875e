"""Siting studies: what is asked, what is found, what becomes of it."""

import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice
from anlan.allocation.actions import siting as actions
from anlan.allocation.actions import siting_adoption
from anlan.allocation.actions.siting import NoRoads
from anlan.allocation.actions.siting_adoption import AlreadyAdopted, NoReason, NothingNew
from anlan.allocation.core.siting_answer import curve_counts
from anlan.allocation.core.siting_measure import NoSuchMeasure
from anlan.allocation.core.siting_study import BadMove, BadSiting, Candidates, Question, Way, Weighing
from anlan.allocation.models import Siting, SitingPoint, SitingVillage
from anlan.allocation.queries.siting import fitting_measures, pinned_of, settings_of
from anlan.allocation.queries.siting_pages import changed_since
from anlan.allocation.tests.siting_county import ISLAND, MAPLE, POINTS, begun, county, solved
from anlan.ground.audit import history_of
from anlan.ground.versions import Conflict
from anlan.places.models import Division
from anlan.places.tests.factories import OTHER_VILLAGE
from anlan.stores.core.values import SiteRow
from anlan.stores.models import Site
from anlan.stores.tests.factories import site

pytestmark = pytest.mark.django_db
VILLAGE_STORE, TOWNSHIP_STORE = "M-MAT-V-01", "M-MAT-T-01"


@pytest.fixture(autouse=True)
def places(db):
    county(with_rules=True)


@pytest.fixture
def planner():
    return alice()


def where(row: Siting) -> dict[str, str]:
    """Return the point that each village goes to, by code."""
    return dict(row.villages.exclude(point=None).values_list("code", "point__code"))


def absences(row: Siting) -> dict[str, str]:
    return dict(row.villages.exclude(absence="").values_list("code", "absence"))


def test_one_point_covers_the_most_people(planner):
    row = solved(planner)

    # From the middle village 1500 + 1000 of 4000 people are within 20 minutes by road.
    assert list(row.places.values_list("code", flat=True)) in ([VILLAGE], [OTHER_VILLAGE])
    assert row.figures["share"] == pytest.approx(2500 / 4000)
    assert row.figures["points"] == row.figures["new"] == 1
    assert history_of("allocation.siting", row.pk)[0].verb == "siting solved"


def test_an_island_is_named_and_counted_among_those_who_are_not_near(planner):
    row = solved(planner, points=2)

    assert absences(row)[ISLAND] == "island"
    assert row.figures["total"] == 4000.0
    assert row.figures["share"] == pytest.approx(3400 / 4000)


def test_the_fewest_points_reach_the_share_that_is_wanted(planner):
    row = solved(planner, question=Question.FEWEST_POINTS, points=None, share=0.85)

    assert row.figures["points"] == 2
    assert row.figures["gap"] == 0.0
    assert set(where(row)) == {VILLAGE, OTHER_VILLAGE, MAPLE}


def test_a_share_that_nobody_can_reach_is_refused_with_the_share_that_can_be(planner):
    asked = {"question": Question.FEWEST_POINTS, "points": None, "share": 0.95}

    with pytest.raises(BadSiting, match=r"only 85\.0 % are within 20 minutes, 95\.0 % are wanted"):
        solved(planner, **asked, candidates=Candidates.CHOSEN, chosen=(VILLAGE, OTHER_VILLAGE, MAPLE))


def test_straight_lines_reach_the_island_because_somebody_chose_them(planner):
    row = solved(planner, question=Question.FEWEST_POINTS, points=None, share=1.0, way=Way.STRAIGHT_CAR)

    assert absences(row) == {}


def test_the_least_travel_has_the_mean_way_of_its_points(planner):
    row = solved(planner, question=Question.LEAST_TRAVEL, points=4)

    assert row.figures["mean_minutes"] == pytest.approx(0.0)
    assert row.figures["worst_minutes"] == 0.0
    assert [each["points"] for each in row.curve] == [1, 2, 3, 4]
    means = [each["mean_minutes"] for each in row.curve]
    assert means == sorted(means, reverse=True)


def test_points_that_stand_are_kept_and_closed_ones_are_not(planner):
    site(name="枫渡储备点", division_code=MAPLE, longitude=109.15, latitude=28.15)
    site(name="旧库", is_open=False)

    row = solved(planner, points=2)

    assert dict(row.places.values_list("name", "is_existing"))["枫渡储备点"] is True
    assert row.figures["existing"] == row.figures["new"] == 1


def test_fewer_points_than_stand_are_refused(planner):
    site(division_code=MAPLE)
    site(division_code=VILLAGE)

    with pytest.raises(BadSiting, match="1 points are asked for, but 2 stand already"):
        solved(planner)


def test_more_points_than_places_are_refused(planner):
    with pytest.raises(BadSiting, match="only 4 places"):
        solved(planner, points=5)


def test_households_villages_and_people_in_hazard_count_differently(planner):
    Division.objects.filter(code=MAPLE).update(hazards=["river"])
    by = {weighing: solved(planner, name=weighing.value, weighing=weighing).figures["total"] for weighing in Weighing}

    assert by == {"people": 4000.0, "villages": 4.0, "households": 1200.0, "hazard_people": 900.0}


def test_a_village_whose_people_nobody_counted_is_left_aside_and_named(planner):
    Division.objects.filter(code=MAPLE).update(population=None, households=None)

    row = solved(planner)

    assert absences(row)[MAPLE] == "no_count"
    assert row.figures["total"] == 3100.0


def test_a_village_without_a_place_is_named(planner):
    Division.objects.filter(code=MAPLE).update(seat=None, boundary=None)

    assert absences(solved(planner))[MAPLE] == "no_place"


def test_candidates_are_villages_townships_or_chosen_units(planner):
    townships = solved(planner, name="乡镇", candidates=Candidates.TOWNSHIPS, way=Way.STRAIGHT_CAR)
    chosen = solved(planner, name="自选", candidates=Candidates.CHOSEN, chosen=(MAPLE,))

    assert townships.figures["candidates"] == 2
    assert list(chosen.places.values_list("code", flat=True)) == [MAPLE]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"points": None}, "points"),
        ({"points": 0}, "points"),
        ({"question": Question.FEWEST_POINTS}, "share"),
        ({"question": Question.FEWEST_POINTS, "share": 1.5}, "share"),
        ({"question": Question.ENOUGH_ROOM, "kind": "emergency"}, "capacity"),
        ({"question": Question.ENOUGH_ROOM, "capacity": 10, "cost_fen": 1}, "kind"),
        ({"question": Question.ENOUGH_ROOM, "kind": "emergency", "capacity": 0, "cost_fen": 1}, "capacity"),
        (
            {
                "question": Question.ENOUGH_ROOM,
                "kind": "emergency",
                "capacity": 9,
                "cost_fen": 1,
                "weighing": Weighing.VILLAGES,
            },
            "weighing",
        ),
        ({"within_minutes": 0.0}, "within_minutes"),
        ({"within_minutes": float("nan")}, "within_minutes"),
        ({"candidates": Candidates.CHOSEN}, "chosen"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_its_field(planner, changes, field):
    with pytest.raises(BadSiting) as refused:
        begun(planner, **changes)

    assert refused.value.values["field"] == field


def test_a_county_has_a_study_of_a_name_once(planner):
    begun(planner)

    with pytest.raises(BadSiting, match="has a study 储备点选址 already"):
        begun(planner)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"name": ""}, "siting_has_a_name"),
        ({"county_code": TOWNSHIP}, "siting_county_is_a_code"),
        ({"kind": "tent"}, "siting_kind_is_known"),
        ({"status": "lost"}, "siting_status_is_known|siting_solved_has_a_hash"),
        ({"way": "boat"}, "siting_way_is_known"),
        ({"within_minutes": 0}, "siting_minutes_above_0"),
        ({"points": None}, "siting_question_has_its_number"),
        ({"status": "solved"}, "siting_solved_has_a_hash"),
        ({"sha256": "a" * 64}, "siting_solved_has_a_hash"),
    ],
)
def test_a_study_that_cannot_be_is_not_stored(planner, changes, constraint):
    row = begun(planner)

    with pytest.raises(IntegrityError, match=constraint):
        Siting.objects.filter(pk=row.pk).update(**changes)


def test_an_adopted_study_names_its_measure(planner):
    row = solved(planner)

    with pytest.raises(IntegrityError, match="siting_adopted_names_a_measure"):
        Siting.objects.filter(pk=row.pk).update(status="adopted")


@pytest.mark.parametrize(
    ("model", "changes", "constraint"),
    [
        (SitingPoint, {"code": "99"}, "siting_point_code_is_a_code"),
        (SitingPoint, {"load": -1}, "siting_point_load_not_below_0"),
        (SitingPoint, {"mean_minutes": 9, "worst_minutes": 1}, "siting_point_worst_is_worst"),
        (SitingPoint, {"mean_minutes": 9, "worst_minutes": None}, "siting_point_worst_is_worst"),
        (SitingVillage, {"absence": "lazy"}, "siting_village_absence_is_known"),
        (SitingVillage, {"point": None, "absence": ""}, "siting_village_goes_or_says_why"),
        (SitingVillage, {"minutes": None, "absence": ""}, "siting_village_goes_or_says_why"),
        (SitingVillage, {"weight": -1}, "siting_village_weight_not_below_0"),
    ],
)
def test_an_answer_that_cannot_be_is_not_stored(planner, model, changes, constraint):
    solved(planner)

    with pytest.raises(IntegrityError, match=constraint):
        model.objects.update(**changes)


def test_the_question_is_changed_until_it_is_solved(planner):
    row = begun(planner)
    changed = actions.change_siting(
        actor=planner, siting_id=row.pk, expected_version=1, settings=settings_of(row, points=2), at=NOON
    )

    assert (changed.points, changed.version) == (2, 2)
    with pytest.raises(Conflict):
        actions.change_siting(actor=planner, siting_id=row.pk, expected_version=1, settings=POINTS, at=NOON)
    actions.solve_siting(actor=planner, siting_id=row.pk, expected_version=2, at=NOON)
    with pytest.raises(BadMove, match="stays as it is"):
        actions.change_siting(actor=planner, siting_id=row.pk, expected_version=3, settings=POINTS, at=NOON)


def test_a_question_that_was_changed_meanwhile_is_not_solved(planner):
    row = begun(planner)
    actions.change_siting(
        actor=planner, siting_id=row.pk, expected_version=1, settings=settings_of(row, points=2), at=NOON
    )

    with pytest.raises(Conflict):
        actions.solve_siting(actor=planner, siting_id=row.pk, expected_version=1, at=NOON)


def test_a_task_that_runs_twice_solves_once(planner):
    row = solved(planner)

    again = actions.solve_siting(actor=planner, siting_id=row.pk, expected_version=1, at=NOON)

    assert again.version == row.version
    assert row.villages.count() == 4


def test_the_same_question_has_the_same_hash_and_answer(planner):
    first = solved(planner)
    copied = actions.copy_siting(actor=planner, siting_id=first.pk, name=first.name, at=NOON)
    Siting.objects.filter(pk=first.pk).update(name="旧名")
    actions.change_siting(
        actor=planner, siting_id=copied.pk, expected_version=1, settings=settings_of(copied, name=POINTS.name), at=NOON
    )

    second = actions.solve_siting(actor=planner, siting_id=copied.pk, expected_version=2, at=NOON)

    assert copied.name == "储备点选址 2"
    assert second.sha256 == first.sha256
    assert where(second) == where(first)


def test_without_roads_the_way_out_is_straight_lines(planner):
    from anlan.places.models import RoadNet

    RoadNet.objects.all().delete()
    row = begun(planner)

    with pytest.raises(NoRoads, match="straight lines"):
        actions.request_solution(actor=planner, siting_id=row.pk, expected_version=1, at=NOON)


def test_a_study_that_was_never_solved_is_thrown_away(planner):
    row = begun(planner)
    actions.discard_siting(actor=planner, siting_id=row.pk, expected_version=1, at=NOON)

    assert not Siting.objects.exists()
    row = solved(planner)
    with pytest.raises(BadMove):
        actions.discard_siting(actor=planner, siting_id=row.pk, expected_version=2, at=NOON)


def adopt(planner, row: Siting, measure: str = VILLAGE_STORE) -> Siting:
    return siting_adoption.adopt_siting(
        actor=planner, siting_id=row.pk, expected_version=row.version, measure_code=measure, at=NOON
    )


def any_measure(row: Siting, level: str) -> str:
    return next(measure.code for measure in fitting_measures(row) if measure.level == level)


def test_an_adopted_study_pins_its_measure_at_the_units_of_its_new_points(planner):
    site(name="枫渡储备点", division_code=MAPLE, longitude=109.15, latitude=28.15)
    row = solved(planner, points=2)
    measure = any_measure(row, "village")

    adopt(planner, row, measure)

    new = row.places.get(is_existing=False)
    assert pinned_of(COUNTY) == {(new.code, measure): 1}
    assert history_of("allocation.siting", row.pk)[0].verb == "siting adopted"


def test_a_measure_of_townships_is_pinned_at_the_township_of_the_village(planner):
    row = solved(planner)
    measure = any_measure(row, "township")

    adopt(planner, row, measure)

    assert pinned_of(COUNTY) == {(TOWNSHIP, measure): 1}


def test_a_measure_that_the_catalogue_lacks_is_refused(planner):
    with pytest.raises(NoSuchMeasure, match="no measure M-X"):
        adopt(planner, solved(planner), "M-X")


def test_a_measure_of_villages_is_not_had_at_a_township(planner):
    row = solved(planner, candidates=Candidates.TOWNSHIPS, way=Way.STRAIGHT_CAR)
    village_measure = any_measure(solved(planner, name="村"), "village")

    with pytest.raises(NoSuchMeasure, match="measure of villages"):
        adopt(planner, row, village_measure)


def test_more_points_in_a_unit_than_the_measure_allows_are_refused(planner):
    row = solved(planner, points=4)
    single = any_measure(solved(planner, name="一个"), "township")

    with pytest.raises(NoSuchMeasure, match="1 to 1 pieces in a unit; 2 points lie in"):
        adopt(planner, row, single)


def test_a_study_whose_points_all_stand_has_nothing_to_plan(planner):
    site(name="枫渡储备点", division_code=MAPLE, longitude=109.15, latitude=28.15)

    with pytest.raises(NothingNew):
        adopt(planner, solved(planner, points=1))


def test_one_study_of_a_kind_is_in_the_plan(planner):
    first, second = solved(planner), solved(planner, name="另一个")
    measure = any_measure(first, "village")
    adopt(planner, first, measure)

    with pytest.raises(AlreadyAdopted, match="储备点选址"):
        adopt(planner, second, measure)
    with pytest.raises(IntegrityError, match="siting_one_adopted_a_kind"), transaction.atomic():
        Siting.objects.filter(pk=second.pk).update(status="adopted", measure_code="M", adopted_at=NOON)


def test_a_draft_is_not_adopted_and_nothing_twice(planner):
    with pytest.raises(BadMove, match="Only a solved study"):
        adopt(planner, begun(planner))
    row = adopt(planner, solved(planner, name="二"), any_measure(solved(planner, name="三"), "village"))
    with pytest.raises(BadMove):
        adopt(planner, row)


def test_nobody_adopts_or_withdraws_what_somebody_changed_meanwhile(planner):
    row = solved(planner)
    seen = {"actor": planner, "siting_id": row.pk, "expected_version": row.version - 1, "at": NOON}

    with pytest.raises(Conflict):
        siting_adoption.adopt_siting(**seen, measure_code=any_measure(row, "village"))
    with pytest.raises(Conflict):
        siting_adoption.withdraw_siting(**seen, reason="另选")


def test_a_withdrawn_study_pins_nothing_and_says_why(planner):
    row = solved(planner)
    adopt(planner, row, any_measure(row, "village"))
    row.refresh_from_db()

    with pytest.raises(NoReason):
        withdraw(planner, row, " ")
    withdraw(planner, row, "改为租用")

    row.refresh_from_db()
    assert (row.status, row.reason) == ("withdrawn", "改为租用")
    assert pinned_of(COUNTY) == {}


def withdraw(planner, row: Siting, reason: str) -> Siting:
    return siting_adoption.withdraw_siting(
        actor=planner, siting_id=row.pk, expected_version=row.version, reason=reason, at=NOON
    )


def test_a_point_that_is_opened_as_a_site_is_pinned_no_more(planner):
    row = solved(planner)
    adopt(planner, row, any_measure(row, "village"))
    point = row.places.get()

    opened = siting_adoption.open_point(actor=planner, point_id=point.pk, name="柳溪储备点", at=NOON)

    assert opened.site.kind == "reserve_point"
    assert opened.site.division_code == point.code
    assert pinned_of(COUNTY) == {}
    with pytest.raises(BadMove, match="only once"):
        siting_adoption.open_point(actor=planner, point_id=point.pk, name="柳溪储备点", at=NOON)


def test_a_study_knows_that_sites_changed_since_it_was_solved(planner):
    kept = site(name="枫渡储备点", division_code=MAPLE, longitude=109.15, latitude=28.15)
    row = solved(planner, points=2)
    adopt(planner, row, any_measure(row, "village"))
    point = row.places.get(is_existing=False)

    siting_adoption.open_point(actor=planner, point_id=point.pk, name="柳溪储备点", at=NOON)
    assert changed_since(row) == 0
    site(name="新库", kind="warehouse")
    assert changed_since(row) == 0
    site(name="另一库")
    assert changed_since(row) == 1
    kept.delete()
    assert changed_since(row) == 2


def test_a_point_of_a_study_that_is_not_in_the_plan_is_not_opened(planner):
    point = solved(planner).places.get()

    with pytest.raises(BadMove):
        siting_adoption.open_point(actor=planner, point_id=point.pk, name="柳溪储备点", at=NOON)
    assert not Site.objects.exists()


SHELTERS = {"kind": "emergency", "question": Question.ENOUGH_ROOM, "points": None, "within_minutes": 60.0}


def test_room_for_everybody_is_found_at_the_least_cost(planner):
    row = solved(planner, **SHELTERS, capacity=2000, cost_fen=1_000_000)

    loads = list(row.places.values_list("load", flat=True))
    assert sum(loads) == 4000.0
    assert max(loads) <= 2000.0
    assert row.figures["cost_fen"] == 1_000_000 * row.figures["new"]


def test_too_little_room_is_refused_with_both_numbers(planner):
    with pytest.raises(BadSiting, match="hold 400 of 4000 people"):
        solved(planner, **SHELTERS, capacity=100, cost_fen=1, is_whole=False)


def test_a_village_larger_than_any_point_is_named_unless_it_may_be_split(planner):
    asked = SHELTERS | {"capacity": 1200, "cost_fen": 100}

    whole = solved(planner, **asked)
    split = solved(planner, name="分流", **asked, is_whole=False)

    assert absences(whole)[VILLAGE] == "too_many"
    assert absences(split) == {}
    parts = split.villages.get(code=VILLAGE).parts
    assert sum(share for _name, share in parts) == pytest.approx(1.0)
    assert max(split.places.values_list("load", flat=True)) <= 1200.0 + 1e-6


def test_where_not_everybody_finds_room_as_many_as_can_do(planner):
    # Two points of 1700: one takes 1500 people, the other 1000 or 900, not both.
    chosen = {"candidates": Candidates.CHOSEN, "chosen": (VILLAGE, MAPLE)}

    row = solved(planner, **SHELTERS, **chosen, capacity=1700, cost_fen=100)

    assert absences(row) == {ISLAND: "island", MAPLE: "full"}


def test_villages_that_fit_nowhere_whole_are_to_be_split(planner):
    with pytest.raises(BadSiting, match="let villages be split"):
        solved(planner, **SHELTERS, capacity=100, cost_fen=1)


def test_a_shelter_whose_room_nobody_knows_is_left_aside(planner):
    site(SiteRow("老礼堂", "emergency", MAPLE, 109.15, 28.15))

    row = solved(planner, **SHELTERS, capacity=4000, cost_fen=1)

    assert row.figures["without_capacity"] == 1
    assert row.figures["existing"] == 0


def test_the_curve_begins_with_what_stands_and_holds_what_was_found():
    assert curve_counts(3, 2, 4) == [2, 3, 4]
    assert 17 in curve_counts(17, 1, 300)
    assert len(curve_counts(100, 0, 300)) <= 13
