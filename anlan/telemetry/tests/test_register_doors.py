"""Every address of the register, the readings and the quarantine: strangers find nothing there, nobody is let in."""

import pytest
from django.http import Http404
from django.urls import reverse

from anlan.accounts.tests.factories import NOON, TOWNSHIP, bob, carol
from anlan.places.tests.factories import load
from anlan.telemetry.access import picture_for
from anlan.telemetry.models import Picture
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.telemetry.tests.test_quarantine import put

pytestmark = pytest.mark.django_db
READING = ("station", "station-card", "device", "datastream", "datastream-series", "datastream-file", "station-picture")
CHANGING = (
    "station-edit", "station-close", "station-open", "station-strike", "station-phone", "device-new", "device-edit",
    "device-key", "device-key-withdraw", "device-strike", "datastream-new", "datastream-edit", "datastream-limits",
    "datastream-uniform", "reading-put-right", "reading-withdraw", "quarantined-replay",
)  # fmt: skip
LISTS = ("stations", "devices", "quarantine", "register-workbook", "register-file", "station-new")


@pytest.fixture
def things() -> dict[str, int]:
    """One of everything at Bob's township."""
    load()
    stream = datastream(device(at=station()))
    picture = Picture.objects.create(
        station=stream.station, device=stream.device, taken_at=NOON, path="x.jpg", sha256="0" * 64, size=1
    )
    waiting = put(b"x", device_code="D1", division_code=TOWNSHIP)
    assert stream.device
    keys = {"device": stream.device.pk, "datastream": stream.pk, "reading": stream.pk, "quarantined": waiting.pk}
    return keys | {"station": stream.station_id, "picture": picture.pk}


def url_of(name: str, things: dict[str, int]) -> str:
    kind = {"device-new": "station", "datastream-new": "device", "station-picture": "picture"}.get(name)
    return reverse(name, args=[things[kind or name.split("-")[0]]])


@pytest.mark.parametrize("name", [*READING, "quarantined"])
def test_a_stranger_reads_nothing(client, things, name):
    client.force_login(carol())

    assert client.get(url_of(name, things)).status_code == 404


@pytest.mark.parametrize("name", CHANGING)
def test_a_stranger_changes_nothing(client, things, name):
    client.force_login(carol())

    assert client.post(url_of(name, things), {"version": "1", "purpose": "x"}).status_code == 404


@pytest.mark.parametrize("name", [*READING, *CHANGING, "quarantined"])
def test_nobody_unknown_is_let_in(client, things, name):
    is_change = name in CHANGING and name not in {"device-new", "datastream-new"} and not name.endswith("edit")
    response = client.post(url_of(name, things)) if is_change else client.get(url_of(name, things))

    assert response.status_code in {302, 401}
    assert "/telemetry/" not in response.get("Location", "").split("?")[0]


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_asked_to_log_in_for(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_pictures_are_seen_by_those_who_see_the_station(things):
    assert picture_for(bob(), things["picture"]).path == "x.jpg"
    with pytest.raises(Http404):
        picture_for(carol(), things["picture"])


def test_a_stranger_s_lists_are_empty(client, things):
    client.force_login(carol())
    for name in ("stations", "devices"):
        assert "Station R1" not in client.get(reverse(name)).content.decode()
