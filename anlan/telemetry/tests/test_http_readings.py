"""Devices post readings over HTTP."""

import json

import pytest

from anlan.ground.fields import keyed_hash
from anlan.telemetry.models import Datastream, Quarantined, Reading
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/telemetry/readings"
KEY = "key-of-h1"


@pytest.fixture
def level():
    return make.datastream(make.device("H1", protocol="http", key_hash=keyed_hash(KEY)))


def post(client, body, key=KEY):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(ADDRESS, text, content_type="application/json", headers={"Authorization": f"Bearer {key}"})


def test_a_reading_that_is_posted_is_kept_once(client, level):
    body = {"t": "2026-07-01T08:00:00+08:00", "v": {"level": 101.5}}

    first, again = post(client, body), post(client, body)

    assert (first.status_code, first.json()) == (200, {"received": 1, "stored": 1, "refused": []})
    assert again.json()["stored"] == 0
    assert Reading.objects.get().value == 101.5


def test_an_element_with_a_meaning_is_kept_from_the_first_post_on(client, level):
    assert post(client, {"t": 1782864000, "v": {"rain": 2.0, "level": 1.0}}).status_code == 200

    assert set(Datastream.objects.values_list("element", "is_confirmed")) == {("level", True), ("rain", False)}
    assert Reading.objects.count() == 2


def test_what_cannot_be_taken_in_is_told_and_lies_in_the_quarantine_while_the_rest_is_kept(client, level):
    response = post(client, {"t": 1782864000, "v": {"level": 1.0, "colour": 2.0}})

    assert response.status_code == 422
    assert response.json() == {"received": 1, "stored": 1, "refused": ["The element colour is not registered"]}
    row = Quarantined.objects.get()
    assert (row.protocol, row.device_code, row.source) == ("http", "H1", "H1")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b'{"t": 1}', b'{"t": "x", "v": {"level": 1}}', b'{"t":1,"v":{"level":1e999}}']
)
def test_bytes_that_are_no_readings_lie_in_the_quarantine(client, level, body):
    assert post(client, body).status_code == 422

    assert bytes(Quarantined.objects.get().payload) == body
    assert not Reading.objects.exists()


def test_nobody_posts_without_the_key_of_a_device(client, level):
    body = {"t": 1782864000, "v": {"level": 1.0}}

    assert post(client, body, "wrong").status_code == 401
    assert client.post(ADDRESS, "{}", content_type="application/json").status_code == 401
    assert not Reading.objects.exists()
    assert not Quarantined.objects.exists()


def test_a_device_out_of_use_is_not_heard(client, level):
    level.device.is_in_use = False
    level.device.save()

    assert post(client, {"t": 1782864000, "v": {"level": 1.0}}).status_code == 401


def test_too_much_at_once_is_refused_before_it_is_read(client, level):
    assert post(client, b" " * (1 << 20) + b"{}").status_code == 413
