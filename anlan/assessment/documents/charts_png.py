"""Drawings as PNG, for documents that cannot hold SVG."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from anlan.assessment.documents.charts import Anchor, Drawing, Label, Point, Polygon
from anlan.kernel.refusal import Refusal

DOTS = 200 / 72  # 200 dots an inch
FINER = 2  # drawn larger and scaled down, so that edges are smooth
SCALE = DOTS * FINER
FONTS = {False: "NotoSansCJK-Regular.ttc", True: "NotoSansCJK-Bold.ttc"}
SIMPLIFIED = 2  # the face for Simplified Chinese in Noto's collections
ANCHORS = {Anchor.START: "ls", Anchor.MIDDLE: "ms", Anchor.END: "rs"}


class NoChineseFont(Refusal):
    """Noto Sans CJK is not installed."""


@lru_cache(maxsize=32)
def _font(size: float, is_bold: bool) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(FONTS[is_bold], round(size * SCALE), index=SIMPLIFIED)
    except OSError:
        raise NoChineseFont("The font Noto Sans CJK is missing: install the package fonts-noto-cjk") from None


def png(drawing: Drawing) -> bytes:
    """Return the drawing as a PNG of 200 dots an inch on white."""
    size = (round(drawing.width * SCALE), round(drawing.height * SCALE))
    image = Image.new("RGB", size, "white")
    for shape in drawing.shapes:
        if isinstance(shape, Polygon):
            _paint(image, shape)
        else:
            _write(image, shape)
    small = image.resize((size[0] // FINER, size[1] // FINER), Image.Resampling.BOX)
    stream = BytesIO()
    small.quantize(colors=96).save(stream, "PNG", dpi=(200, 200))
    return stream.getvalue()


def _paint(image: Image.Image, polygon: Polygon) -> None:
    pen = ImageDraw.Draw(image)
    if polygon.fill and polygon.opacity == 1 and not polygon.holes:
        pen.polygon(_scaled(polygon.points), fill=polygon.fill)
    elif polygon.fill:
        _blend(image, polygon)
    if polygon.stroke:
        for ring in (polygon.points, *polygon.holes):
            _stroke(pen, list(ring) if polygon.is_open else [*ring, ring[0]], polygon)


def _blend(image: Image.Image, polygon: Polygon) -> None:
    mask = Image.new("L", image.size, 0)
    pen = ImageDraw.Draw(mask)
    pen.polygon(_scaled(polygon.points), fill=round(255 * polygon.opacity))
    for hole in polygon.holes:
        pen.polygon(_scaled(hole), fill=0)
    image.paste(Image.new("RGB", image.size, polygon.fill or "white"), mask=mask)


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _stroke(pen: ImageDraw.ImageDraw, points: Sequence[Point], polygon: Polygon) -> None:
    width = max(1, round(polygon.width * SCALE))
    for line in _dashes(points, polygon.dash) if polygon.dash else [points]:
        pen.line(_scaled(line), fill=polygon.stroke, width=width, joint="curve")


def _dashes(points: Sequence[Point], dash: tuple[float, float]) -> list[list[Point]]:
    """Cut a line into its dashes."""
    lines: list[list[Point]] = []
    is_on, left = True, dash[0]
    line = [points[0]]
    for start, end in zip(points, points[1:], strict=False):
        here, length = start, _distance(start, end)
        while length > left:
            share = left / length
            here = (here[0] + (end[0] - here[0]) * share, here[1] + (end[1] - here[1]) * share)
            length -= left
            if is_on:
                lines.append([*line, here])
            is_on, left, line = not is_on, dash[1] if is_on else dash[0], [here]
        left -= length
        line.append(end)
    return [*lines, line] if is_on and len(line) > 1 else lines


def _distance(start: Point, end: Point) -> float:
    return float(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)


def _write(image: Image.Image, label: Label) -> None:
    place = (label.at[0] * SCALE, label.at[1] * SCALE)
    font = _font(label.size, label.is_bold)
    ImageDraw.Draw(image).text(place, label.text, fill=label.colour, font=font, anchor=ANCHORS[label.anchor])
