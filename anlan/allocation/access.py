"""The doors of the allocation: the only way a view gets one of its objects. 404 outside one's divisions."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.allocation.models import Measure, RuleVersion, UnitClass
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level, ancestor_at, level_of
from anlan.places import queries as places
from anlan.web.http import Person


def counties_of(person: Person, capability: str = "allocation.read") -> list[tuple[str, str]]:
    """Return code and name of every county that the person reaches into with the capability."""
    codes: dict[str, None] = {}
    for prefix in accounts.scope_of(person, capability).prefixes:
        if len(prefix) >= PREFIX_LENGTH[Level.COUNTY]:
            codes[ancestor_at(prefix.ljust(LENGTH, "0"), Level.COUNTY)] = None
        else:
            within = places.names_within(prefix)
            codes |= dict.fromkeys(code for code, _name in within if level_of(code) is Level.COUNTY)
    return places.names_of(codes)


def county_for(person: Person, wanted: str = "", capability: str = "allocation.read") -> str:
    """Return the code of the county that is wanted, the person's first where none is.

    Raises:
        Http404: the person reaches into no such county.
    """
    codes = [code for code, _name in counties_of(person, capability)]
    if not codes or (wanted and wanted not in codes):
        raise Http404
    return wanted or codes[0]


def rule_version_for(person: Person, version_id: int, capability: str = "allocation.read") -> RuleVersion:
    """Return a version of a county's rules for whoever answers for the county or for something inside it.

    Raises:
        Http404: it does not exist, or belongs to another county.
    """
    found = RuleVersion.objects.filter(pk=version_id).first()
    if found is None or not accounts.scope_of(person, capability).reaches(found.county_code):
        raise Http404
    return found


def draft_for(person: Person, version_id: int) -> RuleVersion:
    """Return a version for whoever writes the whole county's rules; the actions refuse one that is no draft.

    Raises:
        Http404: it does not exist, or the person does not write them.
    """
    found = rule_version_for(person, version_id, "allocation.rules")
    if not person.can("allocation.rules", found.county_code):
        raise Http404
    return found


def writes_rules(person: Person, county_code: str) -> bool:
    """Tell whether the person writes the county's rules."""
    return person.can("allocation.rules", county_code)


def county_to_rule(person: Person, county_code: str) -> str:
    """Return the county's code for whoever writes its rules.

    Raises:
        Http404: the person does not.
    """
    if not writes_rules(person, county_code):
        raise Http404
    return county_code


def measure_for(person: Person, version_id: int, code: str, capability: str = "allocation.read") -> Measure:
    """Return a measure through its version's door.

    Raises:
        Http404: there is none, or the version is another county's.
    """
    version = rule_version_for(person, version_id, capability)
    found = Measure.objects.filter(rule_version=version, code=code).first()
    if found is None:
        raise Http404
    found.rule_version = version
    return found


def unit_class_for(person: Person, row_id: int) -> UnitClass:
    """Return the class of a unit that the person answers for.

    Raises:
        Http404: it does not exist or lies outside the person's divisions.
    """
    found = UnitClass.objects.select_related("rule_version").filter(pk=row_id).first()
    if found is None or not accounts.scope_of(person, "allocation.read").covers(found.code):
        raise Http404
    return found
