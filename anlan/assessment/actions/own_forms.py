"""A county's own XLSForms: brought in, mapped to leaves, offered to phones or no longer."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.values import System
from anlan.assessment.documents.own_form import read_own_form
from anlan.assessment.documents.phone_form import UNIT
from anlan.assessment.documents.workbook_file import check_size
from anlan.assessment.models import IndicatorSystem, OwnForm
from anlan.ground.audit import audit
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person


class BadMapping(Refusal):
    """Questions cannot stand for leaves as chosen."""


@transaction.atomic
def import_own_form(
    *,
    actor: Person,
    system: IndicatorSystem,
    level: Level,
    file: UploadedFile,  # type: ignore[type-arg]
    at: datetime,
) -> OwnForm:
    """Bring an XLSForm in; one of the same form id takes the place of the one before and keeps its mapping.

    Raises:
        BadWorkbook: the file is no .xlsx.
        BadForm: pyxform refuses it, told with the row.
    """
    check_size(file.size or 0)
    content = file.read()
    leaves = published(system).at_level(level)
    made = read_own_form(content, leaves)
    before = OwnForm.objects.filter(system=system, form_id=made.form_id).first()
    chosen = {one["name"]: one["leaf"] for one in before.questions} if before else {}
    questions = [
        {"name": one.name, "label": one.label, "kind": one.kind, "leaf": one.leaf or chosen.get(one.name, "")}
        for one in made.questions
    ]
    form, _ = OwnForm.objects.update_or_create(
        system=system,
        form_id=made.form_id,
        defaults={
            "title": made.title[:120],
            "level": level.value,
            "xlsform": content,
            "xform": made.xform,
            "questions": questions,
            "imported_at": at,
            "is_offered": True,
        },
    )
    audit(actor, "own form imported", form, at=at, detail={"form_id": form.form_id, "questions": len(questions)})
    return form


def published(system: IndicatorSystem) -> System:
    """Return the system as it is published."""
    return system_from_content(system.versions.get(status=PublishStatus.PUBLISHED).content)


@transaction.atomic
def map_questions(*, actor: Person, form_id: int, leaves: Mapping[str, str], is_offered: bool, at: datetime) -> OwnForm:
    """Say which leaf each question stands for; an empty one stays a note.

    Raises:
        BadMapping: a leaf is chosen twice, or is none of the form's level.
    """
    form = OwnForm.objects.select_for_update().select_related("system").get(pk=form_id)
    known = {leaf.code for leaf in published(form.system).at_level(Level(form.level))}
    chosen = [code for name, code in leaves.items() if code and name != UNIT]
    for code in chosen:
        if code not in known:
            raise BadMapping("%(leaf)s is no indicator of this level", leaf=code)
        if chosen.count(code) > 1:
            raise BadMapping("%(leaf)s is chosen for two questions", leaf=code)
    form.questions = [{**one, "leaf": leaves.get(one["name"], "")} for one in form.questions]
    form.is_offered = is_offered
    form.save(update_fields=["questions", "is_offered"])
    audit(actor, "own form mapped", form, at=at, detail={"leaves": len(chosen)})
    return form
