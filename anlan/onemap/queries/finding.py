"""Finding a place by its name, and what lies inside an area: put together from what each context tells."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from shapely import Geometry

from anlan.onemap.core.measures import square_km
from anlan.places.core.finding import INSIDES, MOST_FOUND, SEARCHES, Found, Inside, InsideList
from anlan.web.exports import Sheet
from anlan.web.http import Person

LONGEST = 60
MOST_ROWS = 200


def found_by(person: Person, text: str) -> dict[str, Any]:
    """Return at most twenty places that the text fits, the best first."""
    wanted = text.replace("\0", "").strip().lower()[:LONGEST]
    if not wanted:
        return {"results": [], "more": False}
    found = [
        (one.rank, search.order, place, {"kind": search.key, "kind_title": _(search.title), **_told(one)})
        for search in SEARCHES
        if person.can(search.capability)
        for place, one in enumerate(search.find(person, wanted, MOST_FOUND + 1))
    ]
    found.sort(key=lambda each: each[:3])
    return {"results": [told for *_order, told in found[:MOST_FOUND]], "more": len(found) > MOST_FOUND}


def _told(one: Found) -> dict[str, Any]:
    return {
        "title": one.title,
        "detail": one.detail,
        "point": one.point,
        "bounds": one.bounds,
        "layer": one.layer,
        "id": one.id,
        "url": one.url,
    }


Lists = list[tuple[InsideList, Inside]]


def inside(person: Person, area: Geometry) -> Lists:
    """Return what lies inside the area, kind by kind, of that which the person may see."""
    return [(each, each.look(person, area.wkt)) for each in INSIDES if person.can(each.capability)]


def told_inside(area: Geometry, lists: Lists) -> dict[str, Any]:
    """Return the same as the browser is told it: the first rows of each kind."""
    return {
        "area_km2": round(square_km(area), 3),
        "groups": [
            {
                "key": each.key,
                "title": _(each.title),
                "count": len(found.rows),
                "figures": [{"words": sum_.words, "value": sum_.value, "unit": sum_.unit} for sum_ in found.sums],
                "columns": found.columns,
                "rows": [
                    {"cells": _texts(row.cells), "url": row.url, "point": row.point} for row in found.rows[:MOST_ROWS]
                ],
                "left_off": max(len(found.rows) - MOST_ROWS, 0),
            }
            for each, found in lists
        ],
        "notes": [note for _each, found in lists for note in found.notes],
    }


def _texts(cells: Iterable[Any]) -> list[str]:
    return ["–" if cell in {None, ""} else f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells]


def inside_sheets(area: Geometry, lists: Lists) -> list[tuple[str, Sheet]]:
    """Return a sheet of the figures, and one of each kind with every row."""
    figures: list[tuple[Any, ...]] = [(_("Area (km²)"), round(square_km(area), 3), "")]
    for each, found in lists:
        figures.append((_(each.title), len(found.rows), ""))
        figures += [(f"{_(each.title)}: {sum_.words}", sum_.value, sum_.unit) for sum_ in found.sums]
    figures += [(note, "", "") for _each, found in lists for note in found.notes]
    sheets = [(_("Summary"), Sheet((_("What"), _("Value"), _("Unit")), figures))]
    for each, found in lists:
        heads = (*found.columns, _("Longitude"), _("Latitude"))
        rows = [(*row.cells, round(row.point[0], 6), round(row.point[1], 6)) for row in found.rows]
        sheets.append((_(each.title), Sheet(heads, rows)))
    return sheets
