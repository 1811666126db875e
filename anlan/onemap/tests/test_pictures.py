import pytest

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, VILLAGE, alice, bob, carol, person
from anlan.places.tests.factories import load

pytestmark = pytest.mark.django_db
PAGES = ["/map/", "/map/config.json"]


@pytest.fixture(autouse=True)
def county():
    load()


def config(client) -> dict:
    return client.get("/map/config.json").json()


@pytest.mark.parametrize("url", PAGES)
def test_nobody_is_asked_to_log_in(client, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", PAGES)
def test_whoever_has_no_part_of_it_finds_no_map(client, url):
    client.force_login(person("gina", Role.GRID_WORKER, VILLAGE))

    assert client.get(url).status_code == 404


def test_the_map_begins_where_the_person_works(client):
    client.force_login(alice())

    found = config(client)

    assert found["area"] == {"code": COUNTY, "name": "青岚县"}
    assert found["bounds"] == pytest.approx([109.0, 28.0, 109.2, 28.2])


def test_layers_are_counted_within_the_persons_areas(client):
    counts = {}
    for who in (alice(), bob(), carol()):
        client.force_login(who)
        counts[who.username] = {layer["key"]: layer["count"] for layer in config(client)["layers"]}

    assert [counts[name]["townships"] for name in ("alice", "bob", "carol")] == [2, 1, 0]
    assert [counts[name]["villages"] for name in ("alice", "bob", "carol")] == [4, 2, 0]


def test_dense_layers_come_as_tiles(client):
    client.force_login(alice())

    layer = next(one for one in config(client)["layers"] if one["key"] == "townships")

    assert layer["source"] == "tiles"
    assert layer["url"] == "/map/tiles/townships/{z}/{x}/{y}.mvt"
    assert (layer["source_layer"], layer["label_layer"]) == ("townships", "townships-labels")


def test_only_our_own_ground_needs_nothing(client, settings):
    client.force_login(alice())
    alone = [ground["key"] for ground in config(client)["base"]]

    settings.TIANDITU_KEY, settings.PMTILES = "k", "file.pmtiles"

    assert alone == ["own"]
    assert [ground["key"] for ground in config(client)["base"]] == ["own", "pmtiles", "vec", "img"]


def test_the_page_may_ask_the_map_service_only_with_a_key(client, settings):
    client.force_login(alice())
    without = client.get("/map/")["Content-Security-Policy"]

    settings.TIANDITU_KEY = "k"

    assert "tianditu" not in without
    assert "connect-src 'self' https://t0.tianditu.gov.cn" in client.get("/map/")["Content-Security-Policy"]


@pytest.fixture
def ground(tmp_path, settings):
    path = tmp_path / "county.pmtiles"
    path.write_bytes(bytes(range(100)))
    settings.PMTILES = str(path)
    return "/map/base.pmtiles"


@pytest.mark.parametrize(
    ("asked", "told", "content"),
    [
        ("bytes=0-9", "bytes 0-9/100", bytes(range(10))),
        ("bytes=95-200", "bytes 95-99/100", bytes(range(95, 100))),
        ("bytes=-2", "bytes 98-99/100", bytes([98, 99])),
    ],
)
def test_the_browser_reads_parts_of_the_sites_tiles(client, ground, asked, told, content):
    client.force_login(bob())

    response = client.get(ground, headers={"Range": asked})

    assert (response.status_code, response["Content-Range"], response.content) == (206, told, content)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=5-2", "bytes=1-2,5-6"])
def test_a_part_that_is_not_there_is_refused(client, ground, asked):
    client.force_login(bob())

    assert client.get(ground, headers={"Range": asked}).status_code == 416


def test_a_site_without_tiles_offers_none(client):
    client.force_login(alice())

    assert client.get("/map/base.pmtiles").status_code == 404


def test_the_sites_tiles_are_for_those_who_have_a_part_of_it(client, ground):
    assert client.get(ground).status_code == 302
