"""The forms that phones are offered, and what came of those they sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db.models import QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.core.values import Leaf
from anlan.assessment.documents.phone_form import (
    UNIT,
    PhoneForm,
    form_id_of,
    make_phone_form,
    question_name,
)
from anlan.assessment.models import OwnForm, Round, Submission
from anlan.assessment.models.shapes import SHAPES
from anlan.assessment.queries.workbooks import workbook_scope
from anlan.kernel.codes import Level

LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
CACHED_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """One form as phones list and download it."""

    form_id: str
    title: str
    version: str
    xform: str


@dataclass(frozen=True, slots=True)
class AskedBy:
    """What a form's questions stand for."""

    leaves: Mapping[str, Leaf]  # question name → leaf
    own_form: OwnForm | None = None

    @property
    def notes(self) -> dict[str, str]:
        """Names and labels of the questions that no leaf scores."""
        if self.own_form is None:
            return {}
        told = self.own_form.questions
        return {one["name"]: one["label"] for one in told if not one["leaf"] and one["name"] != UNIT}


def phone_form(row: Round, level: Level, fills: Scope) -> PhoneForm | None:
    """Return the round's form for the units of a level that the person fills in; None where there are none."""
    scope = workbook_scope(row, row.county_code)
    mine = [unit for unit in scope.units if unit.level == level and fills.covers(unit.code)]
    asked = {leaf.department for leaf in scope.system.at_level(level)}
    departments = [one for one in sorted(asked) if any(fills.covers(unit.code, one) for unit in mine)]
    if not mine or not departments:
        return None
    heads = [unit for unit in scope.units if unit.level == Level.TOWNSHIP] if level == Level.VILLAGE else []
    return make_phone_form(replace(scope, units=(*heads, *mine)), level, departments)


def forms_of_levels(row: Round, fills: Scope) -> list[PhoneForm]:
    """Return the round's forms, one a level of the units that the person fills in."""
    return [form for level in LEVELS if (form := phone_form(row, level, fills))]


def forms_offered(row: Round, fills: Scope) -> list[OfferedForm]:
    """Return every form that a phone may fill in for the round: one a level, and the county's own."""
    made = forms_of_levels(row, fills)
    offered = [OfferedForm(form.form_id, form.title, form.version, _xform(form)) for form in made]
    for own in own_forms_of(row) if fills.grants else ():
        offered.append(OfferedForm(own.form_id, own.title, own.imported_at.strftime("%Y%m%d%H%M%S"), own.xform))
    return offered


def _xform(form: PhoneForm) -> str:
    """Return the XForm; making one of 600 villages takes half a second, so it is kept by its content."""
    key = f"assessment.xform:{form.form_id}:{form.version}"
    found: str | None = cache.get(key)
    if found is None:
        found = form.xform()
        cache.set(key, found, CACHED_SECONDS)
    return found


def own_forms_of(row: Round) -> QuerySet[OwnForm]:
    """Return the own forms of the round's indicator system that are offered to phones."""
    return OwnForm.objects.filter(system=row.system_version.system_id, is_offered=True).order_by("title", "pk")


def asked_by(row: Round, form_id: str, level: Level, leaves: Mapping[str, Leaf]) -> AskedBy | None:
    """Return what the questions of the form stand for; None where the round has no such form.

    Without a form id (a plain CSV export) the survey's own form for the unit's level is meant.
    """
    if form_id in ("", form_id_of(str(row.pk), level)):
        at_level = [leaf for leaf in leaves.values() if leaf.level == level]
        named = {question_name(leaf.code): leaf for leaf in at_level} | {leaf.code: leaf for leaf in at_level}
        return AskedBy(named)
    own = own_forms_of(row).filter(form_id=form_id).first()
    if own is None:
        return None
    return AskedBy({one["name"]: leaves[one["leaf"]] for one in own.questions if one["leaf"] in leaves}, own)


def submissions_of(row: Round, reads: Scope) -> QuerySet[Submission]:
    """Return what phones sent for divisions within the scope, latest first."""
    rows = row.submissions.filter(reads.q("division__code"))
    return rows.select_related("division").defer(*(f"division__{field}" for field in SHAPES)).order_by("-pk")
