"""The doors of the assessment: the only way a view gets one of its objects. 404 outside one's divisions."""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

from django.db.models import F
from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.assessment.models import (
    Answer,
    Assessment,
    Assignment,
    Flag,
    IndicatorSystem,
    OwnForm,
    Report,
    Round,
    SystemVersion,
    UnitScore,
)
from anlan.web.http import Person


class Form(Protocol):
    """A form that phones fill in."""

    @property
    def form_id(self) -> str: ...


FormT = TypeVar("FormT", bound=Form)


def _reaches(person: Person, capability: str, code: str) -> bool:
    """A county's round or a township's list is seen by whoever answers for it or for something inside it."""
    return accounts.scope_of(person, capability).reaches(code)


def round_for(person: Person, round_id: int, capability: str = "survey.read") -> Round:
    """Return the round.

    Raises:
        Http404: it does not exist, or surveys another county.
    """
    row = Round.objects.select_related("system_version__system", "previous").filter(pk=round_id).first()
    if row is None or not _reaches(person, capability, row.county_code):
        raise Http404
    return row


def rights_at(person: Person, code: str) -> dict[str, bool]:
    """Return what the person may do in a survey at a place, so that a page offers nothing that its doors refuse."""
    return {
        "may_manage": person.can("survey.manage", code),
        "may_assess": person.can("assessment.run", code),
        "may_fill": _reaches(person, "survey.fill", code),
        "may_verify": _reaches(person, "survey.verify", code),
    }


def whole_round_for(person: Person, round_id: int, capability: str) -> Round:
    """Return the round for whoever holds the capability for its whole county.

    Raises:
        Http404: it does not exist, or the person answers for a part only.
    """
    row = round_for(person, round_id, capability)
    if not person.can(capability, row.county_code):
        raise Http404
    return row


def place_for(person: Person, round_id: int, code: str, capability: str = "survey.read") -> Assignment:
    """Return one assignment of the division, with its round: the door to lists, workbooks and verification.

    Raises:
        Http404: the round asks nothing of the division, or it is neither the person's nor above what is.
    """
    found = Assignment.objects.with_division().filter(round_id=round_id, division__code=code)
    first = found.select_related("round__system_version__system", "round__previous", "division").order_by("pk").first()
    if first is None or not _reaches(person, capability, code):
        raise Http404
    return first


def place_to_fill(person: Person, round_id: int, code: str) -> Assignment:
    """Return one assignment of a division that the person fills in wholly, for some department at least.

    Raises:
        Http404: the round asks nothing of it, or the person answers for a part only.
    """
    found = place_for(person, round_id, code, "survey.fill")
    if not person.can("survey.fill", code):
        raise Http404
    return found


def assignment_for(person: Person, round_id: int, code: str, department: str, capability: str) -> Assignment:
    """Return what a department fills in for a unit.

    Raises:
        Http404: there is none, or the unit or department is not the person's.
    """
    rows = Assignment.objects.with_division().select_related("round__system_version", "round__previous", "division")
    found = rows.filter(round_id=round_id, division__code=code, department=department).first()
    if found is None or not accounts.scope_of(person, capability).covers(code, department):
        raise Http404
    return found


def answer_for(person: Person, answer_id: int, capability: str) -> Answer:
    """Return the answer.

    Raises:
        Http404: it does not exist or its unit or department is not the person's.
    """
    return answers_for(person, [answer_id], capability)[0]


def answers_for(person: Person, answer_ids: Collection[int], capability: str) -> list[Answer]:
    """Return the answers, all or none.

    Raises:
        Http404: one does not exist or its unit or department is not the person's.
    """
    rows = Answer.objects.with_division().select_related("round", "division", "leaf").filter(pk__in=answer_ids)
    found, scope = list(rows.order_by("pk")), accounts.scope_of(person, capability)
    covered = [answer for answer in found if scope.covers(answer.division.code, answer.leaf.department)]
    if len(covered) < len(set(answer_ids)):
        raise Http404
    return found


def flag_for(person: Person, flag_id: int, capability: str) -> Flag:
    """Return the flag through its answer's door."""
    found = Flag.objects.filter(pk=flag_id).first()
    if found is None:
        raise Http404
    found.answer = answer_for(person, found.answer_id, capability)
    return found


def one_of(forms: Iterable[FormT], form_id: str) -> FormT:
    """Return the form of that id among those that the person is offered.

    Raises:
        Http404: there is none.
    """
    for form in forms:
        if form.form_id == form_id:
            return form
    raise Http404


def system_for(person: Person, system_id: int, capability: str = "survey.read") -> IndicatorSystem:
    """Return a family of indicator systems; systems are shared, so any holder of the capability sees them."""
    found = IndicatorSystem.objects.filter(pk=system_id).first()
    if found is None or not person.can(capability):
        raise Http404
    return found


def own_form_for(person: Person, form_pk: int, capability: str) -> OwnForm:
    """Return an own form of a system."""
    found = OwnForm.objects.select_related("system").filter(pk=form_pk).first()
    if found is None or not person.can(capability):
        raise Http404
    return found


def system_version_for(person: Person, version_id: int, capability: str = "survey.read") -> SystemVersion:
    """Return a version of an indicator system; systems are shared, so any holder of the capability sees them."""
    found = SystemVersion.objects.select_related("system").filter(pk=version_id).first()
    if found is None or not person.can(capability):
        raise Http404
    return found


def draft_for(person: Person, version_id: int) -> SystemVersion:
    """Return a version for whoever edits indicator systems; the actions refuse one that is no draft."""
    return system_version_for(person, version_id, "system.edit")


def check_reads_systems(person: Person) -> None:
    """Let nobody see the systems who takes no part in surveys.

    Raises:
        Http404: the person does not.
    """
    if not person.can("survey.read"):
        raise Http404


def assessment_for(person: Person, assessment_id: int, capability: str = "assessment.read") -> Assessment:
    """Return the assessment of a county that the person answers for, wholly or in part."""
    rows = Assessment.objects.select_related("round__system_version__system").plain()
    found = rows.filter(pk=assessment_id).first()
    if found is None or not _reaches(person, capability, found.round.county_code):
        raise Http404
    return found


def whole_assessment_for(person: Person, assessment_id: int, capability: str) -> Assessment:
    """Return the assessment for whoever holds the capability for its whole county.

    Raises:
        Http404: it does not exist, or the person answers for a part only.
    """
    found = assessment_for(person, assessment_id, capability)
    if not person.can(capability, found.round.county_code):
        raise Http404
    return found


def unit_score_for(person: Person, assessment_id: int, code: str) -> UnitScore:
    """Return one unit's result.

    Raises:
        Http404: it does not exist or lies outside the person's divisions.
    """
    assessment = assessment_for(person, assessment_id)
    found = UnitScore.objects.filter(assessment=assessment, code=code).first()
    if found is None or not accounts.scope_of(person, "assessment.read").covers(code):
        raise Http404
    found.assessment = assessment
    return found


def report_for(person: Person, report_id: int) -> Report:
    """Return an issued document of a division that the person answers for."""
    found = Report.objects.filter(pk=report_id).annotate(code=F("division__code")).first()
    if found is None or not accounts.scope_of(person, "assessment.read").covers(found.code):
        raise Http404
    return found
