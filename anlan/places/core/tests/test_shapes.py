import pytest
import shapely
from shapely import MultiPolygon, box

from anlan.places.core.shapes import BadShape, area_from, lines_from, outline_above, outlines

BOWTIE = {"type": "Polygon", "coordinates": [[[109, 28], [110, 29], [110, 28], [109, 29], [109, 28]]]}


def polygon(*points: tuple[float, float]) -> dict:
    return {"type": "Polygon", "coordinates": [[list(point) for point in (*points, points[0])]]}


SQUARE = polygon((109, 28), (110, 28), (110, 29), (109, 29))


def test_a_good_area_comes_back_as_it_was():
    area, was_repaired = area_from(SQUARE)

    assert (area.area, was_repaired) == (1.0, False)


def test_a_spike_is_repaired():
    spiked = polygon((109, 28), (110, 28), (110, 29), (110.5, 29.5), (110, 29), (109, 29))

    area, was_repaired = area_from(spiked)

    assert was_repaired
    assert area.area == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (BOWTIE, "cannot be repaired safely: Self-intersection"),
        ({"type": "Point", "coordinates": [109, 28]}, "of the kind Point"),
        ({}, "of the kind –"),
        ({"type": "Polygon", "coordinates": [[["x", "y"]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "is empty"),
        (polygon((28, 109), (29, 109), (29, 110)), "are exchanged"),
        (polygon((28, 89), (29, 89), (29, 88)), "are exchanged"),
        (polygon((543000, 3100000), (544000, 3100000), (544000, 3101000)), "are no degrees"),
    ],
)
def test_what_is_no_area_on_earth_is_refused(geometry, reason):
    with pytest.raises(BadShape, match=reason):
        area_from(geometry)


def test_a_line_is_no_area_and_the_other_way_round():
    with pytest.raises(BadShape, match="wanted: LineString, MultiLineString"):
        lines_from(SQUARE)


def test_neighbours_simplified_together_leave_no_gap():
    jagged = [(110 + 0.00001 * (step % 2), 28 + step / 100) for step in range(101)]
    left = MultiPolygon([shapely.Polygon([(109, 28), *jagged, (109, 29)])])
    right = MultiPolygon([shapely.Polygon([(111, 29), *reversed(jagged), (111, 28)])])

    simple = outlines([left, right])

    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates([left, right]).sum() / 5


def test_areas_that_overlap_are_simplified_by_themselves():
    first, second = MultiPolygon([box(0, 0, 2, 1)]), MultiPolygon([box(1, 0, 3, 1)])

    assert [area.area for area in outlines([first, second])] == [2.0, 2.0]


def test_a_townships_outline_is_what_its_villages_make_up():
    township = MultiPolygon([box(0, 0, 2, 1)])
    villages = [MultiPolygon([box(0, 0, 1, 1)]), MultiPolygon([box(1, 0, 2, 1)])]

    assert outline_above(villages, township).equals(township)
    assert outline_above(villages[:1], township) is None
    assert outline_above([], township) is None
