"""A county with two strong and two weak villages, its rounds of pairing and agreements; and its cast."""

from dataclasses import replace
from datetime import UTC, date, datetime

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, alice, person
from anlan.allocation.actions.pairing import prepare_pairing
from anlan.allocation.actions.pairing_agreements import Terms, confirm_pairing, confirm_side
from anlan.allocation.actions.pairing_solving import solve_pairing
from anlan.allocation.core.pairing import PairingRules
from anlan.allocation.models import Agreement, PairingRound, Side
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.values import Dimension
from anlan.assessment.models import Assessment, Round, UnitScore
from anlan.assessment.tests.county import FIRST, MORNING, NEXT_VILLAGE, ROWS, SECOND_VILLAGE, VILLAGE, draft
from anlan.assessment.tests.factories import small_system
from anlan.places import queries as places
from anlan.places.actions import load_divisions
from anlan.places.tests.factories import square

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
TODAY = date(2026, 12, 1)
LAST_VILLAGE = "999901102202"
STRONG, WEAK = (VILLAGE, NEXT_VILLAGE), (SECOND_VILLAGE, LAST_VILLAGE)
SHARES = {VILLAGE: 0.95, SECOND_VILLAGE: 0.4, NEXT_VILLAGE: 0.9, LAST_VILLAGE: 0.3}
PLACES = {VILLAGE: (0.0, 0.0), SECOND_VILLAGE: (0.0, 0.1), NEXT_VILLAGE: (0.3, 0.0), LAST_VILLAGE: (0.3, 0.1)}
RULES = PairingRules(helper_floor=0.7, dimension_floor=0.85, helped_ceiling=0.6, way="straight")
TERMS = Terms(TODAY, 1, 4)


def assessed_county(actor=None) -> Assessment:
    """Return the published assessment of a county whose villages have a place; its scores are written, not computed."""
    rows = [replace(row, boundary=square(*PLACES[row.code]) if row.code in PLACES else None, seat=None) for row in ROWS]
    load_divisions(actor=None, rows=rows, valid_from=FIRST, at=MORNING)
    load_system(actor=None, system=small_system(), at=MORNING)
    return assessment_of(draft())


def assessment_of(row: Round) -> Assessment:
    """Return a published assessment of the round in which every village has the same score in each dimension."""
    found = Assessment.objects.create(
        round=row, number=1, method="default", seed=1, content={}, sha256="a" * 64, system_sha256="b" * 64,
        computed_at=MORNING, computed_by_name="", missing_count=0, program_version="", status="published",
        published_at=MORNING,
    )  # fmt: skip
    units = {unit.code: unit for unit in places.units_within(COUNTY[:6], FIRST)}
    UnitScore.objects.bulk_create(
        UnitScore(
            assessment=found, division=units[code], code=code, name=units[code].name, level="village", population=900,
            parent_name=units[code[:9] + "000"].name, score=score, lower=score, upper=score, completeness=1.0,
            is_weak=score < 0.6, detail={}, **{each.value: score for each in Dimension},
        )
        for code, score in SHARES.items()
    )  # fmt: skip
    return found


def prepared(actor, rules: PairingRules = RULES, name: str = "2027年结对") -> PairingRound:
    return prepare_pairing(actor=actor, county_code=COUNTY, name=name, rules=rules, at=NOON)


def proposed(actor, rules: PairingRules = RULES, name: str = "2027年结对") -> PairingRound:
    return solve_pairing(actor=actor, round_id=prepared(actor, rules, name).pk, at=NOON)


def agreements(actor, row: PairingRound | None = None, terms: Terms = TERMS) -> list[Agreement]:
    """Return the agreements that wait for their units."""
    held = row or proposed(actor)
    return confirm_pairing(actor=actor, round_id=held.pk, expected_version=held.version, terms=terms, at=NOON)


def officer(code: str, username: str = ""):
    """Somebody of a village."""
    return person(username or f"v{code[-6:]}", Role.VILLAGE_OFFICER, code)


def active(actor=None, terms: Terms = TERMS) -> Agreement:
    """Return the first village's agreement, confirmed by both sides and begun."""
    leader = actor or alice()
    assessed_county(leader)
    waiting = next(one for one in agreements(leader, terms=terms) if one.helper_code == VILLAGE)
    return both_confirm(waiting)


def both_confirm(agreement: Agreement) -> Agreement:
    for side in Side:
        agreement = confirm_side(
            actor=officer(agreement.code_of(side)),
            agreement_id=agreement.pk,
            side=side.value,
            expected_version=agreement.version,
            at=NOON,
        )
    return agreement
