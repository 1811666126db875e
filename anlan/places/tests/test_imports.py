import json
from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils.translation import override

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, carol, person
from anlan.places import queries
from anlan.places.actions import BadRows, DivisionRow, Loaded
from anlan.places.actions.imports import FileKind, Order, commit_import, plan_import
from anlan.places.models import Division, River, Road
from anlan.places.tests.factories import SINCE, TODAY, load, square

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[109.01, 28.01], [109.05, 28.15]]}
DIVISIONS = Order(FileKind.DIVISIONS, COUNTY, SINCE)
BOUNDARIES = Order(FileKind.BOUNDARIES, COUNTY, SINCE)
GOOD = "code,name,population\n999901101000,柳溪镇,2600\n999901101203,新村,10\n"


def geojson(*features: tuple[dict, dict]) -> bytes:
    listed = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    return json.dumps({"type": "FeatureCollection", "features": listed}).encode()


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


def send(client, content: bytes, kind: str = "divisions", name: str = "places.csv"):
    form = {"kind": kind, "county_code": COUNTY, "valid_from": "2026-01-01", "file": SimpleUploadedFile(name, content)}
    return client.post("/places/import/", form)


def test_a_plan_says_what_would_change_and_changes_nothing():
    plan = plan_import(order=DIVISIONS, content=GOOD.encode("gb18030"))

    assert plan.encoding == "GB18030"
    assert [row.name for row in plan.created] == ["新村"]
    assert [(row.name, detail) for row, detail in plan.changed] == [("柳溪镇", {"population": 2600})]
    assert queries.division_at(TOWNSHIP, TODAY).population == 2500


def test_every_fault_of_a_file_is_listed_and_nothing_is_taken_over():
    bad = GOOD + "99990110120,短村,1\n999902101000,外镇,1\n999901101203,又一村,\n999901101204,多户村,-3\n"

    plan = plan_import(order=DIVISIONS, content=bad.encode())

    assert [(problem.row, problem.column) for problem in plan.problems] == [
        (4, "code"),  # eleven digits
        (5, "code"),  # of another county
        (5, "code"),  # and nothing above it
        (6, "code"),  # given twice
        (7, "population"),
    ]
    with pytest.raises(BadRows):
        commit_import(actor=None, order=DIVISIONS, content=bad.encode(), at=NOON)
    assert Division.objects.count() == 7


def test_households_that_no_longer_fit_are_told():
    plan = plan_import(order=DIVISIONS, content=f"code,name,population\n{VILLAGE},柳溪村,100\n".encode())

    assert [(problem.column, problem.value) for problem in plan.problems] == [("households", "500")]


def test_a_boundary_is_matched_by_name_and_drawn():
    load([DivisionRow("999901101203", "新村")])
    content = geojson(({"name": "新村"}, square(0.05, 0.05, 0.01, 0.01)))

    loaded = commit_import(actor=None, order=BOUNDARIES, content=content, at=NOON)

    drawn = queries.division_at("999901101203", TODAY)
    assert loaded == Loaded(changed=1)
    assert list(queries.boundaries_of([drawn.pk])) == [drawn.pk]


def test_rivers_and_roads_replace_those_on_record():
    for name in ("旧河", "青岚江"):
        order = Order(FileKind.RIVERS, COUNTY, SINCE)
        commit_import(actor=None, order=order, content=geojson(({"name": name}, LINE)), at=NOON)
    order = Order(FileKind.ROADS, COUNTY, SINCE)
    content = geojson(({"kind": "county", "name": "柳枫路"}, LINE))

    first = commit_import(actor=None, order=order, content=content, at=NOON)
    second = commit_import(actor=None, order=order, content=content, at=NOON)

    assert list(River.objects.values_list("name", flat=True)) == ["青岚江"]
    assert (first, second, Road.objects.count()) == (Loaded(created=1), Loaded(unchanged=1), 1)


def test_a_file_is_sent_looked_at_and_taken_over(as_alice):
    sent = send(as_alice, GOOD.encode())
    looked_at = as_alice.get(sent["Location"]).content.decode()
    before = Division.objects.count()
    as_alice.post(f"{sent['Location']}take/")

    assert "新村" in looked_at
    assert before == 7
    assert queries.division_at(TOWNSHIP, TODAY).population == 2600


def test_a_file_is_taken_over_once(as_alice):
    sent = send(as_alice, GOOD.encode())
    as_alice.post(f"{sent['Location']}take/")

    assert as_alice.post(f"{sent['Location']}take/").status_code == 409


def test_a_dropped_file_changes_nothing(as_alice):
    sent = send(as_alice, GOOD.encode())

    as_alice.post(f"{sent['Location']}drop/")

    assert as_alice.post(f"{sent['Location']}take/").status_code == 409
    assert Division.objects.count() == 7


def test_a_faulty_file_offers_no_way_to_take_it_over(as_alice):
    sent = send(as_alice, b"code,name\n99990110120,x\n")

    content = as_alice.get(sent["Location"]).content.decode()

    assert "99990110120" in content
    assert "/take/" not in content
    assert as_alice.post(f"{sent['Location']}take/").status_code == 409


def test_a_file_that_cannot_be_read_is_told(as_alice):
    sent = send(as_alice, "code,name\n999901000000,Pré été\n".encode("latin-1"))

    response = as_alice.get(sent["Location"])

    assert response.status_code == 422
    assert "GB18030" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [("places.xls", "divisions", b"x"), ("places.csv", "boundaries", b"x"), ("places.csv", "divisions", b"")],
)
def test_a_file_of_another_kind_is_refused_in_the_form(as_alice, name, kind, content):
    assert send(as_alice, content, kind, name).status_code == 422


def test_a_file_is_its_senders_own(as_alice, client):
    sent = send(as_alice, GOOD.encode())

    for stranger in (carol(), person("erin", Role.ANALYST)):
        client.force_login(stranger)
        assert client.get(sent["Location"]).status_code == 404
        assert client.post(f"{sent['Location']}take/").status_code == 404


def test_nobody_brings_in_places_of_a_county_that_is_not_theirs(client):
    client.force_login(carol())

    assert send(client, GOOD.encode()).status_code == 422


def test_a_plan_for_the_future_begins_then():
    order = Order(FileKind.DIVISIONS, COUNTY, date(2027, 1, 1))

    commit_import(actor=None, order=order, content=b"code,name\n999901103000,\xe6\x96\xb0\xe9\x95\x87\n", at=NOON)

    assert len(queries.units_within("999901103", TODAY)) == 0
    assert len(queries.units_within("999901103", date(2027, 1, 1))) == 1


def command(*options: object) -> str:
    out = StringIO()
    with override("en"):
        call_command("load_places", *map(str, options), "--county", COUNTY, "--since", "2020-01-01", stdout=out)
    return out.getvalue()


def test_a_file_is_taken_over_by_command(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(GOOD, "utf-8")

    assert "1 new, 1 changed, 0 as they were" in command("divisions", path)


@pytest.mark.parametrize(("name", "content"), [("nowhere.csv", None), ("bad.csv", b"code,name\n99990110120,x\n")])
def test_a_command_that_cannot_take_a_file_says_so(tmp_path, name, content):
    if content:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(CommandError) as refused:
        command("divisions", tmp_path / name)

    assert refused.value.returncode == 2
