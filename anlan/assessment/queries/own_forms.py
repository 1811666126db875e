"""A county's own forms as their pages show them."""

from typing import Any

from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.documents.phone_form import UNIT
from anlan.assessment.models import IndicatorSystem, OwnForm
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal


def forms_page(system: IndicatorSystem, trouble: Refusal | None = None) -> dict[str, Any]:
    """Return the system's own forms, with how many of their questions stand for leaves."""
    forms = OwnForm.objects.filter(system=system).defer("xlsform", "xform").order_by("title", "pk")
    return {
        "system": system,
        "trouble": trouble,
        "levels": [Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY],
        "forms": [(form, sum(1 for one in form.questions if one["leaf"]), len(form.questions) - 1) for form in forms],
    }


def form_page(form: OwnForm) -> dict[str, Any]:
    """Return the form's questions beside the leaves that they may stand for."""
    content = form.system.versions.get(status=PublishStatus.PUBLISHED).content
    return {
        "form": form,
        "system": form.system,
        "questions": [one for one in form.questions if one["name"] != UNIT],
        "leaves": system_from_content(content).at_level(Level(form.level)),
    }
