from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError
from numpy.testing import assert_allclose

from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, VILLAGE, alice
from anlan.ground.audit import history_of
from anlan.ground.versions import Conflict
from anlan.places import actions, queries
from anlan.places.actions.road_nets import NoRoads
from anlan.places.core.road_travel import Snapper, Travel, travel_matrix
from anlan.places.core.road_values import BadSpeeds
from anlan.places.core.values import RoadRow
from anlan.places.models import Division, RoadNet
from anlan.places.osm import BadRoadFile, graph_of_file
from anlan.places.queries import NoRoadNet
from anlan.places.tests.factories import OTHER_VILLAGE, load

pytestmark = pytest.mark.django_db
SEATS = {VILLAGE: (109.02, 28.05), OTHER_VILLAGE: (109.08, 28.05), "999901102201": (109.15, 28.15)}
ISLAND = "999901102202"


def road(*points, kind="village") -> RoadRow:
    return RoadRow("", "", kind, {"type": "LineString", "coordinates": points})


@pytest.fixture
def county():
    load()
    for code, (longitude, latitude) in SEATS.items():
        Division.objects.filter(code=code).update(seat=f"SRID=4326;POINT({longitude} {latitude})")
    Division.objects.filter(code=ISLAND).update(seat="SRID=4326;POINT(109.19 28.01)")
    Division.objects.filter(code=COUNTY).update(seat="SRID=4326;POINT(109.05 28.05)")
    rows = [road((109.0, 28.05), (109.1, 28.05)), road((109.1, 28.05), (109.15, 28.15))]
    actions.load_roads(actor=None, county_code=COUNTY, rows=rows, at=NOON)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [({"origin": "guess"}, "road_net_origin_is_known"), ({"piece_count": 0}, "road_net_has_roads")],
)
def test_a_network_that_cannot_be_is_not_stored(county, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        RoadNet.objects.update(**changes)


def test_drawn_roads_become_a_network_as_they_are_loaded(county):
    net = RoadNet.objects.get()

    assert (net.origin, net.piece_count, net.heap_count) == ("drawn", 2, 1)
    assert net.length_km == pytest.approx(9.83 + 12.1, rel=0.02)
    assert history_of("places.roadnet", net.pk)[0].verb == "roads joined"


def test_minutes_are_asked_from_divisions_and_points(county):
    minutes = queries.travel_minutes(COUNTY, [VILLAGE, (109.05, 28.05)], [OTHER_VILLAGE, ISLAND])

    # 5.9 km and 2.95 km of village road; one village lies in the hills, no factor there.
    assert_allclose(minutes[:, 0], [17.7, 8.85], rtol=0.02)
    assert np.isinf(minutes[:, 1]).all()


def test_a_straight_line_is_a_choice(county):
    metres = queries.travel_metres(COUNTY, [VILLAGE], [OTHER_VILLAGE, ISLAND], method="straight")

    assert_allclose(metres, [[5.9e3 * 1.3, 17.28e3 * 1.3]], rtol=0.02)


def test_roads_on_mountain_land_are_slower(county):
    before = queries.travel_minutes(COUNTY, [VILLAGE], [OTHER_VILLAGE])
    Division.objects.filter(code=VILLAGE).update(landform="mountain")
    actions.join_roads(actor=None, county_code=COUNTY, at=NOON)

    assert_allclose(queries.travel_minutes(COUNTY, [VILLAGE], [OTHER_VILLAGE]), before / 0.8, rtol=1e-6)


def test_remoteness_is_minutes_to_the_county_seat(county):
    minutes = queries.remoteness_minutes(COUNTY)

    assert minutes[OTHER_VILLAGE] == pytest.approx(8.85, rel=0.02)
    assert minutes[ISLAND] == float("inf")
    assert set(minutes) == {TOWNSHIP, "999901102000", *SEATS, ISLAND}


def test_remoteness_is_unknown_without_a_seat_or_a_network(county):
    RoadNet.objects.all().delete()
    assert set(queries.remoteness_minutes(COUNTY).values()) == {float("inf")}

    actions.join_roads(actor=None, county_code=COUNTY, at=NOON)
    Division.objects.filter(code=COUNTY).update(seat=None)
    assert set(queries.remoteness_minutes(COUNTY).values()) == {float("inf")}


def test_a_way_by_road_needs_a_network():
    with pytest.raises(NoRoadNet, match="choose straight lines"):
        queries.travel_minutes(ELSEWHERE, [VILLAGE], [TOWNSHIP])


def test_an_open_network_is_asked_in_three_statements(county, django_assert_num_queries):
    queries.travel_minutes(COUNTY, [VILLAGE], [OTHER_VILLAGE])

    with django_assert_num_queries(2):
        queries.travel_minutes(COUNTY, list(SEATS), [TOWNSHIP, ISLAND])


def test_the_quality_names_villages_that_no_road_reaches(county):
    quality = queries.road_quality(COUNTY)

    assert quality.unreached == [(ISLAND, "芦塘村")]
    assert (quality.piece_count, quality.heap_count, quality.has_seat) == (2, 1, True)
    assert queries.road_quality(ELSEWHERE) is None


def test_nothing_is_joined_where_no_road_is_on_record():
    load()

    with pytest.raises(NoRoads):
        actions.join_roads(actor=None, county_code=COUNTY, at=NOON)


def test_a_network_goes_with_the_last_road(county):
    actions.load_roads(actor=None, county_code=COUNTY, rows=[], at=NOON)

    assert RoadNet.objects.count() == 0


def test_speeds_are_set_and_every_time_is_counted_anew(county):
    analyst = alice()
    before = queries.travel_minutes(COUNTY, [VILLAGE], [OTHER_VILLAGE])

    row = actions.set_speeds(
        actor=analyst, county_code=COUNTY, expected_version=1, speeds={"village": 10}, at=NOON + timedelta(days=1)
    )

    assert_allclose(queries.travel_minutes(COUNTY, [VILLAGE], [OTHER_VILLAGE]), before * 2, rtol=1e-6)
    assert history_of("places.roadnet", row.pk)[0].detail["village"] == 10
    with pytest.raises(Conflict):
        actions.set_speeds(actor=analyst, county_code=COUNTY, expected_version=1, speeds={}, at=NOON)
    with pytest.raises(BadSpeeds):
        actions.set_speeds(actor=analyst, county_code=COUNTY, expected_version=2, speeds={"village": 0}, at=NOON)


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="28.05" lon="109.0"/><node id="2" lat="28.05" lon="109.1"/><node id="3" lat="40.0" lon="100.0"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="9"/><tag k="highway" v="tertiary"/></way>
<way id="2"><nd ref="2"/><nd ref="1"/><tag k="waterway" v="river"/></way>
<way id="3"><nd ref="3"/><nd ref="3"/><tag k="highway" v="tertiary"/></way></osm>"""


def test_a_map_file_becomes_a_network_and_drawn_roads_do_not_replace_it(county, tmp_path):
    file = tmp_path / "county.osm"
    file.write_text(OSM, encoding="utf-8")

    net = actions.load_road_file(actor=None, county_code=COUNTY, file=file, name="county.osm", at=NOON)

    assert (net.origin, net.piece_count, net.version, net.file_name) == ("osm", 1, 2, "county.osm")
    actions.load_roads(actor=None, county_code=COUNTY, rows=[road((109.0, 28.0), (109.1, 28.0))], at=NOON)
    assert RoadNet.objects.get().origin == "osm"


@pytest.mark.parametrize(("text", "why"), [("no map", "cannot be read"), ("<osm version='0.6'/>", "no roads")])
def test_what_is_no_map_is_refused(tmp_path, text, why):
    file = tmp_path / "county.osm"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadRoadFile, match=why):
        graph_of_file(file)


def test_bytes_that_are_no_map_are_refused():
    with pytest.raises(BadRoadFile, match="cannot be read"):
        graph_of_file(b"no map")


# Reference figures of a public routing engine on the same files (latitude, longitude there).
MONACO = ("monaco.osm.gz", (7.42135, 43.730729), (7.419199, 43.727697))
ANDORRA = ("andorra.osm.pbf", (1.603231, 42.56819), (1.520662, 42.571034))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("case", "mode", "metres", "tolerance"),
    [(MONACO, "car", 2580, 0.01), (ANDORRA, "car", 17_708, 0.01), (ANDORRA, "foot", 16_460, 0.01)],
)
def test_shortest_ways_agree_with_a_routing_engine(shared, case, mode, metres, tolerance):
    name, origin, target = case
    graph = graph_of_file(shared / "roads" / name)

    travel = Travel(mode=mode, measure="metres")
    found = travel_matrix(graph, Snapper(graph, mode), np.array([origin]), np.array([target]), travel)

    assert found[0, 0] == pytest.approx(metres, rel=tolerance)


@pytest.mark.shared
def test_a_file_is_read_the_same_from_memory(shared):
    path = shared / "roads" / ANDORRA[0]

    assert graph_of_file(path.read_bytes()).piece_count == graph_of_file(path).piece_count
