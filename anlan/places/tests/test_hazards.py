import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.ground.versions import Conflict
from anlan.places.actions.hazards import IsStruckOff, load_hazard_zones, strike_off_hazard_zone
from anlan.places.core.checking import BadRows
from anlan.places.core.hazards import HazardRow, zones_in
from anlan.places.models import HazardSquare, HazardZone
from anlan.places.tests.factories import OTHER_TOWNSHIP, TODAY, load, square
from anlan.places.tests.vector_tiles import features_in

pytestmark = pytest.mark.django_db
# Two zones of a township close together, one of the other far away.
ROWS = (
    HazardRow("H1", "柳溪村滑坡", "landslide", 3, 109.05, 28.05, people=40, households=10),
    HazardRow("H2", "柳溪村崩塌", "rockfall", 4, 109.051, 28.051, people=8),
    HazardRow("H3", "芦塘村山洪", "flash_flood", 1, 109.15, 28.15),
)


@pytest.fixture(autouse=True)
def county():
    load()


def zones(rows=ROWS):
    return load_hazard_zones(actor=None, county_code=COUNTY, rows=dict(enumerate(rows, 1)), at=NOON)


def tile(client, z: int, x: int, y: int) -> list[dict]:
    return features_in(client.get(f"/map/tiles/hazard-zones/{z}/{x}/{y}.mvt").content).get("hazard-zones", [])


def feature(properties: dict, geometry: dict | None = None) -> dict:
    shape = geometry or {"type": "Point", "coordinates": [109.05, 28.05]}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def file_of(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"code": ""}, "hazard_zone_has_a_number_and_a_name"),
        ({"kind": "meteor"}, "hazard_zone_kind_is_known"),
        ({"risk": 5}, "hazard_zone_risk_is_known"),
        ({"division_code": "9999"}, "hazard_zone_unit_is_a_code"),
        ({"code": "H2"}, "hazard_zone_number_once_a_county"),
        ({"people": -1}, "people_check"),
    ],
)
def test_a_zone_that_cannot_be_is_not_stored(changes, constraint):
    zones()

    with pytest.raises(IntegrityError, match=constraint):
        HazardZone.objects.filter(code="H1").update(**changes)


def test_a_zone_belongs_to_the_village_in_which_it_lies():
    zones()

    assert dict(HazardZone.objects.values_list("code", "unit_name")) == {"H1": "柳溪村", "H2": "柳溪村", "H3": "芦塘村"}


def test_a_load_corrects_what_it_knows_and_leaves_the_rest():
    zones()

    loaded = zones((HazardRow("H1", "柳溪村滑坡", "landslide", 4, 109.05, 28.05, people=41, households=10), ROWS[1]))

    assert (loaded.created, loaded.changed, loaded.unchanged) == (0, 1, 1)
    assert HazardZone.objects.get(code="H1").risk == 4
    assert HazardZone.objects.count() == 3
    assert HazardZone.objects.get(code="H1").version == 2


def test_a_zone_outside_the_county_takes_nothing_in():
    with pytest.raises(BadRows, match="1 faults"):
        zones((*ROWS, HazardRow("H4", "外面", "flood", 1, 112.0, 28.0)))

    assert HazardZone.objects.count() == 0


def test_the_counted_squares_tell_as_many_zones_as_there_are():
    zones()

    coarsest = HazardSquare.objects.filter(cell__lt=2 * 4**8)

    assert sum(row.count for row in coarsest) == 3
    assert {row.worst for row in coarsest} == {4, 1}


def test_close_zones_are_one_on_a_far_map_that_tells_how_many_and_the_worst(client):
    zones()
    client.force_login(alice())

    told = tile(client, 8, 205, 107)

    crowd = next(one for one in told if one.get("cluster"))
    assert (crowd["count"], crowd["worst"], crowd["people"]) == (2, 4, 48)
    assert [one["risk"] for one in told if not one.get("cluster")] == [1]


@pytest.mark.parametrize("place", [(8, 205, 107), (9, 411, 214), (10, 822, 428)])
def test_counted_now_and_counted_before_agree(client, place):
    zones()
    client.force_login(bob())
    before = tile(client, *place)
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    now = tile(client, *place)

    names = ("cluster", "count", "worst", "people", "risk", "fid")
    assert before
    assert [[one.get(name) for name in names] for one in now] == [[one.get(name) for name in names] for one in before]


def test_each_zone_stands_by_itself_on_a_near_map(client):
    zones()
    client.force_login(alice())

    told = tile(client, 13, 6577, 3430)

    assert {one["name"] for one in told} == {"柳溪村滑坡", "柳溪村崩塌"}
    assert {one["fid"] for one in told} == set(HazardZone.objects.exclude(code="H3").values_list("pk", flat=True))


