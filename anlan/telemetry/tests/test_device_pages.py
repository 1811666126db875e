"""Pages of devices and datastreams: health, keys told once, limits, the uniform rate, a reading put right."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, TOWNSHIP, VILLAGE, bob, carol, person
from anlan.ground.audit import history_of
from anlan.ground.fields import keyed_hash
from anlan.ground.versions import Conflict
from anlan.places.tests.factories import load
from anlan.telemetry.actions import corrections
from anlan.telemetry.core.mqtt_passwords import matches
from anlan.telemetry.core.parcels import unpack
from anlan.telemetry.core.register_checking import BadRow
from anlan.telemetry.models import Correction, Datastream, Device, DeviceState, Parcel, Reading
from anlan.telemetry.panels import open_device
from anlan.telemetry.queries.series import told_between
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.telemetry.tests.test_station_pages import tell, text_of

pytestmark = pytest.mark.django_db
TYPED = {"code": "D-9", "protocol": "mqtt", "centre": "1", "is_in_use": "on"}
STREAM = {
    "element": "level", "property": "level", "unit": "m", "factor": "0.01", "offset": "50", "interval_s": "300",
    "noise_mm": "0", "is_in_use": "on", "highest": "70",
}  # fmt: skip


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


def test_health_is_told_in_a_word_apart_from_hazard(as_bob):
    at, place = now(), station()
    for code, heard, volts, clock in (
        ("SILENT", at - timedelta(days=2), 12.0, 0.0),
        ("LOW", at, 10.2, 0.0),
        ("CLOCK", at, 12.0, -4000.0),
        ("WELL", at, 12.0, 2.0),
    ):
        DeviceState.objects.create(device=device(code, at=place), heard_at=heard, voltage=volts, clock_error_s=clock)
    device("NEVER", at=place), device("CLOSED", at=place, is_in_use=False)

    found = {}
    for health in ("silent", "low", "clock", "well", "never", "closed"):
        shown = text_of(as_bob.get(reverse("devices"), {"health": health}))
        found[health] = [code for code in ("SILENT", "LOW", "CLOCK", "WELL", "NEVER", "CLOSED") if f">{code}<" in shown]

    assert found == {health: [health.upper()] for health in found}


def test_a_device_that_reports_often_is_silent_sooner(as_bob):
    often, seldom = device("OFTEN"), device("SELDOM", at=station("S2"))
    datastream(often, interval_s=60.0), datastream(seldom, interval_s=86400.0)
    for each in (often, seldom):
        DeviceState.objects.create(device=each, heard_at=now() - timedelta(hours=1))

    shown = text_of(as_bob.get(reverse("devices"), {"health": "silent"}))

    assert ">OFTEN<" in shown
    assert ">SELDOM<" not in shown


def test_a_device_is_recorded_at_its_station(as_bob):
    place = station()

    response = as_bob.post(reverse("device-new", args=[place.pk]), TYPED)

    row = Device.objects.get()
    assert response["Location"] == reverse("device", args=[row.pk])
    assert (row.station, row.address, row.dialect) == (place, None, {})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"protocol": "sl651"}, "address"),
        ({"address": "0012345678"}, "address"),
        ({"code": "a b"}, "code"),
        ({"centre": "300"}, "centre"),
        ({"dialect": "{"}, "dialect"),
        ({"password": "zz"}, "password"),
    ],
)
def test_a_device_that_cannot_be_is_told_at_its_field(as_bob, changes, field):
    response = as_bob.post(reverse("device-new", args=[station().pk]), TYPED | changes)

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)


def test_a_device_is_corrected_as_it_was_seen(as_bob):
    row = device(protocol="sl651", address="0012345678", password="04D2")
    typed = TYPED | {"code": "D1", "protocol": "sl651", "address": "00123456ab", "version": "1"}
    url = reverse("device-edit", args=[row.pk])

    assert "04D2" not in text_of(as_bob.get(url))
    assert as_bob.post(url, typed).status_code == 302
    assert as_bob.post(url, typed).status_code == 409
    row.refresh_from_db()
    assert (row.address, row.password) == ("00123456AB", "04D2")


def test_a_key_is_told_once_and_kept_as_hashes_only(as_bob):
    row = device()
    response = as_bob.post(reverse("device-key", args=[row.pk]), {"version": "1"})
    key = text_of(response).split('user-select-all fs-3 text-break">')[1].split("<")[0]

    row.refresh_from_db()
    assert len(key) >= 32
    assert row.key_hash == keyed_hash(key)
    assert matches(key, row.mqtt_entry)
    assert response["Cache-Control"] == "no-store"
    assert key not in text_of(as_bob.get(reverse("device", args=[row.pk])))
    assert key not in str(history_of("telemetry.device", row.pk)[0].detail)


def test_a_key_is_withdrawn(as_bob):
    row = device(key_hash="x" * 64)

    as_bob.post(reverse("device-key-withdraw", args=[row.pk]), {"version": "1"})

    row.refresh_from_db()
    assert (row.key_hash, row.mqtt_entry) == ("", "")


def test_only_a_device_that_never_told_anything_is_struck(as_bob):
    used, unused = datastream(device()).device, device("D2", at=station("S2"))

    assert as_bob.post(reverse("device-strike", args=[used.pk]), {"version": "1"}).status_code == 409
    assert as_bob.post(reverse("device-strike", args=[unused.pk]), {"version": "1"}).status_code == 302
    assert list(Device.objects.all()) == [used]


def test_what_a_device_tells_is_recorded_and_converted(as_bob):
    row = device()

    response = as_bob.post(reverse("datastream-new", args=[row.pk]), STREAM)

    stream = Datastream.objects.get()
    assert response["Location"] == reverse("datastream", args=[stream.pk])
    assert (stream.factor, stream.offset, stream.station) == (0.01, 50.0, row.station)
    assert as_bob.post(reverse("datastream-new", args=[row.pk]), STREAM).status_code == 422


def test_what_began_by_itself_is_confirmed(as_bob):
    stream = datastream(device(), is_confirmed=False)

    as_bob.post(reverse("datastream-edit", args=[stream.pk]), STREAM | {"version": "1"})

    stream.refresh_from_db()
    assert stream.is_confirmed


def test_limits_are_named_as_the_field_names_them_and_kept(as_bob):
    stream = datastream(device())
    url = reverse("datastream-limits", args=[stream.pk])
    shown = text_of(as_bob.get(url))

    assert all(name in shown for name in ("警戒水位", "保证水位", "历史最高水位"))
    assert as_bob.post(url, {"version": "1", "reading-2": "57.5", "reading-3": "58.5"}).status_code == 302
    assert sorted(stream.thresholds.values_list("colour", "value")) == [(2, 57.5), (3, 58.5)]
    assert as_bob.post(url, {"version": "1", "reading-2": "50"}).status_code == 409
    as_bob.post(url, {"version": "2", "reading-2": "", "reading-3": ""})
    assert not stream.thresholds.exists()


def test_a_limit_below_the_one_before_is_told_at_its_field(as_bob):
    stream = datastream(device())

    response = as_bob.post(
        reverse("datastream-limits", args=[stream.pk]), {"version": "1", "reading-2": "58", "reading-3": "57"}
    )

    assert response.status_code == 422
    assert 'id="id_reading-3_error"' in text_of(response)


def test_a_uniform_rate_is_proposed_from_days_and_confirmed_by_a_person(as_bob):
    stream = datastream(device(protocol="http"), "displacement")
    tell(stream, *(100.0 + hours * 0.1 for hours in range(240)))
    today = now().date()
    url = reverse("datastream-uniform", args=[stream.pk])

    shown = text_of(as_bob.get(url, {"since": today - timedelta(days=8), "until": today}))
    assert "2.4" in shown
    as_bob.post(url, {"version": "1", "uniform_mm_d": "2.4"})

    stream.refresh_from_db()
    assert (stream.uniform_mm_d, stream.uniform_by_name) == (2.4, "Bob")


def test_too_short_a_span_gives_no_rate(as_bob):
    stream = datastream(device(protocol="http"), "displacement")
    tell(stream, 1.0, 2.0)

    shown = text_of(
        as_bob.get(
            reverse("datastream-uniform", args=[stream.pk]),
            {"since": now().date() - timedelta(days=8), "until": now().date()},
        )
    )

    assert "alert-warning" in shown


@pytest.mark.parametrize(("prop", "rate", "status"), [("level", "1", 409), ("displacement", "0", 422)])
def test_a_rate_belongs_to_a_slope_and_lies_over_zero(as_bob, prop, rate, status):
    stream = datastream(device(), prop)

    response = as_bob.post(reverse("datastream-uniform", args=[stream.pk]), {"version": "1", "uniform_mm_d": rate})

    assert response.status_code == status


def put_right(client, stream, *, value="57.0", reason="slip of the pen", seen="0"):
    time = Reading.objects.filter(datastream_id=stream.pk).latest("time").time
    url = f"{reverse('reading-put-right', args=[stream.pk])}?time={time.isoformat().replace('+', '%2B')}"
    return client.post(url, {"value": value, "reason": reason, "seen": seen})


def test_a_reading_is_put_right_and_the_raw_value_stays(as_bob):
    stream = datastream(device(), highest=100.0)
    tell(stream, 56.0, 999.0)
    Parcel.objects.all().delete()

    assert put_right(as_bob, stream).status_code == 302

    assert Reading.objects.latest("time").value == 999.0
    told = told_between(stream.pk, 0.0, now().timestamp() + 60)
    assert told.believed().values.tolist() == [56.0, 57.0]
    ((again, since),) = unpack(bytes(Parcel.objects.get().content)).again
    assert (again, since) == (stream.pk, pytest.approx(Reading.objects.latest("time").time.timestamp()))
    shown = text_of(as_bob.get(reverse("datastream", args=[stream.pk])))
    assert "999" in shown
    assert "57" in shown


def test_a_reading_is_struck_and_counts_as_missing(as_bob):
    stream = datastream(device())
    tell(stream, 56.0, 60.0)

    put_right(as_bob, stream, value="")

    assert np.isnan(told_between(stream.pk, 0.0, now().timestamp() + 60).believed().values[-1])


def test_a_correction_is_withdrawn(as_bob):
    stream = datastream(device())
    tell(stream, 56.0)
    put_right(as_bob, stream)
    time = Reading.objects.get().time

    url = f"{reverse('reading-withdraw', args=[stream.pk])}?time={time.isoformat().replace('+', '%2B')}"
    as_bob.post(url, {"seen": Correction.objects.get().pk})

    assert told_between(stream.pk, 0.0, now().timestamp() + 60).values.tolist() == [56.0]
    assert not Correction.objects.get().is_current


def test_whoever_corrects_a_reading_second_is_told(as_bob):
    stream = datastream(device())
    tell(stream, 56.0)
    put_right(as_bob, stream)

    assert put_right(as_bob, stream, value="58").status_code == 409
    assert put_right(as_bob, stream, value="58", seen=str(Correction.objects.get().pk)).status_code == 302
    assert Correction.objects.filter(is_current=True).get().value == 58.0


def test_a_correction_has_a_reason_and_a_reading(as_bob):
    stream, actor = datastream(device()), person("max")
    said = {"actor": actor, "datastream_id": stream.pk, "time": NOON, "seen": 0, "at": NOON}

    with pytest.raises(BadRow, match="no reading"):
        corrections.correct_reading(**said, value=1.0, reason="x")
    with pytest.raises(BadRow, match="Say why"):
        corrections.correct_reading(**said, value=1.0, reason=" ")
    with pytest.raises(Conflict):
        corrections.withdraw_correction(**(said | {"seen": 7}))
    with pytest.raises(IntegrityError, match="correction_has_a_reason"):
        Correction.objects.create(datastream=stream, time=NOON, value=1.0, reason="", by_id=1, by_name="x", at=NOON)


def test_readings_are_told_as_a_file_of_days(as_bob):
    stream = datastream(device(), highest=100.0)
    tell(stream, 56.0, 999.0)
    today = now().date()
    url = reverse("datastream-file", args=[stream.pk])

    response = as_bob.get(url, {"since": today - timedelta(days=2), "until": today + timedelta(days=1)})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["56", "999"]
    assert "超出量程" in lines[2]
    assert as_bob.get(url, {"since": "2020-01-01", "until": "2026-01-01"}).status_code == 422
    assert as_bob.get(url, {"since": "2026-01-02", "until": "2026-01-01"}).status_code == 422


def test_whoever_only_reads_changes_nothing(client):
    stream = datastream(device(at=station(division_code=VILLAGE)))
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    for name in ("device-edit", "device-key", "device-key-withdraw", "device-strike", "datastream-new"):
        assert client.post(reverse(name, args=[stream.device_id]), {"version": "1"}).status_code == 404, name
    for name in ("datastream-edit", "datastream-limits", "datastream-uniform", "reading-put-right"):
        assert client.post(reverse(name, args=[stream.pk]), {"version": "1"}).status_code == 404, name
    tell(stream, 56.0)
    assert reverse("reading-put-right", args=[stream.pk]) not in text_of(
        client.get(reverse("datastream", args=[stream.pk]))
    )


def test_the_panel_of_a_device_is_written_by_whoever_looks_after_it():
    row = device(at=station(division_code=TOWNSHIP))

    assert open_device(bob(), row.pk).may_write
    with pytest.raises(Http404):
        open_device(carol(), row.pk)


@pytest.mark.parametrize("closed", ["device", "station"])
def test_what_is_closed_speaks_no_more(closed):
    row = device()
    thing = row if closed == "device" else row.station
    thing.is_in_use = False
    thing.save()
    connection.ensure_connection()

    assert wire_now(connection.connection).by_code == {}
