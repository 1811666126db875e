"""Changes of divisions and faults of rows as they read, on a page and on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.places.core.checking import RowProblem
from anlan.places.core.values import HAZARD_NAMES, LANDFORM_NAMES, REGION_NAMES, URBAN_RURAL_NAMES
from anlan.places.models import Division
from anlan.web.templatetags.shown import NONE, number, translated

WORDS: dict[str, Mapping[Any, str]] = {
    "landform": LANDFORM_NAMES,
    "region_type": REGION_NAMES,
    "urban_rural_code": URBAN_RURAL_NAMES,
}
TITLES = {"boundary": gettext_lazy("boundary"), "seat": gettext_lazy("seat")}


def told_changes(changed: Sequence[tuple[Division, Mapping[str, Any]]]) -> list[tuple[Division, list[tuple[str, str]]]]:
    """Return each division with what it is about to become: what, and how it will read."""
    return [(row, [(_title(name), _told(name, value)) for name, value in detail.items()]) for row, detail in changed]


def _title(name: str) -> str:
    return str(TITLES.get(name) or capfirst(getattr(Division._meta.get_field(name), "verbose_name", name)))


def _told(name: str, value: Any) -> str:
    if name in WORDS:
        return _(WORDS[name][value])
    if name == "hazards":
        return ", ".join(_(HAZARD_NAMES[hazard]) for hazard in value)
    if name == "boundary":
        return str(_("%(points)d points") % value)
    if name == "seat":
        return ", ".join(f"{degrees:.5f}" for degrees in value)
    return number(value) if isinstance(value, int | float) else str(value)


def problem_lines(problems: Sequence[RowProblem]) -> list[str]:
    """Return each fault in one line: row, column, what stands there and why it cannot."""
    return [
        _("Row %(row)d, %(column)s, %(value)s: %(reason)s")
        % {
            "row": problem.row,
            "column": problem.column,
            "value": problem.value or NONE,
            "reason": translated(problem.message, dict(problem.values)),
        }
        for problem in problems
    ]
