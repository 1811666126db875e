"""The pages of a county's roads, the file sent to them, and the command: what is told, taken and refused."""

import json
from io import StringIO
from pathlib import Path

import osmium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override
from osmium.osm.mutable import Node, Way

from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, VILLAGE, alice, bob, carol
from anlan.places import actions, queries
from anlan.places.core.values import RoadRow
from anlan.places.models import Division, RoadNet
from anlan.places.tasks import load_road_file
from anlan.places.tests.factories import load
from anlan.web.models import Job, JobState, Upload

pytestmark = pytest.mark.django_db
ISLAND, ISLAND_NAME = "999901102202", "芦塘村"
SEATS = {
    COUNTY: (109.05, 28.05),
    VILLAGE: (109.02, 28.05),
    "999901101202": (109.08, 28.05),
    "999901102201": (109.1, 28.05),
    ISLAND: (109.19, 28.19),
}
LINE = {"type": "LineString", "coordinates": [[109.0, 28.05], [109.1, 28.05]]}
GEOJSON = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {"kind": "village"}, "geometry": LINE}],
}


@pytest.fixture(autouse=True)
def county():
    load()
    for code, (longitude, latitude) in SEATS.items():
        Division.objects.filter(code=code).update(seat=f"SRID=4326;POINT({longitude} {latitude})")


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


@pytest.fixture
def map_file(tmp_path) -> Path:
    return written(tmp_path / "county.osm.pbf", [(109.0, 28.05), (109.06, 28.05), (109.1, 28.05)])


