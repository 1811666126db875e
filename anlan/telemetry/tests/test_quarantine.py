"""What could not be taken in: who sees it, reading it again, putting it aside."""

import json

import pytest
from django.db import connection, transaction
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.telemetry.actions import quarantine as actions
from anlan.telemetry.actions.keeping import UNKNOWN_DEVICE, UNKNOWN_ELEMENT, Intake, Refused, keep
from anlan.telemetry.models import Datastream, Quarantined, Reading
from anlan.telemetry.queries.quarantine import dump_of, text_of
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests.factories import device, station

pytestmark = pytest.mark.django_db
TOPIC = "anlan/up/D1/readings"
PAYLOAD = json.dumps({"t": "2026-11-23T12:00:00+08:00", "v": {"level": 57.1}}).encode()


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


def put(payload: bytes = PAYLOAD, reason: str = UNKNOWN_DEVICE, *, source: str = TOPIC, **fields) -> Quarantined:
    connection.ensure_connection()
    intake = Intake(wire_now(connection.connection))
    intake.refuse(Refused(fields.pop("protocol", "mqtt"), source, payload, reason, **fields))
    with transaction.atomic():
        keep(connection.connection, intake, at=NOON)
    return Quarantined.objects.latest("pk")


def text_in(response) -> str:
    return response.content.decode()


def test_bytes_are_shown_sixteen_a_line():
    first, second = dump_of(b"~~\x01ABCDEFGHIJKLM\x00")

    assert (first.offset, first.hexadecimal[:8], first.text[:4]) == ("0000", "7E 7E 01", "~~·A")
    assert (second.offset, second.hexadecimal) == ("0010", "00")


@pytest.mark.parametrize(("payload", "text"), [(b'{"a":1}', '{"a":1}'), (b"\x7e\xff", ""), (b"a\x00b", "")])
def test_only_text_is_shown_as_text(payload, text):
    assert text_of(payload) == text


def test_messages_of_unknown_devices_are_for_those_who_look_after_a_county(client):
    unknown, own = put(), put(b"x", device_code="D2", division_code=TOWNSHIP)
    elsewhere = put(b"y", device_code="D3", division_code=OTHER_TOWNSHIP)
    seen = {}
    for who in (alice(), bob(), carol()):
        client.force_login(who)
        seen[who.username] = [
            client.get(reverse("quarantined", args=[row.pk])).status_code for row in (unknown, own, elsewhere)
        ]

    assert seen == {"alice": [200, 200, 200], "bob": [404, 200, 404], "carol": [200, 404, 404]}


def test_whoever_looks_after_nothing_has_no_quarantine(client):
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert client.get(reverse("quarantine")).status_code == 404


def test_the_list_tells_why_in_words(as_alice):
    put(reason=UNKNOWN_ELEMENT, values={"element": "luck"}, device_code="D1", division_code=TOWNSHIP)

    shown = text_in(as_alice.get(reverse("quarantine")))

    assert "luck" in shown
    assert "%(element)s" not in shown.replace('value="The element %(element)s is not registered"', "")


def test_a_message_is_taken_in_once_the_register_knows_its_device(as_alice):
    row = put()
    url = reverse("quarantined-replay", args=[row.pk])
    assert as_alice.post(url).status_code == 409
    device("D1", at=station())

    assert as_alice.post(url)["Location"] == reverse("quarantine")
    row.refresh_from_db()
    reading = Reading.objects.get()
    assert (row.state, reading.value, Datastream.objects.get().element) == ("replayed", 57.1, "level")
    assert reading.arrived_at == NOON
    assert history_of("telemetry.quarantined", row.pk)[0].verb == "quarantine replayed"


def test_what_was_taken_in_is_not_taken_in_again(as_alice):
    row = put()
    device("D1", at=station())
    actions.replay(actor=alice_again(), quarantined_id=row.pk, at=NOON)

    with pytest.raises(actions.IsSettled):
        actions.replay(actor=alice_again(), quarantined_id=row.pk, at=NOON)


def alice_again():
    from anlan.accounts.models import User

    return User.objects.get(username="alice")


def test_all_of_a_reason_are_read_again(as_alice):
    put(), put(b"rubbish", source="anlan/up/NOBODY/readings")
    device("D1", at=station())

    as_alice.post(reverse("quarantine-replay-reason"), {"reason": UNKNOWN_DEVICE})

    assert sorted(Quarantined.objects.values_list("state", flat=True)) == ["replayed", "waiting"]


def test_the_chosen_are_read_again_or_put_aside(as_alice):
    first, second = put(), put(b"rubbish")
    device("D1", at=station())

    as_alice.post(reverse("quarantine-replay"), {"chosen": [first.pk]})
    as_alice.post(reverse("quarantine-drop"), {"chosen": [second.pk]})

    assert list(Quarantined.objects.order_by("pk").values_list("state", "settled_by_name")) == [
        ("replayed", "Alice"),
        ("dropped", "Alice"),
    ]


def test_nobody_settles_what_is_not_theirs(as_bob):
    row = put(device_code="D3", division_code=OTHER_TOWNSHIP)

    as_bob.post(reverse("quarantine-drop"), {"chosen": [row.pk]})
    as_bob.post(reverse("quarantine-replay-reason"), {"reason": UNKNOWN_DEVICE})

    row.refresh_from_db()
    assert row.state == "waiting"
    assert as_bob.post(reverse("quarantined-replay", args=[row.pk])).status_code == 404
