"""Pictures of a report as lists of shapes: drawn once, written as SVG for print and as PNG for the office.

Lengths are points (1/72 inch), y downwards. A picture knows nothing of who draws it: `charts_svg` and
`charts_png` do, so that both files of a report show the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin

INK = "#1F2A37"
QUIET = "#5B6776"
GRID = "#C9D1DB"
ACCENT = "#1D4E89"
SECOND = "#8A5A1F"
Point = tuple[float, float]


class Anchor(StrEnum):
    """Which end of a text stands at its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled ring, or an open line where `is_open`; holes are cut out."""

    points: Sequence[Point]
    fill: str | None = None
    opacity: float = 1.0
    stroke: str | None = None
    width: float = 0.75
    dash: tuple[float, float] | None = None
    is_open: bool = False
    holes: Sequence[Sequence[Point]] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text."""

    at: Point
    text: str
    size: float = 9.0
    colour: str = INK
    anchor: Anchor = Anchor.MIDDLE
    is_bold: bool = False


Shape = Polygon | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its size and its shapes, the first at the bottom."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class RadarLine:
    """One line of a radar: its name and a value in [0, 1] for each axis, None where there is none."""

    name: str
    values: Sequence[float | None]


LINE_LOOKS = (
    {"stroke": ACCENT, "width": 2.0, "dash": None},
    {"stroke": QUIET, "width": 1.25, "dash": (4.0, 2.5)},
    {"stroke": SECOND, "width": 1.25, "dash": (1.5, 2.0)},
)
SIZE = (430.0, 262.0)
CENTRE = (215.0, 126.0)
RADIUS = 98.0
RINGS = (0.2, 0.4, 0.6, 0.8, 1.0)


def radar(axes: Sequence[str], lines: Sequence[RadarLine]) -> Drawing:
    """Return a radar of up to three lines, the first filled, with its scale and a legend."""
    shapes: list[Shape] = [
        Polygon([_spoke(axis, len(axes), ring) for axis in range(len(axes))], stroke=GRID, width=0.6) for ring in RINGS
    ]
    for axis, name in enumerate(axes):
        end = _spoke(axis, len(axes), 1.0)
        shapes.append(Polygon([CENTRE, end], stroke=GRID, width=0.6, is_open=True))
        shapes.append(_axis_label(axis, len(axes), name, lines[0].values[axis]))
    for number, line in enumerate(lines):
        shapes += _radar_line(line, number)
    shapes += [
        Label((CENTRE[0] + 3, CENTRE[1] - RADIUS * ring + 3), f"{ring * 100:.0f}", 6.5, QUIET, Anchor.START)
        for ring in RINGS[:-1]
    ]
    return Drawing(*SIZE, (*shapes, *_legend(lines)))


def _spoke(axis: int, count: int, value: float) -> Point:
    angle = 2 * pi * axis / count - pi / 2
    return CENTRE[0] + RADIUS * value * cos(angle), CENTRE[1] + RADIUS * value * sin(angle)


def _axis_label(axis: int, count: int, name: str, value: float | None) -> Label:
    x, y = _spoke(axis, count, 1.13)
    anchor = Anchor.MIDDLE if abs(x - CENTRE[0]) < 1 else Anchor.START if x > CENTRE[0] else Anchor.END
    shown = name if value is None else f"{name} {value * 100:.1f}"
    return Label((x, y + 3.5), shown, 10, INK, anchor)


def _radar_line(line: RadarLine, number: int) -> list[Shape]:
    look = LINE_LOOKS[number % len(LINE_LOOKS)]
    given = [(axis, value) for axis, value in enumerate(line.values) if value is not None]
    points = [_spoke(axis, len(line.values), value) for axis, value in given]
    if len(points) < 3:
        return [_dot(point, str(look["stroke"])) for point in points]
    outline = Polygon(points, **look)  # type: ignore[arg-type]
    if number:
        return [outline]
    return [Polygon(points, fill=ACCENT, opacity=0.16), outline, *(_dot(point, ACCENT) for point in points)]


def _dot(at: Point, colour: str) -> Polygon:
    ring = [(at[0] + 2.4 * cos(2 * pi * step / 12), at[1] + 2.4 * sin(2 * pi * step / 12)) for step in range(12)]
    return Polygon(ring, fill=colour)


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is: Chinese characters are square, others half as wide."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in text) * size


def _legend(lines: Sequence[RadarLine]) -> list[Shape]:
    """One row below the radar, in the middle of it."""
    widths = [26 + text_width(line.name, 9) + 16 for line in lines]
    x = (SIZE[0] - sum(widths)) / 2
    y = SIZE[1] - 14
    shapes: list[Shape] = []
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        look = LINE_LOOKS[number % len(LINE_LOOKS)]
        shapes.append(Polygon([(x, y), (x + 20, y)], is_open=True, **look))  # type: ignore[arg-type]
        shapes.append(Label((x + 25, y + 3.2), line.name, 9, INK, Anchor.START))
        x += width
    return shapes
