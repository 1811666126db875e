"""An area that somebody drew on the map: what is accepted as one.

Source: RFC 7946, section 3.1.6.
"""

import json
from collections.abc import Mapping
from typing import Any

from anlan.kernel.refusal import Refusal
from anlan.places.core.shapes import BadShape, area_from

MOST_VERTICES = 500
MOST_BYTES = 100_000
Geometry = Mapping[str, Any]


class BadArea(Refusal):
    """What was drawn is no area that can be looked into."""


def area_drawn(text: str | bytes) -> Any:
    """Return the area (shapely, WGS 84) that the text says: a GeoJSON polygon of few vertices, alone or as `polygon`.

    Raises:
        BadArea: it is none, or too large a text, or a line that crosses itself beyond repair.
    """
    if len(text) > MOST_BYTES:
        raise BadArea("The area has too many points; at most %(most)d", most=MOST_VERTICES)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadArea("The area drawn cannot be read") from None
    geometry = told.get("polygon", told) if isinstance(told, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        raise BadArea("An area is a polygon")
    if vertices_in(geometry) > MOST_VERTICES:
        raise BadArea("The area has too many points; at most %(most)d", most=MOST_VERTICES)
    try:
        area, _was_repaired = area_from(geometry)
    except BadShape as fault:
        raise BadArea(fault.message, **fault.values) from None
    if area.area == 0:
        raise BadArea("The area is empty")
    return area


def vertices_in(geometry: Geometry) -> int:
    """Return how many points the polygon's rings have; a ring that is no list counts as none."""
    rings = geometry.get("coordinates")
    return sum(len(ring) for ring in rings if isinstance(ring, list)) if isinstance(rings, list) else 0
