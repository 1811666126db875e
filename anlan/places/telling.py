"""Changes of divisions as they read on a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.places.core.values import HAZARD_NAMES, LANDFORM_NAMES, REGION_NAMES, URBAN_RURAL_NAMES
from anlan.places.models import Division
from anlan.web.templatetags.shown import number

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
    return str(TITLES.get(name) or Division._meta.get_field(name).verbose_name)


def _told(name: str, value: Any) -> str:
    if name in WORDS:
        return _(WORDS[name][value])
    if name == "hazards":
        return ", ".join(_(HAZARD_NAMES[hazard]) for hazard in value)
    if name == "boundary":
        return _("%(points)d points") % value
    if name == "seat":
        return ", ".join(f"{degrees:.5f}" for degrees in value)
    return number(value) if isinstance(value, int | float) else str(value)
