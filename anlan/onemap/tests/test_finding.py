import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.accounts.tests.factories import COUNTY, alice, bob, carol
from anlan.onemap.core.areas import MOST_VERTICES, BadArea, area_drawn
from anlan.places.actions import RiverRow, RoadRow, load_rivers, load_roads
from anlan.places.tests.factories import NOON, load, square

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[109.01, 28.01], [109.05, 28.15]]}
# The western half of 柳溪村 and of nothing else.
HALF = square(0, 0, 0.05, 0.1)


@pytest.fixture(autouse=True)
def county():
    load()
    load_rivers(actor=None, county_code=COUNTY, rows=[RiverRow("柳溪河", "", None, LINE)], at=NOON)
    load_roads(actor=None, county_code=COUNTY, rows=[RoadRow("G9", "柳枫路", "national", LINE)], at=NOON)


def titles(client, text: str) -> list[str]:
    return [one["title"] for one in client.get("/map/search", {"q": text}).json()["results"]]


def look(client, polygon=HALF):
    return client.post("/map/inside", json.dumps({"polygon": polygon}), content_type="application/json")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("柳溪村", "柳溪村"),
        ("999901102", "枫渡镇"),
        ("lxh", "柳溪河"),
        ("liuxihe", "柳溪河"),
        ("g9", "柳枫路"),
        ("LFL", "柳枫路"),
    ],
)
def test_places_are_found_by_name_code_and_pinyin(client, text, first):
    client.force_login(alice())

    assert titles(client, text)[0] == first


def test_what_is_found_tells_where_it_is(client):
    client.force_login(alice())

    found = client.get("/map/search", {"q": "柳溪村"}).json()["results"][0]

    assert found["bounds"] == pytest.approx([109.0, 28.0, 109.1, 28.1])
    assert (found["kind"], found["layer"], found["url"]) == ("division", "villages", "/places/999901101201/")


def test_only_what_one_answers_for_is_found(client):
    client.force_login(bob())
    own = titles(client, "枫渡")
    client.force_login(carol())

    assert own == []
    assert titles(client, "柳") == []


@pytest.mark.parametrize("text", ["", "   ", "\0", "没有这个地方"])
def test_nothing_is_found_for_nothing(client, text):
    client.force_login(alice())

    assert titles(client, text) == []


def test_people_of_a_village_that_is_cut_count_by_the_share_inside(client):
    client.force_login(alice())

    told = look(client).json()

    (villages,) = [group for group in told["groups"] if group["key"] == "villages"]
    assert [row["cells"][0] for row in villages["rows"]] == ["柳溪村"]
    assert villages["rows"][0]["cells"][4:] == ["50%", "750"]
    assert villages["figures"][0]["value"] == 750
    assert told["area_km2"] == pytest.approx(54.5, abs=0.2)
    assert any("面积占比" in note for note in told["notes"])


def test_only_what_one_answers_for_is_inside(client):
    everything = square(0, 0, 0.2, 0.2)
    counts = []
    for who in (alice(), bob(), carol()):
        client.force_login(who)
        counts.append(look(client, everything).json()["groups"][0]["count"])

    assert counts == [4, 2, 0]


def test_the_workbook_holds_every_row_and_the_sums(client):
    client.force_login(alice())

    response = client.post("/map/inside.xlsx", {"polygon": json.dumps(HALF)})
    book = openpyxl.load_workbook(io.BytesIO(response.content))

    assert book.worksheets[1]["A2"].value == "柳溪村"
    assert 750 in [cell.value for cell in book.worksheets[0]["B"]]


@pytest.mark.parametrize(
    "polygon",
    [
        None,
        [],
        {"type": "Point", "coordinates": [109, 28]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[109, 28], [109, 28], [109, 28], [109, 28]]]},
        {"type": "Polygon", "coordinates": [[["a", 28], [110, 28], [110, 29], ["a", 28]]]},
        {"type": "Polygon", "coordinates": [[[500, 28], [510, 28], [510, 29], [500, 28]]]},
    ],
)
def test_what_is_no_area_is_refused_in_words(client, polygon):
    client.force_login(alice())

    response = look(client, polygon)

    assert response.status_code == 409
    assert response.json()["error"]


def test_an_area_has_at_most_so_many_points():
    ring = [[109 + place / 10000, 28 + place % 2] for place in range(MOST_VERTICES)]

    with pytest.raises(BadArea, match="too many points"):
        area_drawn(json.dumps({"polygon": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}))


@given(st.binary(max_size=200))
def test_no_text_breaks_the_reading_of_an_area(text):
    with pytest.raises(BadArea):
        area_drawn(text)


@pytest.mark.parametrize(
    ("method", "url"), [("get", "/map/search"), ("post", "/map/inside"), ("post", "/map/inside.xlsx")]
)
def test_nobody_finds_anything(client, method, url):
    assert getattr(client, method)(url).status_code in {302, 401}
