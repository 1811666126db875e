import json
from datetime import timedelta

import numpy as np
import pytest
from django.contrib.gis.geos import Point

from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, TOWNSHIP, alice, bob, carol
from anlan.places.tests.factories import OTHER_TOWNSHIP, load, square
from anlan.places.tests.vector_tiles import features_in
from anlan.telemetry.core.timeline import told_as
from anlan.telemetry.models import Alarm, Latest, StationState, Threshold
from anlan.telemetry.queries import overview
from anlan.telemetry.queries.overview import wall_figures
from anlan.telemetry.queries.past import past_of
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.telemetry.tests.judging import NOW, T, book, run_until_judged, told

pytestmark = pytest.mark.django_db
HOUR = 3600.0


@pytest.fixture(autouse=True)
def county():
    """A gauge on the river in Bob's township that rose over its limits, and a rain gauge in the other."""
    load()
    book()
    river = station("R1", name="柳溪站", place=Point(109.05, 28.05, srid=4326), river="柳溪")
    rain = station(
        "P1", kind="rain", name="枫渡雨量站", division_code=OTHER_TOWNSHIP, place=Point(109.15, 28.05, srid=4326)
    )
    level = datastream(device("D1", at=river), "level", interval_s=600)
    datastream(device("D2", at=rain), "rain", interval_s=600)
    for colour, limit in ((2, 10.0), (3, 12.0)):
        Threshold.objects.create(datastream=level, quantity="reading", colour=colour, value=limit)
    told("D1", "level", [(T - 2 * HOUR + step * 600, 9.9 + 0.02 * step) for step in range(12)])
    told("D2", "rain", [(T - 2 * HOUR + step * 600, 1.5) for step in range(13)])
    run_until_judged()


def drawn(client, key: str) -> list[dict]:
    return json.loads(client.get(f"/map/layers/{key}.geojson").content)["features"]


def test_standing_alarms_are_drawn_where_their_station_stands(client):
    client.force_login(bob())

    (alarm,) = drawn(client, "alarms")

    assert alarm["geometry"]["coordinates"] == [109.05, 28.05]
    assert alarm["properties"]["colour"] == 2
    assert alarm["id"] == Alarm.objects.get(kind="hazard").pk
    assert alarm["properties"]["value"].endswith(" m")


def test_stations_tell_their_colour_and_what_they_measure_last(client):
    client.force_login(bob())

    (gauge,) = drawn(client, "stations")

    assert (gauge["properties"]["hazard"], gauge["properties"]["id"]) == (2, gauge["id"])
    assert "10.12" in gauge["properties"]["value"]


@pytest.mark.parametrize("key", ["stations", "alarms"])
def test_a_stranger_sees_no_sensors(client, key):
    client.force_login(carol())

    assert drawn(client, key) == []


def test_stations_come_as_tiles_too_and_tell_the_worst_of_a_crowd(client):
    station("R2", name="近站", place=Point(109.0505, 28.0505, srid=4326))
    client.force_login(bob())

    far = features_in(client.get("/map/tiles/stations/8/205/107.mvt").content)["stations"]
    near = features_in(client.get("/map/tiles/stations/13/6577/3430.mvt").content)["stations"]

    assert [(one["count"], one["worst"]) for one in far] == [(2, 2)]
    assert {one["name"]: one["hazard"] for one in near} == {"柳溪站": 2, "近站": 0}


def test_a_new_colour_gives_the_layer_another_tag(client):
    client.force_login(bob())
    urls = ("/map/tiles/stations/8/205/107.mvt", "/map/layers/stations.geojson")
    before = [client.get(url)["ETag"] for url in urls]

    StationState.objects.update(hazard=4, changed_at=NOW + timedelta(minutes=1))

    assert all(client.get(url)["ETag"] != tag for url, tag in zip(urls, before, strict=True))


