import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from anlan.places.core.metres import Plane
from anlan.places.core.noding import graph_of_lines
from anlan.places.core.road_values import WayKind

PLANE = Plane(109.0, 28.0)


def line(*points):
    return shapely.LineString(PLANE.degrees(np.array(points, dtype=float)))


def graph(*lines, kinds=None, **asked):
    return graph_of_lines(lines, kinds or [WayKind.VILLAGE] * len(lines), **asked)


def test_roads_that_cross_are_joined_at_the_crossing():
    cross = graph(line((-1000, 0), (1000, 0)), line((0, -1000), (0, 1000)))

    assert (cross.size, cross.piece_count, len(cross.heaps_m)) == (5, 4, 1)
    assert_allclose(cross.metres, 1000, rtol=1e-3)


def test_an_end_that_stops_a_few_metres_before_a_road_is_taken_to_it():
    tee = graph(line((-1000, 0), (1000, 0)), line((0, 8), (0, 1000)))

    assert (tee.piece_count, len(tee.heaps_m)) == (3, 1)


def test_ends_that_nearly_touch_are_one():
    joined = graph(line((0, 0), (1000, 0)), line((1006, 5), (2000, 0)))

    assert (joined.size, len(joined.heaps_m)) == (3, 1)


def test_what_stops_farther_away_stays_apart():
    apart = graph(line((-1000, 0), (1000, 0)), line((0, 40), (0, 1000)))

    assert len(apart.heaps_m) == 2
    assert len(graph(line((-1000, 0), (1000, 0)), line((0, 40), (0, 1000)), tolerance_m=50).heaps_m) == 1


def test_where_roads_lie_on_one_another_the_higher_class_stays():
    both = graph(line((0, 0), (2000, 0)), line((0, 0), (1000, 0)), kinds=[WayKind.VILLAGE, WayKind.COUNTY])

    assert sorted(both.kinds.tolist()) == [WayKind.COUNTY, WayKind.VILLAGE]
    assert_allclose(both.metres.sum(), 2000, rtol=1e-3)


def test_each_piece_keeps_the_kind_of_its_road():
    cross = graph(line((-1000, 0), (1000, 0)), line((0, -1000), (0, 1000)), kinds=[WayKind.COUNTY, WayKind.VILLAGE])

    assert sorted(cross.kinds.tolist()) == [WayKind.COUNTY] * 2 + [WayKind.VILLAGE] * 2


def test_no_lines_make_no_graph():
    assert graph().piece_count == 0


POINTS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda point: (point[0] * 100.0, point[1] * 100.0))
LINES = st.lists(
    st.lists(POINTS, min_size=2, max_size=4, unique=True).map(lambda points: line(*points)), min_size=1, max_size=6
)


@given(LINES)
def test_noding_neither_loses_nor_invents_road(lines):
    made = graph(*lines, tolerance_m=1.0)
    drawn = shapely.union_all([shapely.transform(one, PLANE.metres) for one in lines]).length

    assert_allclose(made.metres.sum(), drawn, rtol=5e-3, atol=5)
