from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from anlan.assessment.core.values import GradeRule
from anlan.assessment.documents.charts import Drawing, Label, Polygon, RadarLine, radar, text_width
from anlan.assessment.documents.charts_map import FILLS, UNGRADED, MapUnit, score_map
from anlan.assessment.documents.charts_png import png
from anlan.assessment.documents.charts_svg import svg

AXES = ["组织建设", "能力建设", "物资装备", "制度流程", "数字赋能"]


def square(west: float, south: float, size: float = 1.0) -> dict:
    east, north = west + size, south + size
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}


def labels(drawing: Drawing) -> list[Label]:
    return [shape for shape in drawing.shapes if isinstance(shape, Label)]


def test_full_marks_reach_the_outer_ring():
    drawing = radar(AXES, [RadarLine("柳溪镇", [1.0] * 5)])

    pentagons = [shape for shape in drawing.shapes if isinstance(shape, Polygon) and len(shape.points) == 5]
    filled = next(shape for shape in pentagons if shape.opacity < 1)
    assert filled.points == pentagons[4].points


def test_a_dimension_without_score_has_no_corner():
    drawing = radar(AXES, [RadarLine("柳溪镇", [0.5, None, 0.5, 0.5, 0.5])])

    filled = next(shape for shape in drawing.shapes if isinstance(shape, Polygon) and shape.opacity < 1)
    assert len(filled.points) == 4
    assert "能力建设" in [label.text for label in labels(drawing)]


def test_a_unit_with_too_few_scores_draws_dots():
    drawing = radar(AXES, [RadarLine("柳溪镇", [0.5, None, None, None, None])])

    assert not any(isinstance(shape, Polygon) and shape.opacity < 1 for shape in drawing.shapes)


def test_units_are_coloured_by_the_band_of_their_score():
    units = [MapUnit(square(0, 0), "甲", 0.3), MapUnit(square(1, 0), "乙", 0.95), MapUnit(square(2, 0), "丙", None)]

    drawing = score_map(units, GradeRule(), "未评分")

    fills = [shape.fill for shape in drawing.shapes if isinstance(shape, Polygon)][:3]
    assert fills == [FILLS[0], FILLS[-1], UNGRADED]
    assert "未评分" in [label.text for label in labels(drawing)]


@given(st.lists(st.tuples(st.floats(100, 101), st.floats(30, 31), st.floats(0.05, 0.5)), min_size=1, max_size=25))
def test_names_on_a_map_never_overlap(places):
    units = [MapUnit(square(*place), f"第{number}镇", 0.5) for number, place in enumerate(places)]

    named = [label for label in labels(score_map(units, GradeRule(), "未评分")) if label.is_bold]

    boxes = [(label.at[0], label.at[1], text_width(label.text, 9)) for label in named]
    for number, (x, y, width) in enumerate(boxes):
        for other_x, other_y, other_width in boxes[:number]:
            assert abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= 18


def test_a_map_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no boundary"):
        score_map([], GradeRule(), "未评分")


def test_a_lake_in_a_unit_stays_open():
    geometry = square(0, 0, 4)
    geometry["coordinates"].append([(1, 1), (1, 3), (3, 3), (3, 1), (1, 1)])

    area = score_map([MapUnit(geometry, "湖镇", 0.5)], GradeRule(), "未评分").shapes[0]

    assert len(area.holes) == 1
    assert png(
        Drawing(
            20,
            20,
            (
                Polygon(
                    [(0, 0), (20, 0), (20, 20), (0, 20)], fill="#000000", holes=[[(5, 5), (15, 5), (15, 15), (5, 15)]]
                ),
            ),
        )
    )


def test_pictures_are_two_hundred_dots_an_inch_and_the_same_each_time():
    drawing = radar(AXES, [RadarLine("柳溪镇", [0.5] * 5), RadarLine("全县", [0.6] * 5)])

    content = png(drawing)

    assert content == png(drawing)
    assert Image.open(BytesIO(content)).size == (round(drawing.width * 200 / 72), round(drawing.height * 200 / 72))


def test_markup_in_a_name_is_text():
    drawing = Drawing(10, 10, (Label((1, 1), '<script>"&'),))

    assert ElementTree.fromstring(svg(drawing))[0].text == '<script>"&'  # noqa: S314
