"""Outlines for maps, drawn again after boundaries changed: neighbours are simplified together so that no gap opens."""

from collections import defaultdict
from datetime import date

import shapely
from shapely import MultiPolygon

from anlan.kernel.codes import Level, parent_of
from anlan.places.actions.geos import area_for_database
from anlan.places.core.shapes import outline_above, outlines
from anlan.places.models import Division

BATCH = 500
UPWARD = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def draw_outlines(prefix: str, on: date) -> None:
    """Draw the outlines of a county's divisions from the villages upward: a township's is its villages' together."""
    below: dict[str, list[MultiPolygon]] = {}
    for level in UPWARD:
        rows = list(
            Division.objects.valid_on(on)
            .within(prefix)
            .filter(level=level.value, boundary__isnull=False)
            .order_by("code")
        )
        areas = [shapely.from_wkb(bytes(row.boundary.wkb)) for row in rows if row.boundary]
        joined = [outline_above(below.get(row.code, []), area) for row, area in zip(rows, areas, strict=True)]
        drawn = [shape for shape in joined if shape is not None]
        # All of a level one way or all the other: the two ways do not meet edge to edge.
        shapes = drawn if len(drawn) == len(rows) else outlines(areas)
        below = defaultdict(list)
        for row, shape in zip(rows, shapes, strict=True):
            row.outline = area_for_database(shape)
            below[parent_of(row.code) or ""].append(shape)
        Division.objects.bulk_update(rows, ["outline"], BATCH)
