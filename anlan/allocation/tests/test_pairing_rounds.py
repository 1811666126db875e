"""A round of pairing: prepared on an assessment, solved, changed by hand, confirmed or dropped."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.tests.factories import COUNTY, alice
from anlan.allocation.actions.pairing import (
    BadConflict,
    BadRound,
    BadWish,
    Wish,
    drop_pairing,
    let_pair_go,
    note_conflict,
    request_pairs,
    strike_conflict,
    wish_pair,
)
from anlan.allocation.actions.pairing_agreements import BadTerms, NoPlaceLeft, Terms, confirm_pairing
from anlan.allocation.actions.pairing_solving import solve_pairing
from anlan.allocation.core.pairing import BadRules, NobodyToPair, PairingRules
from anlan.allocation.core.pairing_bars import ALL_BARRED, HAS_HELPERS, NO_ROAD, TOO_FAR, BadPin
from anlan.allocation.core.pairing_life import BadMove
from anlan.allocation.models import Agreement, PairingConflict, PairingRound, PairingUnit, PairWish, ProposedPair
from anlan.allocation.queries.pairing import newer_assessment
from anlan.allocation.tests.pairs import (
    LAST_VILLAGE,
    NOON,
    RULES,
    STRONG,
    TERMS,
    TODAY,
    WEAK,
    agreements,
    assessed_county,
    assessment_of,
    prepared,
    proposed,
)
from anlan.assessment.tests.county import CLOSES, NEXT_VILLAGE, OPENS, SECOND_VILLAGE, VILLAGE, draft
from anlan.ground.versions import Conflict
from anlan.places.models import Division
from anlan.places.queries import NoRoadNet
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def county(analyst):
    return assessed_county(analyst)


def pairs(row: PairingRound) -> set[tuple[str, str]]:
    return {(pair.helper.code, pair.helped.code) for pair in row.pairs.select_related("helper", "helped")}


def wished(analyst, row, kind, helper, helped, reason="同属一个流域"):
    wish = Wish(kind, helper, helped, reason)
    return wish_pair(actor=analyst, round_id=row.pk, expected_version=row.version, wish=wish, at=NOON)


def solved_again(analyst, row) -> PairingRound:
    return solve_pairing(actor=analyst, round_id=row.pk, at=NOON)


def test_strong_units_help_and_weak_units_are_helped(county, analyst):
    row = prepared(analyst)

    assert set(row.units.filter(side="helper").values_list("code", flat=True)) == set(STRONG)
    assert set(row.units.filter(side="helped").values_list("code", flat=True)) == set(WEAK)
    assert row.assessment_sha256 == county.sha256


def test_a_round_needs_a_published_assessment(analyst):
    with pytest.raises(BadRound, match="no published assessment"):
        prepared(analyst)


def test_two_rounds_have_two_names(county, analyst):
    prepared(analyst)

    with pytest.raises(BadRound, match="named 2027年结对 already"):
        prepared(analyst)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"helped_ceiling": 0.01}, "nobody needs help"),
        ({"helper_floor": 1.0, "strength": "total"}, "strong enough"),
    ],
)
def test_a_side_without_units_is_refused(county, analyst, rules, words):
    with pytest.raises(NobodyToPair, match=words):
        prepared(analyst, replace(RULES, **rules))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"level": "county"}, "none of the choices"),
        ({"helper_floor": 0.0}, "from 1 to 100"),
        ({"helper_floor": 0.5, "helped_ceiling": 0.6}, "could help as well"),
        ({"most_helped": 0}, "from 1 to 9"),
        ({"wanted": 4}, "from 1 to 3"),
        ({"most_km": -1.0}, "from 0.1 to 1000"),
        ({"distance_weight": 2.0}, "from 0 to 1"),
    ],
)
def test_rules_that_cannot_be_are_refused(rules, words):
    with pytest.raises(BadRules, match=words):
        PairingRules(**rules)


def test_the_nearest_pairs_are_found_with_their_reasons(county, analyst):
    row = proposed(analyst)

    assert pairs(row) == {(VILLAGE, SECOND_VILLAGE), (NEXT_VILLAGE, LAST_VILLAGE)}
    assert row.state == "proposed"
    assert row.solution["gap"] == 0
    assert any("points against" in reason[0] for reason in row.pairs.first().reasons)


def test_solving_again_finds_the_same(county, analyst):
    row = proposed(analyst)
    before = dict(row.solution)

    assert solved_again(analyst, row).solution == before


def test_along_roads_without_a_network_is_refused(county, analyst):
    with pytest.raises(NoRoadNet, match="choose straight lines"):
        prepared(analyst, replace(RULES, way="road"))


def test_who_is_too_far_from_every_helper_is_told_so(county, analyst):
    row = proposed(analyst, replace(RULES, most_km=5.0))

    assert pairs(row) == set()
    assert set(row.units.filter(side="helped").values_list("reason", flat=True)) == {TOO_FAR}


def test_a_unit_without_a_place_is_not_paired_but_told(county, analyst):
    Division.objects.filter(code=LAST_VILLAGE).update(boundary=None, outline=None, seat=None)

    row = proposed(analyst)

    assert pairs(row) == {(VILLAGE, SECOND_VILLAGE)}
    assert row.units.get(code=LAST_VILLAGE).reason == NO_ROAD


def test_unknown_distances_are_paired_where_that_is_chosen(county, analyst):
    Division.objects.filter(code=LAST_VILLAGE).update(boundary=None, outline=None, seat=None)

    row = proposed(analyst, replace(RULES, takes_unknown=True))

    assert LAST_VILLAGE in {helped for _helper, helped in pairs(row)}
    assert row.pairs.get(helped__code=LAST_VILLAGE).distance_km is None


def test_a_pinned_pair_is_kept_and_says_why(county, analyst):
    row = proposed(analyst)
    wished(analyst, row, "pin", VILLAGE, LAST_VILLAGE)

    row = solved_again(analyst, row)

    pair = row.pairs.get(helped__code=LAST_VILLAGE)
    assert (pair.helper.code, pair.is_pinned) == (VILLAGE, True)
    assert pair.reasons[0][1] == {"reason": "同属一个流域"}


def test_a_barred_pair_is_not_made(county, analyst):
    row = proposed(analyst)
    wished(analyst, row, "bar", VILLAGE, SECOND_VILLAGE)

    row = solved_again(analyst, row)

    assert (VILLAGE, SECOND_VILLAGE) not in pairs(row)


def test_a_hand_change_sends_the_proposal_back(county, analyst):
    row = proposed(analyst)
    wish = wished(analyst, row, "pin", VILLAGE, LAST_VILLAGE)

    row.refresh_from_db()
    assert row.state == "draft"

    let_pair_go(actor=analyst, round_id=row.pk, wish_id=wish.pk, expected_version=row.version, at=NOON)
    assert not PairWish.objects.exists()


def test_too_many_pins_on_one_helper_are_refused(county, analyst):
    row = prepared(analyst, replace(RULES, most_helped=1))
    for helped in WEAK:
        wished(analyst, row, "pin", VILLAGE, helped)
        row.refresh_from_db()

    with pytest.raises(BadPin, match="can take 1 more, and 2 are pinned"):
        solved_again(analyst, row)


@pytest.mark.parametrize(
    ("helper", "helped", "reason", "words"),
    [
        (SECOND_VILLAGE, LAST_VILLAGE, "近", "on this side"),
        (VILLAGE, NEXT_VILLAGE, "近", "on this side"),
        (VILLAGE, SECOND_VILLAGE, " ", "Say why"),
    ],
)
def test_a_wish_names_units_of_both_sides_and_a_reason(county, analyst, helper, helped, reason, words):
    row = prepared(analyst)

    with pytest.raises(BadWish, match=words):
        wished(analyst, row, "pin", helper, helped, reason)


def test_two_people_do_not_change_a_round_at_once(county, analyst):
    row = prepared(analyst)
    wished(analyst, row, "bar", VILLAGE, SECOND_VILLAGE)

    with pytest.raises(Conflict):
        wished(analyst, row, "bar", VILLAGE, LAST_VILLAGE)


def test_units_in_conflict_are_not_put_together(county, analyst):
    for helper in STRONG:
        note_conflict(actor=analyst, county_code=COUNTY, codes=(SECOND_VILLAGE, helper), reason="水源纠纷", at=NOON)

    row = proposed(analyst)

    assert row.units.get(code=SECOND_VILLAGE).reason == ALL_BARRED
    assert row.units.get(code=SECOND_VILLAGE).reason_values == {"conflict": 2}


def test_a_struck_conflict_binds_nobody(county, analyst):
    noted = note_conflict(actor=analyst, county_code=COUNTY, codes=(SECOND_VILLAGE, VILLAGE), reason="纠纷", at=NOON)

    strike_conflict(actor=analyst, conflict_id=noted.pk, at=NOON)

    assert (VILLAGE, SECOND_VILLAGE) in pairs(proposed(analyst))


@pytest.mark.parametrize(
    ("codes", "reason", "words"),
    [
        ((VILLAGE, VILLAGE), "纠纷", "two different"),
        ((VILLAGE, "999902101201"), "纠纷", "of this county"),
        ((VILLAGE, SECOND_VILLAGE), "", "speaks against"),
    ],
)
def test_a_conflict_is_of_two_units_of_the_county_and_says_why(county, analyst, codes, reason, words):
    with pytest.raises(BadConflict, match=words):
        note_conflict(actor=analyst, county_code=COUNTY, codes=codes, reason=reason, at=NOON)


def test_a_conflict_is_noted_once(county, analyst):
    note_conflict(actor=analyst, county_code=COUNTY, codes=(VILLAGE, SECOND_VILLAGE), reason="纠纷", at=NOON)

    with pytest.raises(BadConflict, match="already"):
        note_conflict(actor=analyst, county_code=COUNTY, codes=(SECOND_VILLAGE, VILLAGE), reason="纠纷", at=NOON)


def test_a_pin_against_a_conflict_is_refused(county, analyst):
    note_conflict(actor=analyst, county_code=COUNTY, codes=(VILLAGE, SECOND_VILLAGE), reason="纠纷", at=NOON)
    row = prepared(analyst)
    wished(analyst, row, "pin", VILLAGE, SECOND_VILLAGE)

    with pytest.raises(BadPin, match="being in conflict"):
        solved_again(analyst, row)


def test_confirming_puts_each_pair_on_both_work_lists(county, analyst):
    made = agreements(analyst)

    lists = set(Task.objects.filter(key__startswith="allocation.pairing:").values_list("division_code", flat=True))
    assert len(made) == 2
    assert lists == {*STRONG, *WEAK}


def test_only_a_proposed_round_is_confirmed(county, analyst):
    row = prepared(analyst)

    with pytest.raises(BadMove, match="solved first"):
        confirm_pairing(actor=analyst, round_id=row.pk, expected_version=row.version, terms=TERMS, at=NOON)


def test_a_confirmed_round_is_not_solved_again(county, analyst):
    row = proposed(analyst)
    agreements(analyst, row)
    row.refresh_from_db()

    with pytest.raises(BadMove, match="confirmed"):
        solved_again(analyst, row)
    with pytest.raises(BadMove, match="confirmed"):
        request_pairs(actor=analyst, round_id=row.pk, expected_version=row.version, at=NOON)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(TODAY.replace(month=11), 1, 4), "before today"),
        (Terms(TODAY, 4, 4), "1 to 3 years"),
        (Terms(TODAY, 1, 0), "1 to 12 visits"),
    ],
)
def test_terms_that_cannot_be_are_refused(county, analyst, terms, words):
    row = proposed(analyst)

    with pytest.raises(BadTerms, match=words):
        agreements(analyst, row, terms)


def test_a_helper_is_not_loaded_beyond_its_limit_by_two_rounds(county, analyst):
    rules = replace(RULES, most_helped=1)
    first, second = proposed(analyst, rules), proposed(analyst, rules, name="第二轮")
    agreements(analyst, first)

    with pytest.raises(NoPlaceLeft, match="helps 1 units already"):
        agreements(analyst, second)


def test_who_has_helpers_wants_no_more(county, analyst):
    agreements(analyst)

    row = proposed(analyst, name="第二轮")

    assert pairs(row) == set()
    assert set(row.units.filter(side="helped").values_list("reason", flat=True)) == {HAS_HELPERS}


def test_a_dropped_round_stays_to_be_read(county, analyst):
    row = proposed(analyst)

    dropped = drop_pairing(actor=analyst, round_id=row.pk, expected_version=row.version, at=NOON)

    assert dropped.state == "dropped"
    with pytest.raises(BadMove, match="dropped"):
        solved_again(analyst, row)


def test_a_newer_assessment_is_noticed(county, analyst):
    row = proposed(analyst)
    later = draft(name="2027年度摸底", opens_on=OPENS.replace(year=2027), closes_on=CLOSES.replace(year=2027))
    newer = assessment_of(later)

    assert newer_assessment(row) == newer
    agreements(analyst, row)
    row.refresh_from_db()
    assert row.solution["newer"] == "2027年度摸底"


def test_the_database_holds_what_a_round_is(county, analyst):
    row = prepared(analyst)
    faults = {
        "pairing_round_state_is_known": {"state": "lost"},
        "pairing_round_proposed_was_solved": {"state": "proposed"},
        "pairing_round_confirmed_has_its_time": {"confirmed_at": NOON},
        "pairing_round_county_is_a_code": {"county_code": "青岚县"},
    }
    for name, change in faults.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PairingRound.objects.filter(pk=row.pk).update(**change)


def test_the_database_holds_what_units_pairs_and_conflicts_are(county, analyst):
    row = proposed(analyst)
    wished(analyst, row, "bar", VILLAGE, SECOND_VILLAGE)
    note_conflict(actor=analyst, county_code=COUNTY, codes=(VILLAGE, SECOND_VILLAGE), reason="纠纷", at=NOON)
    faults = {
        "pairing_unit_side_is_known": (PairingUnit, {"side": "both"}),
        "pairing_unit_once": (PairingUnit, {"code": VILLAGE}),
        "proposed_pair_distance_from_0": (ProposedPair, {"distance_km": -1}),
        "pair_wish_kind_is_known": (PairWish, {"kind": "hope"}),
        "pair_wish_says_why": (PairWish, {"reason": ""}),
        "pairing_conflict_in_order": (PairingConflict, {"other_code": "100000000000"}),
        "pairing_conflict_says_why": (PairingConflict, {"reason": ""}),
    }
    for name, (model, change) in faults.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.update(**change)
    assert Agreement.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("pairing_round_name_once", PairingRound),
        ("proposed_pair_once", ProposedPair),
        ("pair_wish_once", PairWish),
        ("pairing_conflict_once", PairingConflict),
    ],
)
def test_the_database_holds_each_of_them_once(county, analyst, name, model):
    row = proposed(analyst)
    wished(analyst, row, "bar", VILLAGE, SECOND_VILLAGE)
    note_conflict(actor=analyst, county_code=COUNTY, codes=(VILLAGE, SECOND_VILLAGE), reason="纠纷", at=NOON)
    found = model.objects.first()
    found.pk = None

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        found.save()
