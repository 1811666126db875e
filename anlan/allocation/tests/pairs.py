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
from anlan.assessment.models import Assessment
from anlan.assessment.tests.assessed import published
from anlan.assessment.tests.county import FIRST, MORNING, NEXT_VILLAGE, ROWS, SECOND_VILLAGE, VILLAGE
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


def uneven(unit: str, leaf) -> float | None:
    """Two villages near their targets, two far from them; everything else in between."""
    return SHARES.get(unit, 0.65)


def assessed_county(actor) -> Assessment:
    """Return the published assessment of the county whose villages have a place on the map."""
    found = published(actor, uneven)
    rows = [replace(row, boundary=square(*PLACES[row.code], 0.1, 0.1), seat=None) for row in ROWS if row.code in PLACES]
    load_divisions(actor=None, rows=rows, valid_from=FIRST, at=MORNING)
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
