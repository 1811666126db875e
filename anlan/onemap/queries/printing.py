"""A page of the map in the reader's words: its legend, scale, and who printed it."""

from collections.abc import Collection
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.onemap.core.printing import LegendLine, MapPage, bounds_asked, moment_words, scale_of
from anlan.onemap.queries.pictures import layers_for
from anlan.places.queries.layers import areas_of
from anlan.web.http import Person


def page_of(person: Person, told: dict[str, str], keys: Collection[str], at: datetime) -> MapPage:
    """Return what stands on the page besides the picture.

    Args:
        person: who prints, and whose layers may be on it.
        told: title, note, bounds and paper as the form has them.
        keys: layers on the picture.
        at: when it is printed.
    """
    bounds = bounds_asked(told["bounds"])
    areas = areas_of(person, "onemap.read")
    unit = areas[0].name if areas else ""
    moment = moment_words(localtime(at))
    return MapPage(
        title=told["title"],
        issuer=" · ".join(part for part in (unit, str(person.name)) if part),
        printed=_("Printed %(moment)s") % {"moment": moment},
        note=told["note"],
        legend=[
            (_(layer.title), [LegendLine(each.colour, _(each.words), each.shape) for each in layer.legend])
            for layer in layers_for(person)
            if layer.key in keys and layer.legend
        ],
        scale=_("about 1 : %(scale)s") % {"scale": f"{scale_of(bounds, told['paper']):,}"} if bounds else "",
        extent="{:.4f}°–{:.4f}° E, {:.4f}°–{:.4f}° N".format(*(bounds[place] for place in (0, 2, 1, 3)))
        if bounds
        else "",
        language=get_language() or "zh-hans",
        paper=told["paper"],
    )
