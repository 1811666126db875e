"""Drawings as SVG."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from anlan.assessment.documents.charts import Drawing, Label, Point, Polygon

FAMILY = "Noto Sans CJK SC, sans-serif"


def svg(drawing: Drawing) -> str:
    """Return the drawing as an SVG element for a page."""
    size = (
        f'width="{drawing.width:g}pt" height="{drawing.height:g}pt" viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    )
    parts = [_polygon(shape) if isinstance(shape, Polygon) else _label(shape) for shape in drawing.shapes]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _path(points: Sequence[Point], *, is_open: bool) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + ("" if is_open else "Z")


def _polygon(polygon: Polygon) -> str:
    rings = [polygon.points, *polygon.holes]
    look = [
        f'd="{"".join(_path(ring, is_open=polygon.is_open) for ring in rings)}"',
        f'fill="{polygon.fill or "none"}" fill-rule="evenodd"',
    ]
    if polygon.opacity < 1:
        look.append(f'fill-opacity="{polygon.opacity:g}"')
    if polygon.stroke:
        look.append(f'stroke="{polygon.stroke}" stroke-width="{polygon.width:g}" stroke-linejoin="round"')
    if polygon.dash:
        look.append(f'stroke-dasharray="{polygon.dash[0]:g} {polygon.dash[1]:g}"')
    return f"<path {' '.join(look)}/>"


def _label(label: Label) -> str:
    weight = ' font-weight="bold"' if label.is_bold else ""
    return (
        f'<text x="{label.at[0]:.2f}" y="{label.at[1]:.2f}" font-family="{FAMILY}" font-size="{label.size:g}"'
        f'{weight} fill="{label.colour}" text-anchor="{label.anchor}">{escape(label.text)}</text>'
    )
