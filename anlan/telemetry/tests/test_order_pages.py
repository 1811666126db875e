"""Pages on which stations are asked: what may be asked, by whom, and how answers read."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import ELSEWHERE, TOWNSHIP, person
from anlan.telemetry.models import Order
from anlan.telemetry.sealing import unsealed
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def device():
    made = make.device("S1", protocol="sl651", address="0011223344")
    make.datastream(made, "39", property="level")
    make.datastream(made, "26", property="rain")
    return made


def as_person(client, who):
    client.force_login(who)
    return client


@pytest.fixture
def duty(client):
    return as_person(client, person("dora", Role.DUTY_OFFICER))


def at(device, ask=""):
    return reverse("device-orders", args=[device.pk]) + (f"?ask={ask}" if ask else "")


def text_of(response):
    return response.content.decode()


def test_a_question_without_more_to_say_waits_for_the_station(duty, device):
    assert "Current values" in text_of(duty.get(at(device)))
    assert duty.get(at(device, "37")).status_code == 200

    asked = duty.post(at(device, "37"))

    assert asked["Location"] == at(device)
    row = Order.objects.get()
    assert (row.function, row.content, row.state, row.asked_by_name) == (0x37, {}, "queued", "Dora")
    assert "waiting for the station" in text_of(duty.get(at(device)))


def test_the_page_asks_again_while_a_station_is_waited_for_and_rests_afterwards(duty, device):
    duty.post(at(device, "37"))
    assert "every 3s" in text_of(duty.get(at(device)))

    Order.objects.update(state="answered", answered_at=NOW, answer={"parts": []})

    assert "every 3s" not in text_of(duty.get(at(device)))


@pytest.mark.parametrize(
    ("function", "said", "content"),
    [
        ("3A", {"elements": ["39", "26"]}, {"elements": ["39", "26"]}),
        (
            "38",
            {"element": "39", "since": "2026-07-01T08:00", "until": "2026-07-01T20:00", "minutes": "60"},
            {
                "element": "39",
                "since": "2026-07-01T08:00:00+08:00",
                "until": "2026-07-01T20:00:00+08:00",
                "minutes": 60,
            },
        ),
        ("41", {"lines": "20 08\n\n "}, {"settings": [{"code": "20", "definition": "08"}]}),
        ("40", {"lines": "20 08"}, {"settings": [{"code": "20", "content": "08"}]}),
        ("49", {"password": "12aB"}, {"password": "12aB"}),
        ("4B", {"is_on": "0"}, {"is_on": False}),
        ("4C", {"states": "101"}, {"states": [True, False, True]}),
        ("4E", {"openings": "25 0"}, {"states": [True, False], "openings": [25, 0]}),
    ],
)  # fmt: skip
def test_what_is_filled_in_is_what_the_station_is_asked(duty, device, function, said, content):
    duty.post(at(device, function), said)

    row = Order.objects.get()
    assert (f"{row.function:02X}", unsealed(row.content)) == (function, content)


def test_a_new_password_waits_unreadable_in_the_database(duty, device):
    duty.post(at(device, "49"), {"password": "12aB"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM telemetry_order t")
        (row,) = cursor.fetchone()
    assert "12ab" not in row.lower()


@pytest.mark.parametrize(
    ("function", "said", "words"),
    [
        ("3A", {}, "This field is required"),
        ("3A", {"elements": ["FF"]}, "Select a valid choice"),
        ("38", {"element": "39", "since": "2026-07-02T08:00", "until": "2026-07-01T20:00", "minutes": "60"}, "before"),
        ("41", {"lines": "20"}, "Each line has 2 words"),
        ("49", {"password": "secret"}, "valid value"),
    ],
)
def test_what_is_not_whole_is_told_beside_its_field_and_nothing_is_asked(duty, device, function, said, words):
    response = duty.post(at(device, function), said)

    assert (response.status_code, words in text_of(response)) == (422, True)
    assert not Order.objects.exists()


def test_what_cannot_be_written_into_a_frame_is_told_and_what_was_typed_stays(duty, device):
    response = duty.post(at(device, "40"), {"lines": "zz 08"})

    assert (response.status_code, "not of its form" in text_of(response)) == (422, True)
    assert "zz 08" in response.content.decode()
    assert not Order.objects.exists()


def test_an_answer_reads_in_words(duty, device):
    told = {
        "sent_at": "2026-07-01T16:00:00+08:00",
        "values": [
            {"element": "39", "at": "2026-07-01T16:00:00+08:00", "value": 10.494},
            {"element": "45", "at": "2026-07-01T16:00:00+08:00", "value": 3},
        ],
        "version": "V1.2",
        "states": [True, False],
        "openings": [25, 0],
        "settings": [{"code": "20", "decimals": 0, "content": "08"}],
    }
    Order.objects.create(device=device, function=0x37, asked_at=NOW, state="answered", answer={"parts": [told]})
    Order.objects.create(
        device=device, function=0x45, asked_at=NOW, state="failed", answer={"fault": "The station did not answer"}
    )

    text = text_of(duty.get(at(device)))

    for words in ("10.494 m", "Battery is low", "V1.2", "on 25 cm", "Setting 20", "The station did not answer"):
        assert words in text, words


def test_why_a_question_was_given_up_is_told_in_the_language_of_who_reads(duty, device):
    told = {"fault": "The question cannot be written: %(why)s", "values": {"why": "8 > 7"}}
    Order.objects.create(device=device, function=0x45, asked_at=NOW, state="failed", answer=told)

    duty.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    in_chinese = duty.get(at(device)).content.decode()

    assert "命令无法编码：8 &gt; 7" in in_chinese


def test_a_reason_kept_as_plain_words_is_told_as_it_is(duty, device):
    told = {"fault": "an opening of 120 % is none"}
    Order.objects.create(device=device, function=0x45, asked_at=NOW, state="failed", answer=told)

    assert "an opening of 120 % is none" in text_of(duty.get(at(device)))


def test_what_waits_may_be_withdrawn(duty, device):
    duty.post(at(device, "37"))

    duty.post(reverse("order-withdraw", args=[device.pk, Order.objects.get().pk]))

    assert not Order.objects.exists()


def test_whoever_only_reads_sees_what_was_asked_and_asks_nothing(client, device):
    Order.objects.create(device=device, function=0x37, asked_at=NOW)
    page = as_person(client, person("vera", Role.EVALUATOR))

    text = text_of(page.get(at(device)))

    assert "Current values" in text
    assert "?ask=" not in text
    assert page.post(at(device, "37")).status_code == 404
    assert page.post(reverse("order-withdraw", args=[device.pk, Order.objects.get().pk])).status_code == 404


def test_whoever_acts_asks_and_changes_nothing(client, device):
    page = as_person(client, person("carl", Role.COMMANDER))

    assert "?ask=37" in text_of(page.get(at(device)))
    assert "?ask=48" not in text_of(page.get(at(device)))
    assert page.get(at(device, "48")).status_code == 404


def test_stations_of_others_are_not_found(client, device):
    page = as_person(client, person("sam", Role.DUTY_OFFICER, ELSEWHERE))

    assert page.get(at(device)).status_code == 404
    assert page.post(at(device, "37")).status_code == 404
    assert not Order.objects.exists()


def test_an_order_of_another_device_is_not_withdrawn_by_way_of_ones_own(client, device):
    other = make.device("S2", at=make.station("R2", division_code=ELSEWHERE), protocol="sl651", address="0011223355")
    order = Order.objects.create(device=other, function=0x37, asked_at=NOW)
    page = as_person(client, person("dora", Role.DUTY_OFFICER, TOWNSHIP))

    assert page.post(reverse("order-withdraw", args=[device.pk, order.pk])).status_code == 404
    assert page.post(reverse("order-withdraw", args=[other.pk, order.pk])).status_code == 404
    assert Order.objects.exists()
