"""Boundaries and lines from GeoJSON: checked, repaired where that is safe, simplified so that neighbours still meet."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry import shape as shape_of

from anlan.kernel.refusal import Refusal
from anlan.places.core.values import Geometry

CORNER = 0.0008  # degrees, the square root of the area of corners that go: 0.6 ha, unseen on a county's map
DISTANCE = 0.0002  # degrees, about 20 m, where areas do not meet edge to edge
LARGEST_REPAIR = 0.05  # of the area; more than that is no repair but a guess
SAME_AREA = 0.02
CHINA_LONGITUDES, CHINA_LATITUDES = (73.0, 136.0), (3.0, 54.0)


class BadShape(Refusal):
    """The geometry cannot be a place on earth, or not the kind that is wanted."""


def area_from(geometry: Geometry) -> tuple[MultiPolygon, bool]:
    """Return the area as polygons, and whether it had to be repaired.

    Raises:
        BadShape: it is no area, lies outside the globe, or is broken beyond a safe repair.
    """
    found = _read(geometry, {"Polygon", "MultiPolygon"})
    if found.is_valid:
        return _polygons(found), False
    mended = _polygons(shapely.make_valid(found, method="structure", keep_collapsed=False))
    if mended.is_empty or abs(mended.area - found.area) > LARGEST_REPAIR * mended.area:
        raise BadShape(
            "The boundary is broken and cannot be repaired safely: %(reason)s", reason=shapely.is_valid_reason(found)
        )
    return mended, True


def lines_from(geometry: Geometry) -> MultiLineString:
    """Return the course as lines.

    Raises:
        BadShape: it is no line or lies outside the globe.
    """
    found = _read(geometry, {"LineString", "MultiLineString"})
    return MultiLineString([found]) if found.geom_type == "LineString" else found


def point_from(geometry: Geometry) -> shapely.Point:
    """Return the point.

    Raises:
        BadShape: it is no point or lies outside the globe.
    """
    return _read(geometry, {"Point"})


def _read(geometry: Geometry, kinds: set[str]) -> shapely.Geometry:
    kind = str(geometry.get("type", "")) if geometry else ""
    if kind not in kinds:
        raise BadShape(
            "The geometry is of the kind %(kind)s; wanted: %(kinds)s", kind=kind or "–", kinds=_listed(kinds)
        )
    try:
        found = shapely.force_2d(shape_of(geometry))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BadShape("The geometry cannot be read: %(error)s", error=str(error)) from None
    _check_place(found)
    return found


def _check_place(found: shapely.Geometry) -> None:
    points = shapely.get_coordinates(found)
    if found.is_empty or not np.isfinite(points).all():
        raise BadShape("The geometry is empty or has points without coordinates")
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        if _within((south, north), CHINA_LONGITUDES) and _within((west, east), CHINA_LATITUDES):
            raise BadShape("Longitude and latitude are exchanged: longitude comes first")
        raise BadShape(
            "%(x).1f, %(y).1f are no degrees: save the file in longitude and latitude (WGS 84)", x=east, y=north
        )
    if _within((west, east), CHINA_LATITUDES) and _within((south, north), (54.0, 90.0)):
        raise BadShape("Longitude and latitude are exchanged: longitude comes first")


def _within(values: tuple[float, float], limits: tuple[float, float]) -> bool:
    return limits[0] <= values[0] and values[1] <= limits[1]


def _listed(kinds: set[str]) -> str:
    return ", ".join(sorted(kinds))


def _polygons(found: shapely.Geometry) -> MultiPolygon:
    parts = [part for part in shapely.get_parts(found).tolist() if part.geom_type in {"Polygon", "MultiPolygon"}]
    flat = shapely.get_parts(np.array(parts, dtype=object)).tolist() if parts else []
    return MultiPolygon(flat)


def outlines(areas: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """Return the areas with fewer points; borders that two of them share stay shared.

    Where the areas overlap or leave slivers between them, each is simplified by itself.
    """
    if not areas:
        return []
    whole = np.array(areas, dtype=object)
    if shapely.coverage_is_valid(whole):
        simple = shapely.coverage_simplify(whole, CORNER)
    else:
        simple = shapely.simplify(whole, DISTANCE, preserve_topology=True)
    kept = [_polygons(found) for found in simple.tolist()]
    return [own if found.is_empty else found for found, own in zip(kept, areas, strict=True)]


def outline_above(parts: Sequence[MultiPolygon], area: MultiPolygon) -> MultiPolygon | None:
    """Return the outline that the parts' outlines leave around them; None where they do not make up the area."""
    if not parts:
        return None
    whole = np.array(parts, dtype=object)
    # Only parts that meet edge to edge can be joined without slivers.
    joined = _polygons(shapely.coverage_union_all(whole)) if shapely.coverage_is_valid(whole) else MultiPolygon()
    return joined if abs(joined.area - area.area) <= SAME_AREA * area.area else None


def joined(shapes: Sequence[bytes]) -> MultiPolygon:
    """Return the shapes (WKB) as one area; slivers between them are closed."""
    return _polygons(shapely.union_all([shapely.from_wkb(shape) for shape in shapes]))
