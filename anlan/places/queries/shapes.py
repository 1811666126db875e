"""Shapes for maps: simplified alike along common borders, as GeoJSON."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import AsGeoJSON, Centroid
from django.contrib.gis.geos import Point
from django.db.models.functions import Coalesce

from anlan.places.models import Division

DECIMALS = 5  # of a degree: one metre


def boundaries_of(division_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the divisions' outlines by id; divisions without a boundary are left out."""
    rows = Division.objects.filter(pk__in=list(division_ids), outline__isnull=False)
    shapes = rows.annotate(shape=AsGeoJSON("outline", precision=DECIMALS)).values_list("pk", "shape")
    return {pk: json.loads(shape) for pk, shape in shapes.order_by("pk")}


Bounds = tuple[float, float, float, float]


def bounds_of(prefix: str) -> Bounds | None:
    """Return west, south, east and north of what is drawn within; None where nothing is."""
    extents = Division.objects.valid_today().within(prefix).aggregate(drawn=Extent("outline"), seated=Extent("seat"))
    bounds: Bounds | None = extents["drawn"] or extents["seated"]
    return bounds


def own_bounds(division: Division) -> Bounds | None:
    """Return west, south, east and north of the division in its own time."""
    bounds: Bounds | None = Division.objects.filter(pk=division.pk).aggregate(drawn=Extent("outline"))["drawn"]
    return bounds


def seats_within(prefix: str, on: date) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of the seats of the divisions within on that day, by code; else of their middle."""
    rows = Division.objects.valid_on(on).within(prefix).annotate(place=Coalesce("seat", Centroid("outline")))
    found = rows.filter(place__isnull=False).order_by("code").values_list("code", "place")
    return {code: (place.x, place.y) for code, place in found}


def lies_within(code: str, longitude: float, latitude: float) -> bool | None:
    """Tell whether the place lies in the division of today; None where it has no boundary on record."""
    drawn = Division.objects.valid_today().filter(code=code, boundary__isnull=False)
    if not drawn.exists():
        return None
    return drawn.filter(boundary__covers=Point(longitude, latitude, srid=4326)).exists()