def test_stations_are_found_and_lie_inside(client):
    client.force_login(alice())

    found = client.get("/map/search", {"q": "lxz"}).json()["results"]
    asked = client.post("/map/inside", json.dumps({"polygon": square(0, 0)}), content_type="application/json")
    group = next(one for one in asked.json()["groups"] if one["key"] == "stations")

    assert ("station", "柳溪站") in [(one["kind"], one["title"]) for one in found]
    assert [row["cells"][0] for row in group["rows"]] == ["柳溪站"]
    assert group["figures"][0]["value"] == 1


def test_the_wall_counts_what_stands_and_what_nobody_answered():
    figures = wall_figures(alice(), NOW)

    assert figures["stations"] == {"total": 2, "online": 2, "silent": 0, "fault": 0}
    assert figures["alarms"] == {"4": 0, "3": 0, "2": 1, "1": 0}
    assert [(each["name"], each["division"]) for each in figures["unanswered"]] == [("柳溪站", "柳溪镇")]
    assert figures["roll"][0]["news"] == "raised"


def test_the_wall_counts_also_those_that_it_does_not_list(monkeypatch):
    monkeypatch.setattr(overview, "MOST_UNANSWERED", 0)

    figures = wall_figures(alice(), NOW)

    assert (figures["unanswered"], figures["unanswered_in_all"]) == ([], 1)


def test_the_wall_ranks_rain_and_levels_over_their_warning():
    figures = wall_figures(alice(), NOW)

    assert [(each["name"], each["mm_1h"]) for each in figures["rain"]] == [("枫渡雨量站", 9.0)]
    assert [(each["name"], each["warning"], each["over"]) for each in figures["levels"]] == [("柳溪站", 10.0, 0.12)]


def test_the_trend_tells_of_the_last_day():
    trend = wall_figures(alice(), NOW)["trend"]

    assert trend["rain_mean_mm"][-1] == 9.0
    assert (len(trend["rain_mean_mm"]), sum(trend["readings"]), sum(trend["alarms"]["2"])) == (24, 25, 1)


def test_the_wall_shows_only_ones_own_area():
    own, none = wall_figures(bob(), NOW), wall_figures(carol(), NOW)

    assert (own["stations"]["total"], own["rain"]) == (1, [])
    assert (none["stations"]["total"], none["roll"], none["unanswered"]) == (0, [], [])


def test_an_acknowledgement_leaves_the_unanswered_and_enters_the_roll():
    Alarm.objects.update(state="acknowledged", acknowledged_at=NOW, acknowledged_by_id=1, acknowledged_by_name="Alice")

    figures = wall_figures(alice(), NOW)

    assert figures["unanswered"] == []
    assert "acknowledged" in [each["news"] for each in figures["roll"]]


def test_the_slider_tells_how_stations_stood():
    at = np.arange(T - 2 * HOUR, T + 1, 600.0)

    found = past_of(alice(), at)

    gauge = next(each for each in found["stations"].values() if each["property"] == "level")
    rain = next(each for each in found["stations"].values() if each["property"] == "rain_1h")
    assert [colour for _index, colour in gauge["hazard"]] == [0, 2]
    assert (gauge["values"][0], gauge["values"][-2]) == (9.9, 10.12)
    assert rain["values"][-1] == 9.0
    assert found["count"] == 13


def test_the_slider_keeps_to_ones_own_area():
    at = np.arange(T - 2 * HOUR, T + 1, 600.0)

    assert len(past_of(bob(), at)["stations"]) == 1
    assert past_of(carol(), at)["stations"] == {}
    assert TOWNSHIP.startswith(COUNTY[:6])
    assert ELSEWHERE[:6] != COUNTY[:6]
    assert Latest.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "known", "best"),
    [("rain", {"level": 1, "rain": 2}, 2), ("river", {"level": 1, "rain": 2}, 1), ("other", {"voltage": 1}, None)],
)
def test_a_station_is_known_by_what_it_is_for(kind, known, best):
    assert told_as(kind, known) == best
