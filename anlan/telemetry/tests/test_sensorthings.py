"""SensorThings over what is stored: who may read and write what, and what is understood."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from anlan.accounts.actions.own import make_token
from anlan.accounts.tests import factories as cast
from anlan.ground.fields import keyed_hash
from anlan.telemetry.models import Correction, Parcel, Reading
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
ROOT = "/telemetry/sensorthings/v1.1"
T0 = datetime(2026, 7, 1, tzinfo=UTC)
KEY = "key-of-d1"


@pytest.fixture
def alice():
    return cast.alice()


@pytest.fixture
def carol():
    return cast.carol()


@pytest.fixture
def level():
    station = make.station("R1", name="Bridge", note="a gauge")
    return make.datastream(make.device("D1", at=station, key_hash=keyed_hash(KEY)))


@pytest.fixture
def elsewhere():
    station = make.station("R2", name="Far", division_code="999902101000")
    return make.datastream(make.device("D2", at=station, key_hash=keyed_hash("key-of-d2")))


@pytest.fixture
def read(client, alice):
    client.force_login(alice)

    def read(path, **options):
        response = client.get(f"{ROOT}/{path}", options)
        return response.status_code, response.json()

    return read


def post(client, path, body, key=KEY):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post(f"{ROOT}/{path}", json.dumps(body), content_type="application/json", headers=headers)


def stored(of, *values, start=T0):
    Reading.objects.bulk_create(
        [
            Reading(datastream=of, time=start + timedelta(minutes=5 * place), value=value, arrived_at=start)
            for place, value in enumerate(values)
        ]
    )


def observed(of, **fields):
    return {"phenomenonTime": "2026-07-01T08:00:00+08:00", "result": 101.5, "Datastream": {"@iot.id": of.pk}, **fields}


def test_a_device_creates_an_observation_and_is_told_where_it_is(client, level):
    response = post(client, "Observations", observed(level))

    assert response.status_code == 201
    assert response["Location"].endswith(f"/Observations('{level.pk}-1782864000000')")
    row = Reading.objects.get()
    assert (row.datastream_id, row.time, row.value) == (level.pk, T0, 101.5)
    assert Parcel.objects.count() == 1


def test_what_was_created_can_be_read_at_its_address(client, level):
    where = post(client, "Observations", observed(level))["Location"]

    found = client.get(where, headers={"Authorization": f"Bearer {KEY}"}).json()

    assert (found["result"], found["phenomenonTime"]) == (101.5, "2026-07-01T00:00:00.000Z")


def test_an_observation_without_a_time_was_made_when_it_came(client, level):
    body = observed(level)
    del body["phenomenonTime"]

    assert post(client, "Observations", body).status_code == 201

    assert abs(Reading.objects.get().time - now()) < timedelta(minutes=1)


def test_a_key_as_the_password_of_basic_is_a_key(client, level):
    basic = base64.b64encode(f"D1:{KEY}".encode()).decode()

    response = client.post(
        f"{ROOT}/Observations",
        json.dumps(observed(level)),
        content_type="application/json",
        headers={"Authorization": f"Basic {basic}"},
    )

    assert response.status_code == 201


@pytest.mark.parametrize("key", ["", "wrong", "key-of-d1 "[:9] + "x"])
def test_nobody_writes_without_a_valid_key(client, level, key):
    assert post(client, "Observations", observed(level), key).status_code == 401
    assert not Reading.objects.exists()


def test_a_log_in_of_the_browser_reads_only(client, alice, level):
    client.force_login(alice)

    assert post(client, "Observations", observed(level), key="").status_code == 400
    assert not Reading.objects.exists()


def test_a_device_fills_its_own_station_only(client, level, elsewhere):
    assert post(client, "Observations", observed(elsewhere)).status_code == 400
    assert not Reading.objects.exists()


def test_a_person_with_a_token_fills_stations_that_they_look_after(client, alice, level, elsewhere):
    token = make_token(actor=alice, name="logger", days=1, at=now())[1]

    assert post(client, "Observations", observed(level), token).status_code == 201
    assert post(client, "Observations", observed(elsewhere), token).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"result": "high"},
        {"result": True},
        {"phenomenonTime": "yesterday"},
        {"phenomenonTime": "2026-07-01T08:00:00"},
        {"phenomenonTime": "2026-07-02T00:00:00Z/2026-07-01T00:00:00Z"},
        {"phenomenonTime": 12},
        {"validTime": "never"},
        {"Datastream": {"name": "level"}},
        {"Datastream": 7},
        {"Datastream": {"@iot.id": 10**12}},
        {"FeatureOfInterest": {"feature": {"type": "Point", "coordinates": [1, 2]}}},
    ],
)
def test_a_faulty_observation_is_refused_with_the_reason(client, level, change):
    response = post(client, "Observations", observed(level, **change))

    assert response.status_code == 400
    assert response.json()["message"]
    assert not Reading.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"7", b'{"result": NaN}', b"\xff", b"[" * 5000])
def test_a_body_that_is_no_observation_is_refused(client, level, body):
    response = client.post(
        f"{ROOT}/Observations", body, content_type="application/json", headers={"Authorization": f"Bearer {KEY}"}
    )

    assert response.status_code == 400


def test_a_missing_result_that_was_told_is_kept_as_missing(client, level, read):
    post(client, "Observations", observed(level, result=None))

    assert read("Observations")[1]["value"][0]["result"] is None


def test_a_data_array_tells_row_by_row_what_was_kept(client, level):
    rows = [["2026-07-01T00:00:00Z", 1.0], ["2026-07-01T00:05:00Z", "x"], ["2026-07-01T00:10:00-0700Z", 3.0], [1]]
    body = [{"Datastream": {"@iot.id": level.pk}, "components": ["phenomenonTime", "result"], "dataArray": rows}]

    response = post(client, "CreateObservations", body)

    assert response.status_code == 201
    kinds = ["error" if each.startswith("error") else "kept" for each in response.json()]
    assert kinds == ["kept", "error", "kept", "error"]
    assert sorted(Reading.objects.values_list("value", flat=True)) == [1.0, 3.0]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [{}],
        [{"Datastream": {"@iot.id": 1}, "components": ["phenomenonTime"], "dataArray": []}],
        [{"Datastream": {"@iot.id": 1}, "components": ["result", "result"], "dataArray": []}],
        [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": "x"}],
        [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1]], "dataArray@iot.count": 2}],
    ],
)
def test_a_body_that_is_no_data_array_is_refused(client, level, body):
    assert post(client, "CreateObservations", body).status_code == 400


def test_the_root_lists_all_sets(read):
    status, found = read("")

    assert status == 200
    assert {"Things", "Locations", "Datastreams", "Observations"} <= {each["name"] for each in found["value"]}


def test_a_thing_is_a_station_with_its_links(read, level):
    found = read("Things")[1]["value"][0]

    assert (found["name"], found["description"], found["properties"]["code"]) == ("Bridge", "a gauge", "R1")
    assert found["@iot.selfLink"].endswith(f"{ROOT}/Things({level.station_id})")
    assert found["Datastreams@iot.navigationLink"] == found["@iot.selfLink"] + "/Datastreams"


def test_nobody_reads_beyond_their_own_divisions(read, level, elsewhere):
    stored(level, 1.0)
    stored(elsewhere, 2.0)

    assert [each["properties"]["code"] for each in read("Things")[1]["value"]] == ["R1"]
    assert [each["result"] for each in read("Observations")[1]["value"]] == [1.0]
    assert read(f"Things({elsewhere.station_id})")[0] == 404
    assert read(f"Datastreams({elsewhere.pk})/Observations")[0] == 404
    assert read("Datastreams", **{"$filter": "Thing/name eq 'Far'"})[1]["value"] == []


def test_a_stranger_and_a_passer_by_see_nothing(client, carol, level):
    assert client.get(f"{ROOT}/Things").status_code == 401
    client.force_login(carol)
    assert client.get(f"{ROOT}/Things").json() == {"value": []}


def test_an_address_leads_from_entity_to_entity(read, level):
    stored(level, 1.0, 2.0)

    assert read(f"Things({level.station_id})/Datastreams")[1]["value"][0]["@iot.id"] == level.pk
    assert len(read(f"Things({level.station_id})/Datastreams({level.pk})/Observations")[1]["value"]) == 2
    assert read(f"Datastreams({level.pk})/Thing")[1]["name"] == "Bridge"
    assert read(f"Datastreams({level.pk})/Thing/Locations")[1]["value"][0]["location"]["coordinates"] == [110.1, 30.1]
    assert read(f"Datastreams({level.pk})/unitOfMeasurement")[1]["unitOfMeasurement"]["symbol"] == "m"
    assert read(f"Datastreams({level.pk})/ObservedProperty")[1]["name"] == "level"
    assert read(f"Datastreams({level.pk})/Sensor")[1]["metadata"]["code"] == "D1"


def test_a_bare_value_is_plain_text(client, alice, level):
    client.force_login(alice)

    response = client.get(f"{ROOT}/Things({level.station_id})/name/$value")

    assert (response.content, response["Content-Type"]) == (b"Bridge", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "Nothing",
        "Things(999999)",
        "Things(1)/Observations",
        "Things(x)",
        "Things('1'';')",
        "Observations('7')",
        "Things/Datastreams",
        "Things(1)/name/$value/x",
        "/".join(["Things(1)", "Datastreams(1)"] * 4),
    ],
)
def test_an_address_that_leads_nowhere_is_told_so(read, level, path):
    assert read(path)[0] in {400, 404}


def test_the_newest_come_first_and_pages_follow_each_other(client, read, level):
    stored(level, 1.0, 2.0, 3.0)

    status, page = read("Observations", **{"$top": "2", "$count": "true"})

    assert (page["@iot.count"], [each["result"] for each in page["value"]]) == (3, [3.0, 2.0])
    rest = client.get(page["@iot.nextLink"]).json()
    assert [each["result"] for each in rest["value"]] == [1.0]
    assert "@iot.nextLink" not in rest


@pytest.mark.parametrize(
    ("condition", "results"),
    [
        ("result gt 1.5", [3.0, 2.0]),
        ("result gt 1.5 and phenomenonTime lt 2026-07-01T00:10:00Z", [2.0]),
        ("phenomenonTime ge 2026-07-01T08:05:00+08:00", [3.0, 2.0]),
        ("not (result eq 2)", [3.0, 1.0]),
        ("Datastream/Thing/name eq 'Bridge'", [3.0, 2.0, 1.0]),
        ("Datastream/ObservedProperty/name eq 'rain'", []),
        ("startswith(Datastream/Thing/properties/code, 'R')", [3.0, 2.0, 1.0]),
        ("Datastream/id eq 0", []),
    ],
)
def test_a_filter_narrows(read, level, condition, results):
    stored(level, 1.0, 2.0, 3.0)

    assert [each["result"] for each in read("Observations", **{"$filter": condition})[1]["value"]] == results


@pytest.mark.parametrize(
    "condition",
    [
        "device__key_hash eq 'x'",
        "Datastream/device/key_hash eq 'x'",
        "station__keeper_phone ne null",
        "Thing/keeper_phone eq '1'",
        "result gt",
        "result gt 'x'",
        "((((",
        "result",
        "unknown(result) eq 1",
        "phenomenonTime gt 99999-01-01T00:00:00Z",
    ],
)
def test_a_filter_cannot_ask_for_what_is_not_offered(read, level, condition):
    stored(level, 1.0)

    for path in ("Observations", "Datastreams"):
        assert read(path, **{"$filter": condition})[0] == 400


@pytest.mark.parametrize(
    "options",
    [
        {"$top": "-1"},
        {"$top": "many"},
        {"$skip": "1.5"},
        {"$count": "yes"},
        {"$orderby": "secret desc"},
        {"$orderby": "result sideways"},
        {"$select": "nothing"},
        {"$expand": "Nothing"},
        {"$expand": "Datastream("},
        {"$expand": "Datastream($top)"},
        {"$search": "x"},
    ],
)
def test_an_option_that_cannot_be_is_refused(read, level, options):
    stored(level, 1.0)

    assert read("Observations", **options)[0] == 400


def test_order_choice_and_what_is_shown_inside(read, level):
    stored(level, 3.0, 1.0, 2.0)
    options = {"$orderby": "result asc", "$select": "result", "$expand": "Datastream($select=name;$expand=Thing)"}

    found = read("Observations", **options)[1]["value"]

    assert [each["result"] for each in found] == [1.0, 2.0, 3.0]
    assert "phenomenonTime" not in found[0]
    assert found[0]["Datastream"]["Thing"]["name"] == "Bridge"


def test_each_thing_with_the_newest_observation_of_each_datastream(read, level):
    stored(level, 1.0, 2.0)

    inner = "Datastreams($expand=Observations($top=1;$orderby=phenomenonTime desc))"
    thing = read("Things", **{"$expand": inner})[1]["value"][0]

    (stream,) = thing["Datastreams"]
    assert [each["result"] for each in stream["Observations"]] == [2.0]
    assert stream["Observations@iot.nextLink"].endswith("/Observations?%24top=1&%24skip=1")


def test_a_corrected_value_is_the_result_and_the_raw_one_is_told(read, level, alice):
    stored(level, 1.0)
    Correction.objects.create(
        datastream=level, time=T0, value=9.0, reason="typing error", by_id=alice.pk, by_name="Alice", at=T0
    )

    found = read("Observations")[1]["value"][0]

    assert (found["result"], found["parameters"]) == (9.0, {"raw": 1.0, "corrected": True})


def test_observations_as_a_data_array(read, level):
    stored(level, 1.0, 2.0)

    (array,) = read("Observations", **{"$resultFormat": "dataArray", "$orderby": "phenomenonTime"})[1]["value"]

    assert array["dataArray"] == [["2026-07-01T00:00:00.000Z", 1.0], ["2026-07-01T00:05:00.000Z", 2.0]]


def test_a_hundred_observations_cost_few_queries(read, level, django_assert_max_num_queries):
    stored(level, *map(float, range(100)))
    read("")  # the session is written once in a while, not with every request

    with django_assert_max_num_queries(7):
        assert len(read(f"Datastreams({level.pk})/Observations")[1]["value"]) == 100


def test_only_observations_can_be_created(client, level):
    assert post(client, "Things", {"name": "x", "description": "y"}).status_code == 400
    assert post(client, f"Things({level.station_id})/Observations", observed(level)).status_code == 400
    assert post(client, f"Datastreams({level.pk + 1})/Observations", observed(level)).status_code == 400
