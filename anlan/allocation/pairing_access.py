"""The doors of pairing: rounds are the county's; an agreement opens to both its units and those above them."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.accounts.queries import Scope
from anlan.allocation.models import Agreement, Duty, PairingConflict, PairingRound, Side, Visit
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level
from anlan.places import queries as places
from anlan.web.http import Person


def scope_to_read(person: Person) -> Scope:
    """Return where the person reads agreements.

    Raises:
        Http404: nowhere.
    """
    scope = accounts.scope_of(person, "pairing.read")
    if not scope.grants:
        raise Http404
    return scope


def counties_with(person: Person, capability: str) -> list[tuple[str, str]]:
    """Return code and name of every county that the person holds the capability over as a whole."""
    prefixes = accounts.scope_of(person, capability).prefixes
    whole = [prefix for prefix in prefixes if len(prefix) <= PREFIX_LENGTH[Level.COUNTY]]
    codes = [prefix.ljust(LENGTH, "0") for prefix in whole if len(prefix) == PREFIX_LENGTH[Level.COUNTY]]
    return places.names_of(codes)


def county_to_pair(person: Person, county_code: str) -> str:
    """Return the county's code for whoever manages its pairs.

    Raises:
        Http404: the person does not.
    """
    if not person.can("pairing.manage", county_code):
        raise Http404
    return county_code


def pairing_round_for(person: Person, round_id: int, capability: str = "pairing.read") -> PairingRound:
    """Return a round for whoever sees the whole county.

    Raises:
        Http404: it does not exist, or the person sees a part of the county only.
    """
    found = PairingRound.objects.select_related("assessment__round").filter(pk=round_id).first()
    if found is None or not person.can(capability, found.county_code):
        raise Http404
    return found


def conflict_to_manage(person: Person, conflict_id: int) -> PairingConflict:
    """Return a noted conflict for whoever manages the county's pairs.

    Raises:
        Http404: it does not exist, or the person does not.
    """
    found = PairingConflict.objects.filter(pk=conflict_id).first()
    if found is None:
        raise Http404
    county_to_pair(person, found.county_code)
    return found


def agreement_for(person: Person, agreement_id: int) -> Agreement:
    """Return an agreement for the people of either unit and of those above them.

    Raises:
        Http404: it does not exist, or neither unit is the person's.
    """
    found = Agreement.objects.filter(pk=agreement_id).first()
    scope = accounts.scope_of(person, "pairing.read")
    if found is None or not (scope.covers(found.helper_code) or scope.covers(found.helped_code)):
        raise Http404
    return found


def agreement_to_manage(person: Person, agreement_id: int) -> Agreement:
    """Return an agreement for whoever manages the county's pairs.

    Raises:
        Http404: as `agreement_for`, or the person does not.
    """
    found = agreement_for(person, agreement_id)
    county_to_pair(person, found.county_code)
    return found


def sides_of(person: Person, agreement: Agreement) -> list[str]:
    """Return the sides of an agreement that the person acts for."""
    return [side.value for side in Side if person.can("pairing.act", agreement.code_of(side))]


def agreement_of_side(person: Person, agreement_id: int, side: str) -> Agreement:
    """Return an agreement for whoever acts for that side.

    Raises:
        Http404: as `agreement_for`, there is no such side, or the person does not act for it.
    """
    found = agreement_for(person, agreement_id)
    if side not in sides_of(person, found):
        raise Http404
    return found


def follows(person: Person, agreement: Agreement) -> bool:
    """Tell whether the person writes down what happens under an agreement: for either side, or for the county."""
    return bool(sides_of(person, agreement)) or person.can("pairing.manage", agreement.county_code)


def agreement_to_follow(person: Person, agreement_id: int) -> Agreement:
    """Return an agreement for whoever writes down what happens under it.

    Raises:
        Http404: as `agreement_for`, or the person only reads.
    """
    found = agreement_for(person, agreement_id)
    if not follows(person, found):
        raise Http404
    return found


def duty_for(person: Person, duty_id: int) -> Duty:
    """Return a task or deliverable of an agreement that the person follows.

    Raises:
        Http404: it does not exist, or is not the person's.
    """
    found = Duty.objects.select_related("agreement").filter(pk=duty_id).first()
    if found is None:
        raise Http404
    agreement_to_follow(person, found.agreement_id)
    return found


def may_deliver(person: Person, duty: Duty) -> bool:
    """Tell whether the person acts for the side that owes it."""
    return duty.side in sides_of(person, duty.agreement)


def may_accept(person: Person, duty: Duty) -> bool:
    """Tell whether the person acts for the side that it is owed to."""
    return any(side != duty.side for side in sides_of(person, duty.agreement))


def duty_to_deliver(person: Person, duty_id: int) -> Duty:
    """Return what the person's side owes.

    Raises:
        Http404: as `duty_for`, or the other side owes it.
    """
    found = duty_for(person, duty_id)
    if not may_deliver(person, found):
        raise Http404
    return found


def duty_to_accept(person: Person, duty_id: int) -> Duty:
    """Return what the person's side is owed.

    Raises:
        Http404: as `duty_for`, or it is owed to the other side.
    """
    found = duty_for(person, duty_id)
    if not may_accept(person, found):
        raise Http404
    return found


def duty_to_strike(person: Person, duty_id: int) -> Duty:
    """Return what the person's side is owed, or anything for whoever manages the county's pairs.

    Raises:
        Http404: as `duty_for`, or only the side that owes it is the person's.
    """
    found = duty_for(person, duty_id)
    if not (may_accept(person, found) or person.can("pairing.manage", found.agreement.county_code)):
        raise Http404
    return found


def visit_for(person: Person, visit_id: int) -> Visit:
    """Return a visit through its agreement's door.

    Raises:
        Http404: it does not exist, or neither unit is the person's.
    """
    found = Visit.objects.select_related("agreement").filter(pk=visit_id).first()
    if found is None:
        raise Http404
    agreement_for(person, found.agreement_id)
    return found