def written(path: Path, points: list[tuple[float, float]]) -> Path:
    """Write a map file of one road through the points."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, point in enumerate(points, start=1):
            writer.add_node(Node(id=number, location=point))
        writer.add_way(Way(id=1, nodes=list(range(1, len(points) + 1)), tags={"highway": "tertiary"}))
    return path


def text_of(response) -> str:
    return response.content.decode()


def at(name: str, *more: str) -> str:
    return reverse(name, args=[COUNTY, *more])


def drawn() -> None:
    actions.load_roads(actor=None, county_code=COUNTY, rows=[RoadRow("", "", "village", LINE)], at=NOON)


def sent(client, name: str, content: bytes):
    """Send the file and let the worker take it over."""
    response = client.post(at("roads-file"), {"file": SimpleUploadedFile(name, content)})
    if response.status_code == 302:
        job, upload = Job.objects.get(), Upload.objects.get()
        load_road_file.func(job_id=job.pk, upload_id=upload.pk, county_code=COUNTY, actor_id=upload.actor_id)
    return response


def command(*arguments) -> str:
    out = StringIO()
    with override("en"):
        call_command("load_roads_pbf", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_without_a_network_the_page_says_what_to_do(as_alice):
    assert at("roads-file") in text_of(as_alice.get(at("roads")))


def test_the_page_tells_how_good_the_network_is_and_names_whom_it_does_not_reach(as_alice):
    drawn()

    shown = text_of(as_alice.get(at("roads")))

    assert ISLAND_NAME in shown
    assert reverse("division", args=[ISLAND]) in shown
    assert at("roads-layer", "net") in shown


def test_the_map_draws_the_network_and_the_unreached(as_alice):
    drawn()

    net = as_alice.get(at("roads-layer", "net")).json()["features"]
    unreached = as_alice.get(at("roads-layer", "unreached")).json()["features"]

    assert [feature["properties"]["kind"] for feature in net] == [5]
    assert net[0]["geometry"]["coordinates"] == [[[109.0, 28.05], [109.1, 28.05]]]
    assert [feature["properties"]["name"] for feature in unreached] == [ISLAND_NAME]


def test_the_map_is_sent_again_only_when_it_changed(as_alice, map_file):
    drawn()
    tag = as_alice.get(at("roads-layer", "net"))["ETag"]

    assert as_alice.get(at("roads-layer", "net"), headers={"If-None-Match": tag}).status_code == 304
    actions.load_road_file(actor=None, county_code=COUNTY, file=map_file, name="a.osm.pbf", at=NOON)
    assert as_alice.get(at("roads-layer", "net"), headers={"If-None-Match": tag}).status_code == 200


def test_a_map_file_that_is_sent_becomes_the_network(as_alice, map_file):
    response = sent(as_alice, "county.osm.pbf", map_file.read_bytes())

    job, net = Job.objects.get(), RoadNet.objects.get()
    assert response["Location"] == reverse("job", args=[job.pk])
    assert (job.state, job.result_url) == (JobState.DONE, at("roads"))
    assert (net.origin, net.piece_count, net.file_name) == ("osm", 2, "county.osm.pbf")


def test_drawn_roads_that_are_sent_become_the_network_too(as_alice, map_file):
    actions.load_road_file(actor=None, county_code=COUNTY, file=map_file, name="a.osm.pbf", at=NOON)

    sent(as_alice, "roads.geojson", json.dumps(GEOJSON).encode())

    assert Job.objects.get().state == JobState.DONE
    assert RoadNet.objects.get().origin == "drawn"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("county.osm.pbf", b"no map", "cannot be read"),
        ("county.osm", b"<osm version='0.6'/>", "no roads"),
        ("roads.geojson", b"{}", ""),
    ],
)
def test_what_is_no_map_of_the_county_fails_in_words_and_changes_nothing(as_alice, name, content, why):
    drawn()

    sent(as_alice, name, content)

    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert why in str(job.refusal)
    assert RoadNet.objects.get().origin == "drawn"
    assert Upload.objects.get().state == "pending"


@pytest.mark.parametrize(("name", "content"), [("roads.shp", b"x"), ("county.osm.pbf", b"")])
def test_a_file_of_another_kind_is_refused_at_once(as_alice, name, content):
    response = sent(as_alice, name, content)

    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert not Upload.objects.exists()


def test_the_drawn_roads_can_be_used_again(as_alice, map_file):
    drawn()
    actions.load_road_file(actor=None, county_code=COUNTY, file=map_file, name="a.osm.pbf", at=NOON)

    assert at("roads-join") in text_of(as_alice.get(at("roads")))
    assert as_alice.post(at("roads-join")).status_code == 302
    assert RoadNet.objects.get().origin == "drawn"


def test_speeds_are_set_as_they_were_seen(as_alice):
    drawn()
    typed = {name: str(value) for name, value in speeds().items()} | {"version": "1", "village": "10"}

    assert 'name="village"' in text_of(as_alice.get(at("roads-speeds")))
    assert as_alice.post(at("roads-speeds"), typed).status_code == 302
    assert queries.road_quality(COUNTY).speeds.village == 10
    assert as_alice.post(at("roads-speeds"), typed).status_code == 409
    assert as_alice.post(at("roads-speeds"), typed | {"version": "2", "village": "0"}).status_code == 422


def speeds() -> dict[str, float]:
    quality = queries.road_quality(COUNTY)
    return {name: getattr(quality.speeds, name) for name in quality.speeds.__slots__}


def test_the_navigation_leads_to_one_s_own_county(as_alice):
    assert reverse("own-roads") in text_of(as_alice.get(reverse("home")))
    assert as_alice.get(reverse("own-roads"))["Location"] == at("roads")


@pytest.mark.parametrize("who", [bob, carol])
def test_whoever_does_not_answer_for_the_county_finds_no_roads_page(client, who):
    drawn()
    client.force_login(who())
    urls = [at("roads"), at("roads-file"), at("roads-speeds"), at("roads-layer", "net")]

    assert [client.get(url).status_code for url in urls] == [404] * 4
    assert client.post(at("roads-join")).status_code == 404


def test_a_township_has_no_network_of_its_own(as_alice):
    drawn()

    assert as_alice.get(reverse("roads", args=[TOWNSHIP])).status_code == 404
    assert as_alice.get(at("roads-layer", "rivers")).status_code == 404


def test_the_command_makes_the_network_and_tells_how_good_it_is(map_file):
    said = command(map_file, "--county", COUNTY[:6])

    assert "2 pieces" in said
    assert ISLAND_NAME in said
    assert RoadNet.objects.get().origin == "osm"


def test_the_command_says_what_is_wrong(tmp_path):
    wrong, far = tmp_path / "wrong.osm.pbf", written(tmp_path / "far.osm.pbf", [(10.0, 50.0), (10.1, 50.0)])
    wrong.write_bytes(b"no map")

    for file, county_code, why in (
        (tmp_path / "none.osm.pbf", COUNTY, "no such file"),
        (tmp_path, COUNTY, "no such file"),
        (Path(__file__), COUNTY, "expected a file that ends in .pbf"),
        (wrong, COUNTY, "cannot be read as OpenStreetMap"),
        (far, COUNTY, "no roads that touch the county"),
        (far, ELSEWHERE, "is not on record"),
        (far, "123", "digits"),
    ):
        with pytest.raises(CommandError, match=why):
            command(file, "--county", county_code)
    assert not RoadNet.objects.exists()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "box"), [("andorra.osm.pbf", (1.4, 42.4, 1.8, 42.7)), ("monaco.osm.gz", (7.4, 43.7, 7.5, 43.8))]
)
def test_a_real_map_file_is_taken_from_disk_and_from_memory(shared, name, box):
    west, south, east, north = box
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    shape = f"SRID=4326;MULTIPOLYGON((({ring})))"
    Division.objects.filter(code=COUNTY).update(boundary=shape, outline=shape)
    Division.objects.exclude(code=COUNTY).update(boundary=None, outline=None, seat=None)
    path = shared / "roads" / name

    command(path, "--county", COUNTY)
    count = RoadNet.objects.get().piece_count
    again = actions.load_road_file(actor=None, county_code=COUNTY, file=path.read_bytes(), name=name, at=NOON)

    assert again.piece_count == count > 1000
