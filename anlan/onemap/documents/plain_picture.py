"""The plain map as a PNG, drawn by Pillow: areas, lines, points by shape and colour, names and numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from anlan.kernel.refusal import Refusal
from anlan.onemap.core.plain_view import HEIGHT, WIDTH, View

FINER = 2  # drawn larger and scaled down, so that edges are smooth
GROUND, EDGE, INK, HALO = "#eef1f3", "#b4c0b6", "#1f2a37", "#ffffff"
FONT = "NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2  # the face for Simplified Chinese in Noto's collections
MOST_LABELS = 80
Point = tuple[float, float]


class NoChineseFont(Refusal):
    """Noto Sans CJK is not installed."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer ready to be drawn.

    Attributes:
        kind: fill, line or point.
        features: GeoJSON features.
        colours: of each feature.
        shapes: of each feature of points.
        labels: of each feature, "" for none.
        width: of lines, pixels.
        radius: of points, pixels.
    """

    kind: str
    features: Sequence[Mapping[str, Any]]
    colours: Sequence[str]
    shapes: Sequence[str] = field(default=())
    labels: Sequence[str] = field(default=())
    width: float = 1.2
    radius: float = 6.0


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(FONT, size * FINER, index=SIMPLIFIED)
    except OSError:
        raise NoChineseFont("The font Noto Sans CJK is missing: install the package fonts-noto-cjk") from None


def plain_picture(view: View, layers: Sequence[Drawn]) -> bytes:
    """Return the layers, the lowest first, as a PNG."""
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), GROUND)
    pen = ImageDraw.Draw(image)
    for layer in layers:
        for place, feature in enumerate(layer.features):
            _draw(pen, view, layer, place, feature["geometry"])
    _write_names(pen, view, layers)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    stream = BytesIO()
    small.quantize(colors=128).save(stream, "PNG")
    return stream.getvalue()


def _draw(pen: ImageDraw.ImageDraw, view: View, layer: Drawn, place: int, geometry: Mapping[str, Any]) -> None:
    colour = layer.colours[place]
    for part in parts_of(geometry):
        if layer.kind == "point":
            _mark(pen, view.at(*part[:2]), layer.radius, layer.shapes[place], colour)
        elif layer.kind == "fill":
            points = _scaled(view, part)
            pen.polygon(points, fill=colour)
            pen.line([*points, points[0]], fill=EDGE, width=FINER)
        else:
            pen.line(_scaled(view, part), fill=colour, width=max(round(layer.width * FINER), 1), joint="curve")


def parts_of(geometry: Mapping[str, Any]) -> Iterable[Any]:
    """Yield the outer rings, lines or points of a geometry, as lists of positions."""
    kind, told = geometry["type"], geometry["coordinates"]
    if kind in {"Point", "LineString"}:
        yield told
    elif kind in {"MultiPoint", "MultiLineString"}:
        yield from told
    elif kind == "Polygon":
        yield told[0]
    elif kind == "MultiPolygon":
        yield from (polygon[0] for polygon in told)


def _scaled(view: View, positions: Iterable[Sequence[float]]) -> list[Point]:
    return [(x * FINER, y * FINER) for x, y in (view.at(position[0], position[1]) for position in positions)]


def _mark(pen: ImageDraw.ImageDraw, at: Point, radius: float, shape: str, colour: str) -> None:
    x, y, r = at[0] * FINER, at[1] * FINER, radius * FINER
    corners = {
        "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
        "triangle": [(0, -1.1), (1.05, 0.8), (-1.05, 0.8)],
        "diamond": [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)],
    }
    if shape not in corners:
        pen.ellipse([x - r, y - r, x + r, y + r], fill=colour, outline=HALO, width=FINER)
        return
    pen.polygon([(x + dx * r, y + dy * r) for dx, dy in corners[shape]], fill=colour, outline=HALO, width=FINER)


def _write_names(pen: ImageDraw.ImageDraw, view: View, layers: Sequence[Drawn]) -> None:
    """Write names, those of the topmost layer first, where they cover no other name."""
    taken: list[tuple[float, float, float, float]] = []
    font = _font(13)
    for layer in reversed(layers):
        for feature, label in zip(layer.features, layer.labels, strict=False):
            if not label or len(taken) >= MOST_LABELS:
                continue
            x, y = view.at(*middle_of(feature["geometry"]))
            drop = layer.radius + 9 if layer.kind == "point" else 0
            box = pen.textbbox((x * FINER, (y + drop) * FINER), label, font=font, anchor="mm")
            is_inside = box[0] >= 0 and box[2] <= WIDTH * FINER and box[1] >= 0 and box[3] <= HEIGHT * FINER
            if is_inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                halo: dict[str, Any] = {"stroke_width": 2 * FINER, "stroke_fill": HALO}
                pen.text((x * FINER, (y + drop) * FINER), label, fill=INK, font=font, anchor="mm", **halo)


def middle_of(geometry: Mapping[str, Any]) -> Point:
    """Return where a name goes: at the point, or in the middle of the largest part's box."""
    if geometry["type"] == "Point":
        return geometry["coordinates"][0], geometry["coordinates"][1]
    longest = max(parts_of(geometry), key=len)
    xs, ys = [position[0] for position in longest], [position[1] for position in longest]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
