"""The doors of the assessment: the only way a view gets one of its objects. 404 outside one's divisions."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.assessment.models import Answer, Assessment, Assignment, Flag, Report, Round, SystemVersion, UnitScore
from anlan.kernel.codes import prefix_of
from anlan.web.http import Person


def _reaches(person: Person, capability: str, county_code: str) -> bool:
    """A round is seen by whoever answers for the county or for something inside it."""
    scope = accounts.scope_of(person, capability)
    prefix = prefix_of(county_code)
    return scope.covers(county_code) or any(grant.prefix.startswith(prefix) for grant in scope.grants)


def round_for(person: Person, round_id: int, capability: str = "survey.read") -> Round:
    """Return the round.

    Raises:
        Http404: it does not exist, or surveys another county.
    """
    row = Round.objects.select_related("system_version__system", "previous").filter(pk=round_id).first()
    if row is None or not _reaches(person, capability, row.county_code):
        raise Http404
    return row


def assignment_for(person: Person, round_id: int, code: str, department: str, capability: str) -> Assignment:
    """Return what a department fills in for a unit.

    Raises:
        Http404: there is none, or the unit or department is not the person's.
    """
    found = (
        Assignment.objects.select_related("round__system_version", "division")
        .filter(round_id=round_id, division__code=code, department=department)
        .first()
    )
    if found is None or not accounts.scope_of(person, capability).covers(code, department):
        raise Http404
    return found


def answer_for(person: Person, answer_id: int, capability: str) -> Answer:
    """Return the answer.

    Raises:
        Http404: it does not exist or its unit or department is not the person's.
    """
    found = Answer.objects.select_related("round", "division", "leaf").filter(pk=answer_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division.code, found.leaf.department):
        raise Http404
    return found


def flag_for(person: Person, flag_id: int, capability: str) -> Flag:
    """Return the flag through its answer's door."""
    found = Flag.objects.select_related("answer").filter(pk=flag_id).first()
    if found is None:
        raise Http404
    answer_for(person, found.answer_id, capability)
    return found


def system_version_for(person: Person, version_id: int, capability: str = "survey.read") -> SystemVersion:
    """Return a version of an indicator system; systems are shared, so any holder of the capability sees them."""
    found = SystemVersion.objects.select_related("system").filter(pk=version_id).first()
    if found is None or not person.can(capability):
        raise Http404
    return found


def assessment_for(person: Person, assessment_id: int, capability: str = "assessment.read") -> Assessment:
    """Return the assessment of a county that the person answers for, wholly or in part."""
    found = Assessment.objects.select_related("round__system_version").filter(pk=assessment_id).first()
    if found is None or not _reaches(person, capability, found.round.county_code):
        raise Http404
    return found


def unit_score_for(person: Person, assessment_id: int, code: str) -> UnitScore:
    """Return one unit's result.

    Raises:
        Http404: it does not exist or lies outside the person's divisions.
    """
    assessment_for(person, assessment_id)
    found = (
        UnitScore.objects.select_related("assessment__round").filter(assessment_id=assessment_id, code=code).first()
    )
    if found is None or not accounts.scope_of(person, "assessment.read").covers(code):
        raise Http404
    return found


def report_for(person: Person, report_id: int) -> Report:
    """Return an issued document of a division that the person answers for."""
    found = Report.objects.select_related("assessment__round", "division").filter(pk=report_id).first()
    if found is None or not accounts.scope_of(person, "assessment.read").covers(found.division.code):
        raise Http404
    return found
