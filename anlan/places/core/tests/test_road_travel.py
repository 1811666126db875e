import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from anlan.places.core.metres import Plane, lengths_m
from anlan.places.core.road_graph import from_bytes, graph_from, to_bytes
from anlan.places.core.road_travel import Snapper, Travel, straight_matrix, travel_matrix
from anlan.places.core.road_values import BadSpeeds, Speeds, Use, WayKind, speed_limit_of, speeds_from, use_of

PLANE = Plane(109.0, 28.0)


def spots(*points):
    """Return places so many kilometres east and north of the middle, in degrees."""
    return PLANE.degrees(np.array(points, dtype=float).reshape(-1, 2) * 1000)


def ways(graph, origins, targets, **asked):
    travel = Travel(**asked)
    return travel_matrix(graph, Snapper(graph, travel.mode), origins, targets, travel)


# A road of 10 km with a branch of 5 km in its middle; all village roads (20 km/h).
FORK = graph_from(spots((0, 0), (5, 0), (10, 0), (5, 5)), [(0, 1), (1, 2), (1, 3)])


def test_minutes_are_kilometres_by_the_speed_of_the_kind():
    minutes = ways(FORK, spots((0, 0)), spots((10, 0), (5, 5)))

    assert_allclose(minutes, [[30.0, 30.0]], rtol=1e-4)  # 10 km at 20 km/h


def test_a_point_off_the_road_is_walked_to_it():
    minutes = ways(FORK, spots((2.5, 1)), spots((7.5, 0)))

    assert_allclose(minutes, [[15 + 15]], rtol=1e-3)  # 1 km at 4 km/h, 5 km at 20 km/h


def test_two_points_on_one_piece_do_not_go_round_by_its_ends():
    assert_allclose(ways(FORK, spots((1, 0)), spots((4, 0)), measure="metres"), [[3000]], rtol=1e-4)


def test_the_same_place_costs_nothing_even_off_the_road():
    assert ways(FORK, spots((2.5, 1)), spots((2.5, 1)))[0, 0] == 0


def test_what_lies_too_far_from_any_road_is_infinitely_far():
    far = spots((2.5, 3))

    assert np.isinf(ways(FORK, far, spots((0, 0)))[0, 0])
    assert np.isfinite(ways(FORK, far, spots((0, 0)), most_snap_m=4000)[0, 0])


def test_an_island_village_is_infinitely_far_and_never_near():
    island = graph_from(spots((0, 0), (5, 0), (20, 20), (25, 20)), [(0, 1), (2, 3)])

    minutes = ways(island, spots((0, 0), (20, 20)), spots((5, 0)))

    assert np.isfinite(minutes[0, 0])
    assert np.isinf(minutes[1, 0])


def test_a_place_that_is_not_known_is_infinitely_far():
    nowhere = np.array([[np.nan, np.nan]])

    assert np.isinf(ways(FORK, nowhere, spots((0, 0)))).all()
    assert np.isinf(straight_matrix(nowhere, spots((0, 0)), Travel())).all()


def test_a_crumb_of_a_road_catches_nobody():
    crumb = graph_from(spots((0, 0), (5, 0), (2, 0.3), (2, 0.4)), [(0, 1), (2, 3)])

    assert_allclose(ways(crumb, spots((2, 0.35)), spots((5, 0)), measure="metres"), [[3350]], rtol=1e-3)


def test_a_road_network_of_crumbs_alone_is_used_all_the_same():
    small = graph_from(spots((0, 0), (0.1, 0)), [(0, 1)])

    assert_allclose(ways(small, spots((0, 0)), spots((0.1, 0)), measure="metres"), [[100]], rtol=1e-3)


def test_a_one_way_street_is_driven_one_way_and_walked_both():
    # A square of 4 km driven counter-clockwise.
    square = graph_from(
        spots((0, 0), (1, 0), (1, 1), (0, 1)), [(0, 1), (1, 2), (2, 3), (3, 0)], uses=[Use.CAR_ALONG | Use.FOOT] * 4
    )
    there, back = spots((0.2, 0)), spots((0.8, 0))

    assert_allclose(ways(square, there, back, measure="metres"), [[600]], rtol=1e-3)
    assert_allclose(ways(square, back, there, measure="metres"), [[3400]], rtol=1e-3)
    assert_allclose(ways(square, back, there, measure="metres", mode="foot"), [[600]], rtol=1e-3)


def test_of_two_roads_between_the_same_crossings_the_quicker_counts():
    twice = graph_from(spots((0, 0), (10, 0)), [(0, 1), (1, 0)], kinds=[WayKind.VILLAGE, WayKind.COUNTY])

    assert_allclose(ways(twice, spots((0, 0)), spots((10, 0))), [[15]], rtol=1e-3)  # 40 km/h, not 20 and not both


def test_a_speed_limit_holds_and_mountains_slow_down():
    graph = graph_from(spots((0, 0), (10, 0)), [(0, 1)], kinds=[WayKind.COUNTY], limits=[20])
    assert_allclose(graph.minutes(Speeds(), "car"), [30], rtol=1e-3)

    steep = graph_from(spots((0, 0), (10, 0)), [(0, 1)], kinds=[WayKind.COUNTY])
    steep.mountain[:] = True
    assert_allclose(steep.minutes(Speeds(mountain_factor=0.5), "car"), [30], rtol=1e-3)


