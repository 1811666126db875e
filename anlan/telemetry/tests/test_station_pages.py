"""Pages of stations: who sees and changes them, what they show, what is refused in words."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils.timezone import now

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.records import queries as records
from anlan.records.core.tests.file_cases import photo
from anlan.telemetry.actions import stations as actions
from anlan.telemetry.actions.keeping import Intake, keep
from anlan.telemetry.models import Station, StationState, Threshold
from anlan.telemetry.panels import open_station
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests.factories import datastream, device, station

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "竹坞水位站",
    "code": "ZW-01",
    "kind": "river",
    "division_code": VILLAGE,
    "longitude": "109.04",
    "latitude": "28.05",
    "keeper_phone": "13800001234",
}


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    """The officer of the township whose stations these are."""
    client.force_login(bob())
    return client


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


def text_of(response) -> str:
    return response.content.decode()


def gauge(**fields) -> Station:
    return station("QL-W01", name="柳溪水位站", keeper_name="陈永福", keeper_phone="13800001234", **fields)


def tell(stream, *values: float) -> None:
    """Keep one value an hour, the last one now."""
    connection.ensure_connection()
    wire = wire_now(connection.connection)
    intake, at = Intake(wire), now()
    for hours, value in enumerate(reversed(values)):
        moment = (at - timedelta(hours=hours)).timestamp()
        intake.put(wire.streams[stream.device_id, stream.element], moment, value, moment)
    with transaction.atomic():
        keep(connection.connection, intake, at=at)


def test_the_list_holds_what_one_answers_for(as_bob):
    gauge()
    station("X-1", name="枫渡雨量站", division_code=OTHER_TOWNSHIP)

    shown = text_of(as_bob.get(reverse("stations")))

    assert "柳溪水位站" in shown
    assert "枫渡雨量站" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "W01"}, {"柳溪水位站"}),
        ({"kind": "rain"}, {"柳溪雨量站"}),
        ({"state": "3"}, {"柳溪水位站"}),
        ({"state": "closed"}, {"柳溪雨量站"}),
        ({"state": "trouble"}, {"柳溪水位站"}),
        ({"site": "后山"}, {"柳溪雨量站"}),
        ({"unit": TOWNSHIP[:9]}, {"柳溪水位站", "柳溪雨量站"}),
    ],
)
def test_the_list_is_narrowed(as_bob, query, found):
    row = gauge()
    station("QL-R01", name="柳溪雨量站", kind="rain", is_in_use=False, site="后山")
    StationState.objects.create(station=row, hazard=3, device=1, changed_at=NOON)

    shown = text_of(as_bob.get(reverse("stations"), query))

    assert {name for name in ("柳溪水位站", "柳溪雨量站") if name in shown} == found


def test_the_list_asks_no_more_for_more_stations(as_bob, django_assert_max_num_queries):
    for number in range(12):
        datastream(device(f"D{number}", at=station(f"S{number}")))

    with django_assert_max_num_queries(30):
        as_bob.get(reverse("stations"))


def test_the_page_draws_levels_with_their_limits_and_tells_the_same_as_a_table(as_bob):
    stream = datastream(device(at=gauge()))
    Threshold.objects.create(datastream=stream, quantity="reading", colour=2, value=57.5)
    tell(stream, 56.1, 56.2, 57.9)

    shown = text_of(as_bob.get(reverse("station", args=[stream.station_id])))

    assert f'data-chart="chart-{stream.pk}"' in shown
    assert "57.90" in shown
    assert "57.5" in shown


def test_rain_is_told_by_its_sums(as_bob):
    stream = datastream(device(at=gauge(kind="rain")), "rain", is_counter=False)
    tell(stream, 1.0, 2.0, 4.0)

    shown = text_of(as_bob.get(reverse("station", args=[stream.station_id])))

    assert "<dt>1 h</dt><dd>4.0 mm</dd>" in shown
    assert "<dt>3 h</dt><dd>7.0 mm</dd>" in shown


def test_a_reading_not_believed_is_marked_and_not_drawn(as_bob):
    stream = datastream(device(at=gauge()), highest=100.0)
    tell(stream, 56.1, 999.0, 56.2)

    content = as_bob.get(reverse("datastream-series", args=[stream.pk]), {"hours": 24}).json()

    assert [value for _time, value, _flags in content["points"]] == [56.1, None, 56.2]
    assert [(value, flags) for _time, value, flags in content["flagged"]] == [(999.0, 1)]


def test_the_card_tells_values_alarms_and_whom_to_call(as_bob):
    stream = datastream(device(at=gauge()))
    tell(stream, 56.1)

    shown = text_of(as_bob.get(reverse("station-card", args=[stream.station_id])))

    assert "陈永福" in shown
    assert "138****1234" in shown
    assert "13800001234" not in shown
    assert "<html" not in shown


def test_the_township_records_a_station(as_bob):
    response = as_bob.post(reverse("station-new"), TYPED)

    row = Station.objects.get()
    assert response["Location"] == reverse("station", args=[row.pk])
    assert (row.unit_name, row.keeper_phone) == ("柳溪村", "13800001234")


@pytest.mark.parametrize(
    ("field", "value"),
    [("longitude", "999"), ("name", ""), ("code", "水位"), ("keeper_phone", "call me"), ("kind", "tent")],
)
def test_what_cannot_be_is_told_at_its_field(as_bob, field, value):
    response = as_bob.post(reverse("station-new"), TYPED | {field: value})

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    assert not Station.objects.exists()


def test_a_township_records_no_station_of_another(as_bob):
    assert as_bob.post(reverse("station-new"), TYPED | {"division_code": OTHER_TOWNSHIP}).status_code == 422
    assert not Station.objects.exists()


def test_a_code_is_taken_once(as_bob):
    station("ZW-01", division_code=OTHER_TOWNSHIP)

    response = as_bob.post(reverse("station-new"), TYPED)

    assert response.status_code == 422
    assert 'id="id_code_error"' in text_of(response)


def test_a_station_is_corrected_as_it_was_seen_and_keeps_its_number(as_bob):
    row, typed = gauge(), TYPED | {"keeper_phone": "", "code": "QL-W01"}
    url = reverse("station-edit", args=[row.pk])

    assert "13800001234" not in text_of(as_bob.get(url))
    assert as_bob.post(url, typed | {"version": "1"}).status_code == 302
    assert as_bob.post(url, typed | {"version": "1", "name": "别的"}).status_code == 409
    row.refresh_from_db()
    assert (row.name, row.keeper_phone) == ("竹坞水位站", "13800001234")


def test_what_lies_upstream_is_chosen(as_bob):
    rain, row = station("QL-R01", name="上游雨量站", kind="rain"), gauge()
    typed = TYPED | {"code": "QL-W01", "version": "1", "upstream": ["QL-R01"]}

    as_bob.post(reverse("station-edit", args=[row.pk]), typed)

    assert list(row.upstream.all()) == [rain]
    assert "上游雨量站" in text_of(as_bob.get(reverse("station", args=[row.pk])))


def test_a_station_is_closed_and_opened_again(as_bob):
    row = gauge()

    assert as_bob.post(reverse("station-close", args=[row.pk]), {"version": "1"}).status_code == 302
    assert not Station.objects.get().is_in_use
    assert as_bob.post(reverse("station-close", args=[row.pk]), {"version": "2"}).status_code == 409
    assert as_bob.post(reverse("station-open", args=[row.pk]), {"version": "2"}).status_code == 302
    verbs = [entry.verb for entry in history_of("telemetry.station", row.pk)]
    assert verbs == ["station opened", "station closed"]


def test_only_a_station_that_never_was_is_struck(as_bob):
    row, used = gauge(), device(at=station("S2")).station

    assert as_bob.post(reverse("station-strike", args=[row.pk]), {"version": "1"})["Location"] == reverse("stations")
    assert as_bob.post(reverse("station-strike", args=[used.pk]), {"version": "1"}).status_code == 409
    assert list(Station.objects.all()) == [used]


def test_the_number_is_shown_to_whoever_says_what_for(as_bob):
    row = gauge()
    url = reverse("station-phone", args=[row.pk])

    assert "13800001234" not in text_of(as_bob.get(reverse("station", args=[row.pk])))
    assert as_bob.post(url, {"purpose": " "}).status_code == 409
    assert "tel:13800001234" in text_of(as_bob.post(url, {"purpose": "叫应"}))
    assert history_of("telemetry.station", row.pk)[0].detail == {"purpose": "叫应"}


def test_nobody_else_is_shown_the_number(client):
    row = gauge()
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))
    in_village = station("V1", division_code=VILLAGE, keeper_phone="13800001234")

    assert client.post(reverse("station-phone", args=[row.pk]), {"purpose": "x"}).status_code == 404
    assert client.post(reverse("station-phone", args=[in_village.pk]), {"purpose": "x"}).status_code == 404


def test_another_county_s_stations_are_not_there(client):
    stream = datastream(device(at=gauge()))
    client.force_login(carol())

    for name, pk in (
        ("station", stream.station_id),
        ("station-card", stream.station_id),
        ("device", stream.device_id),
        ("datastream", stream.pk),
        ("datastream-series", stream.pk),
        ("datastream-file", stream.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    assert "柳溪水位站" not in text_of(client.get(reverse("stations")))


def test_whoever_only_reads_is_offered_no_change(client):
    row = gauge(division_code=VILLAGE)
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    shown = text_of(client.get(reverse("station", args=[row.pk])))

    assert reverse("station-edit", args=[row.pk]) not in shown
    assert client.post(reverse("station-edit", args=[row.pk]), TYPED | {"version": "1"}).status_code == 404


def test_the_map_s_layer_tells_of_each_station_and_its_colour(as_bob):
    row = gauge()
    StationState.objects.create(station=row, hazard=2, changed_at=NOON)
    url = reverse("layer", args=[TOWNSHIP, "stations"])

    response = as_bob.get(url)

    facts = response.json()["features"][0]["properties"]
    assert (facts["name"], facts["hazard"]) == ("柳溪水位站", 2)
    actions.close_station(actor=bob_again(), station_id=row.pk, expected_version=1, at=NOON)
    assert as_bob.get(url)["ETag"] != response["ETag"]


def bob_again():
    from anlan.accounts.models import User

    return User.objects.get(username="bob")


def test_the_navigation_leads_there(as_alice):
    assert reverse("stations") in text_of(as_alice.get(reverse("home")))
    assert reverse("devices") in text_of(as_alice.get(reverse("home")))


def test_the_panel_of_a_station_is_written_by_whoever_looks_after_it():
    row = gauge()

    assert open_station(bob(), row.pk).may_write
    assert not open_station(person("vera", Role.VILLAGE_OFFICER, COUNTY), row.pk).may_write


def test_photographs_that_people_put_there_stand_on_the_page_and_the_card(as_bob):
    row = gauge()
    picture = SimpleUploadedFile("站房.jpg", photo(), "image/jpeg")
    assert as_bob.post(reverse("file-attach", args=["telemetry.station", row.pk]), {"file": picture}).status_code < 400
    shown = reverse("file", args=[records.files_of("telemetry.station", row.pk)[0].pk])

    for name in ("station", "station-card"):
        assert shown in text_of(as_bob.get(reverse(name, args=[row.pk])))