def test_clusters_hold_only_what_one_answers_for(client):
    zones()
    client.force_login(person("otto", Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP))

    told = tile(client, 8, 205, 107)

    assert [one.get("count") for one in told] == [None]


def test_a_change_gives_the_tiles_another_tag(client):
    zones()
    client.force_login(alice())
    url = "/map/tiles/hazard-zones/8/205/107.mvt"
    before = client.get(url)["ETag"]

    zones((HazardRow("H1", "柳溪村滑坡", "landslide", 1, 109.05, 28.05),))

    assert client.get(url)["ETag"] != before


def test_a_zone_that_is_struck_off_leaves_the_map_and_stays_on_record(client):
    zones()
    row = HazardZone.objects.get(code="H3")
    client.force_login(alice())

    client.post(f"/places/hazards/{row.pk}/strike-off/", {"version": row.version})

    assert len(tile(client, 8, 205, 107)) == 1
    assert HazardZone.objects.get(pk=row.pk).retired_on is not None
    assert history_of("places.hazardzone", row.pk)


def test_a_zone_is_struck_off_once_and_by_who_saw_it():
    zones()
    row = HazardZone.objects.get(code="H1")
    known = {"actor": alice(), "zone_id": row.pk, "on": TODAY, "at": NOON}

    with pytest.raises(Conflict):
        strike_off_hazard_zone(**known, expected_version=row.version + 1)
    strike_off_hazard_zone(**known, expected_version=row.version)
    with pytest.raises(IsStruckOff):
        strike_off_hazard_zone(**known, expected_version=row.version + 1)


def test_the_pages_are_for_those_who_answer_for_the_place(client):
    zones()
    pages = [
        "/places/hazards/",
        *(f"/places/hazards/{row.pk}/{end}" for row in HazardZone.objects.all() for end in ("", "card/")),
    ]
    seen = {}
    for who in (alice(), bob(), carol()):
        client.force_login(who)
        seen[who.username] = [client.get(url).status_code for url in pages]
    client.logout()

    assert set(seen["alice"]) == {200}
    assert sorted(seen["bob"]) == [200] * 5 + [404] * 2
    assert seen["carol"] == [200] + [404] * 6
    assert {client.get(url).status_code for url in pages} == {302}


def test_a_township_officer_strikes_nothing_off(client):
    zones()
    row = HazardZone.objects.get(code="H1")
    client.force_login(bob())

    assert client.post(f"/places/hazards/{row.pk}/strike-off/", {"version": 1}).status_code == 404


def test_a_file_is_looked_at_and_taken_over(client):
    area = square(0.02, 0.02, 0.01, 0.01)
    content = file_of(
        feature({"编号": "H9", "名称": "坡", "类型": "滑坡", "风险等级": "极高", "威胁人数": 12.0}, area),
        feature({"code": "H8", "name": "沟", "kind": "泥石流", "risk": 2, "division_code": TOWNSHIP}),
    )
    client.force_login(alice())
    form = {"kind": "hazards", "county_code": COUNTY, "valid_from": "2026-01-01"}

    sent = client.post("/places/import/", form | {"file": SimpleUploadedFile("zones.geojson", content)})
    looked = client.get(sent["Location"]).content.decode()
    client.post(f"{sent['Location']}take/")

    assert "2" in looked
    assert HazardZone.objects.get(code="H9").people == 12
    assert HazardZone.objects.get(code="H9").area is not None
    assert HazardZone.objects.get(code="H8").division_code == TOWNSHIP


@pytest.mark.parametrize(
    ("properties", "column"),
    [
        ({"name": "坡", "kind": "滑坡", "risk": 1}, "code"),
        ({"code": "H", "kind": "滑坡", "risk": 1}, "name"),
        ({"code": "H", "name": "坡", "kind": "地震", "risk": 1}, "kind"),
        ({"code": "H", "name": "坡", "kind": "滑坡", "risk": 9}, "risk"),
        ({"code": "H", "name": "坡", "kind": "滑坡", "risk": 1, "people": "many"}, "people"),
        ({"code": "H", "name": "坡", "kind": "滑坡", "risk": 1, "division_code": "12"[:1]}, "division_code"),
    ],
)
def test_a_faulty_feature_is_told_by_its_column(properties, column):
    found = zones_in(file_of(feature(properties)))

    assert [problem.column for problem in found.problems] == [column]
    assert found.rows == {}


def test_zones_are_found_and_lie_inside(client):
    zones()
    client.force_login(alice())

    found = client.get("/map/search", {"q": "lxchp"}).json()["results"]
    inside = client.post("/map/inside", json.dumps({"polygon": square(0, 0)}), content_type="application/json").json()[
        "groups"
    ]

    assert found[0]["title"] == "柳溪村滑坡"
    group = next(one for one in inside if one["key"] == "hazard-zones")
    assert (group["count"], group["figures"][0]["value"]) == (2, 48)