def test_nothing_is_reached_on_a_graph_without_roads():
    assert np.isinf(ways(graph_from([], []), spots((0, 0)), spots((1, 0)))).all()
    assert ways(FORK, spots(), spots((0, 0))).shape == (0, 1)


def test_straight_lines_are_longer_by_the_detour():
    assert_allclose(straight_matrix(spots((0, 0)), spots((10, 0)), Travel(measure="metres")), [[13_000]], rtol=1e-3)
    assert_allclose(straight_matrix(spots((0, 0)), spots((10, 0)), Travel()), [[26]], rtol=1e-3)  # at 30 km/h


def test_what_is_kept_is_what_was_made():
    kept = from_bytes(to_bytes(FORK))

    assert_allclose(kept.nodes, FORK.nodes, atol=1e-7)
    assert_allclose(kept.metres, FORK.metres, rtol=1e-4)
    assert kept.uses.tolist() == FORK.uses.tolist()


def test_metres_agree_with_the_ellipsoid():
    # 109°E 28°N to 110°E 29°N along the geodesic, by GeographicLib: 147 876 m.
    assert_allclose(lengths_m(np.array([[109.0, 28.0]]), np.array([[110.0, 29.0]])), [147_876], rtol=1e-4)


COORDINATES = st.tuples(st.floats(0, 10), st.floats(0, 10))


@st.composite
def networks(draw, uses=(Use.ALL,)):
    count = draw(st.integers(2, 8))
    nodes = draw(st.lists(COORDINATES, min_size=count, max_size=count, unique=True))
    node = st.integers(0, count - 1)
    pieces = draw(st.lists(st.tuples(node, node), min_size=1, max_size=14))
    chosen = draw(st.lists(st.sampled_from(uses), min_size=len(pieces), max_size=len(pieces)))
    return graph_from(spots(*nodes), pieces, uses=chosen).without_idle()


PLACES = st.lists(COORDINATES, min_size=3, max_size=4).map(lambda points: spots(*points))


@given(networks(uses=(Use.ALL, Use.CAR_ALONG, Use.CAR_AGAINST, Use.FOOT)), PLACES)
def test_a_detour_by_a_third_place_is_never_shorter(graph, places):
    costs = ways(graph, places, places, measure="metres", most_snap_m=1e5)

    around = (costs[:, :, None] + costs[None]).min(axis=1)
    assert (costs <= around + 1e-3).all()


@given(networks(), PLACES)
def test_without_one_way_streets_there_is_as_far_as_back(graph, places):
    costs = ways(graph, places, places, most_snap_m=1e5)

    assert_allclose(costs, costs.T, rtol=1e-6, atol=1e-6)


@given(networks(), PLACES)
def test_no_way_is_shorter_than_the_straight_line(graph, places):
    costs = ways(graph, places, places, measure="metres", most_snap_m=1e5)

    assert (costs >= lengths_m(places[:, None], places[None]) * 0.995 - 0.1).all()


@given(networks(), PLACES)
def test_from_few_to_many_is_as_from_many_to_few(graph, places):
    one = places[:1]

    assert_allclose(
        ways(graph, places, one, most_snap_m=1e5), ways(graph, one, places, most_snap_m=1e5).T, rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize(
    ("tags", "kind", "use"),
    [
        ({}, WayKind.VILLAGE, Use.ALL),
        ({"oneway": "yes"}, WayKind.VILLAGE, Use.CAR_ALONG | Use.FOOT),
        ({"oneway": "-1"}, WayKind.VILLAGE, Use.CAR_AGAINST | Use.FOOT),
        ({"junction": "roundabout"}, WayKind.COUNTY, Use.CAR_ALONG | Use.FOOT),
        ({"junction": "roundabout", "oneway": "no"}, WayKind.COUNTY, Use.ALL),
        ({}, WayKind.EXPRESSWAY, Use.CAR_ALONG),
        ({}, WayKind.PATH, Use.FOOT),
        ({"access": "private"}, WayKind.VILLAGE, Use.NOBODY),
        ({"access": "private", "foot": "yes"}, WayKind.VILLAGE, Use.FOOT),
        ({"access": "no", "motor_vehicle": "yes"}, WayKind.VILLAGE, Use.CAR),
        ({"motor_vehicle": "no"}, WayKind.TRACK, Use.FOOT),
        ({"foot": "no"}, WayKind.NATIONAL, Use.CAR),
    ],
)
def test_the_nearest_tag_says_who_may_pass(tags, kind, use):
    assert use_of(tags, kind) == use


@pytest.mark.parametrize(("text", "limit"), [("50", 50), ("30;50", 30), ("20 mph", 32), ("signals", 0), ("", 0)])
def test_a_speed_limit_is_a_number_or_none(text, limit):
    assert speed_limit_of({"maxspeed": text}) == limit


@pytest.mark.parametrize(
    "content", [{"county": 0}, {"county": 1000}, {"walking": float("nan")}, {"mountain_factor": 1.5}, {"detour": 0.9}]
)
def test_nobody_drives_like_that(content):
    with pytest.raises(BadSpeeds, match="expected"):
        speeds_from(content)


def test_speeds_that_are_not_said_are_as_in_the_example():
    assert speeds_from({"county": 35}) == Speeds(county=35.0)
