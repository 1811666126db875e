"""A map of scores: the units' boundaries, coloured by score, named where there is room."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from shapely import MultiPolygon, Point, Polygon, unary_union
from shapely.geometry import shape

from anlan.assessment.core.values import GradeRule
from anlan.assessment.documents import charts
from anlan.assessment.documents.charts import Anchor, Drawing, Label, Shape, text_width

FILLS = ("#D9A25F", "#EED3AC", "#DCE7F1", "#A9C3DF", "#5F8EC0", "#1D4E89")  # lowest band first
UNGRADED = "#ECEEF1"
DARK = FILLS[-2:]
WIDTH = 430.0
MARGIN = 8.0
LEGEND = 30.0
LEAST_HEIGHT, MOST_HEIGHT = 120.0, 310.0
LINE_HEIGHT = 10.0
METRES_PER_DEGREE = 111_320.0
LENGTHS_KM = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class MapUnit:
    """One coloured unit: its boundary as GeoJSON geometry in WGS 84, its name and its score."""

    geometry: Mapping[str, Any]
    name: str
    score: float | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """From longitude and latitude to points of the picture: equal scale both ways at the middle latitude."""

    west: float
    north: float
    scale: float  # points for a degree of latitude
    narrowing: float
    left: float
    height: float

    def point(self, longitude: float, latitude: float) -> charts.Point:
        x = self.left + (longitude - self.west) * self.narrowing * self.scale
        return x, MARGIN + (self.north - latitude) * self.scale


def band_floors(rule: GradeRule) -> tuple[float, ...]:
    """Return the least scores of the map's six bands: the grades' bands, the two lower ones cut in two."""
    return (0.0, rule.fair - 0.1, rule.fair, (rule.fair + rule.good) / 2, rule.good, rule.excellent)


def score_map(units: Sequence[MapUnit], rule: GradeRule, unscored: str) -> Drawing:
    """Return the map with a legend of the bands and a scale bar; `unscored` is the word for units without a score.

    Raises:
        ValueError: there is no unit to draw.
    """
    if not units:
        raise ValueError("no boundary to draw")
    shapes = [_polygons(unit.geometry) for unit in units]
    frame = _frame(shapes)
    floors = band_floors(rule)
    drawn: list[Shape] = []
    for unit, polygons in zip(units, shapes, strict=True):
        drawn += [_area(polygon, frame, _fill(unit.score, floors)) for polygon in polygons]
    drawn += [_outline(ring, frame) for ring in _outer_rings(shapes)]
    drawn += _labels(units, shapes, frame, floors)
    height = frame.height + 2 * MARGIN + LEGEND
    legend = _band_names(floors)
    if any(unit.score is None for unit in units):
        legend.append((UNGRADED, unscored))
    return Drawing(WIDTH, height, (*drawn, *_legend(legend, height), *_scale_bar(frame, height)))


def _fill(score: float | None, floors: Sequence[float]) -> str:
    return UNGRADED if score is None else FILLS[bisect_right(floors, score) - 1]


def _band_names(floors: Sequence[float]) -> list[tuple[str, str]]:
    ends = [*floors[1:], 1.0]
    return [(fill, f"{low * 100:g}–{high * 100:g}") for fill, low, high in zip(FILLS, floors, ends, strict=True)]


def _polygons(geometry: Mapping[str, Any]) -> list[Polygon]:
    whole = shape(geometry)
    return list(whole.geoms) if isinstance(whole, MultiPolygon) else [whole]


def _frame(shapes: Sequence[Sequence[Polygon]]) -> _Frame:
    bounds = [polygon.bounds for polygons in shapes for polygon in polygons]
    west, south = min(bound[0] for bound in bounds), min(bound[1] for bound in bounds)
    east, north = max(bound[2] for bound in bounds), max(bound[3] for bound in bounds)
    narrowing = cos(radians((south + north) / 2))
    wide, high = max((east - west) * narrowing, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, MOST_HEIGHT / high)
    left = (WIDTH - wide * scale) / 2
    return _Frame(west, north, scale, narrowing, left, max(high * scale, LEAST_HEIGHT))


def _ring(ring: Any, frame: _Frame) -> list[charts.Point]:
    return [frame.point(x, y) for x, y, *_ in ring.coords]


def _area(polygon: Polygon, frame: _Frame, fill: str) -> charts.Polygon:
    thin = polygon.simplify(0.4 / frame.scale)
    if thin.is_empty or not isinstance(thin, Polygon):
        thin = polygon
    holes = [_ring(hole, frame) for hole in thin.interiors]
    return charts.Polygon(_ring(thin.exterior, frame), fill=fill, stroke="#FFFFFF", width=0.9, holes=holes)


def _outer_rings(shapes: Sequence[Sequence[Polygon]]) -> list[Any]:
    whole = unary_union([polygon.buffer(0) for polygons in shapes for polygon in polygons])
    parts = whole.geoms if isinstance(whole, MultiPolygon) else [whole]
    return [part.exterior for part in parts if isinstance(part, Polygon)]


def _outline(ring: Any, frame: _Frame) -> charts.Polygon:
    return charts.Polygon(_ring(ring.simplify(0.4 / frame.scale), frame), stroke=charts.QUIET, width=1.0)


def _labels(
    units: Sequence[MapUnit], shapes: Sequence[Sequence[Polygon]], frame: _Frame, floors: Sequence[float]
) -> Iterator[Label]:
    """Name and score inside the unit, the largest units first; where names would overlap the smaller goes without."""
    order = sorted(range(len(units)), key=lambda number: -sum(polygon.area for polygon in shapes[number]))
    taken: list[tuple[float, float, float, float]] = []
    for number in order:
        unit, inside = units[number], _middle(shapes[number])
        x, y = frame.point(inside.x, inside.y)
        half = text_width(unit.name, 9) / 2 + 1
        box = (x - half, y - LINE_HEIGHT, x + half, y + LINE_HEIGHT)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        ink = "#FFFFFF" if _fill(unit.score, floors) in DARK else charts.INK
        yield Label((x, y - 1), unit.name, 9, ink, is_bold=True)
        if unit.score is not None:
            yield Label((x, y + 9), f"{unit.score * 100:.1f}", 8, ink)


def _middle(polygons: Sequence[Polygon]) -> Point:
    largest = max(polygons, key=lambda polygon: polygon.area)
    return largest.centroid if largest.contains(largest.centroid) else largest.representative_point()


def _legend(entries: Sequence[tuple[str, str]], height: float) -> Iterator[Shape]:
    x, y = MARGIN, height - 20
    for fill, name in entries:
        box = [(x, y), (x + 14, y), (x + 14, y + 9), (x, y + 9)]
        yield charts.Polygon(box, fill=fill, stroke=charts.GRID, width=0.5)
        yield Label((x + 17, y + 8), name, 8, charts.INK, Anchor.START)
        x += 17 + text_width(name, 8) + 8


def _scale_bar(frame: _Frame, height: float) -> list[Shape]:
    points_per_km = frame.scale * 1000 / METRES_PER_DEGREE
    fitting = [length for length in LENGTHS_KM if length * points_per_km <= 90]
    length = fitting[-1] if fitting else LENGTHS_KM[0]
    right, y = WIDTH - MARGIN - 34, height - 14
    left = right - length * points_per_km
    bar = [(left, y - 4), (left, y), (right, y), (right, y - 4)]
    return [
        charts.Polygon(bar, stroke=charts.QUIET, width=0.9, is_open=True),
        Label((right + 4, y + 2), f"{length} km", 8, charts.QUIET, Anchor.START),
    ]
