"""Pages of alarms: who sees which, its course, and taking note of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from anlan.accounts.tests import factories as cast
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.models import Alarm, AlarmNews, Datastream, RuleBookVersion
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def alarm():
    load_default_rules(county_code=cast.COUNTY, at=T0)
    level = make.datastream(make.device("D1", at=make.station("R1", name="Bridge")))
    found = Alarm.objects.create(
        rule_key="level", rule_name_zh="水位", rule_name_en="Water level", rule_book=RuleBookVersion.objects.get(),
        kind="hazard", place_key="station:R1", division_code=level.station.division_code, station=level.station,
        datastream=level, quantity="reading", colour=3, highest=3, value=102.5, limit=102.0, state="raised",
        raised_at=T0, known_at=T0 + timedelta(seconds=1),
    )  # fmt: skip
    AlarmNews.objects.create(
        alarm=found, at=T0, told_at=T0, news="raised", colour=3, datastream=level, value=102.5, limit=102.0
    )
    return found


def as_person(client, who):
    client.force_login(who)
    return client


def test_the_list_tells_what_stands_and_filters(client, alarm):
    page = as_person(client, cast.alice())

    text = page.get(reverse("alarms")).content.decode()
    assert "Bridge" in text
    assert "102.50 m / 102.00 m" in text
    assert "Bridge" not in page.get(reverse("alarms"), {"state": "cleared"}).content.decode()
    assert (
        "Bridge" in page.get(reverse("alarms"), {"state": "standing", "colour": "3", "kind": "hazard"}).content.decode()
    )


def test_silence_is_told_as_a_length_of_time(client, alarm):
    Alarm.objects.update(kind="device", quantity="silence", value=40.0, limit=12.0)
    Datastream.objects.update(interval_s=300.0)
    page = as_person(client, cast.alice())

    listed = page.get(reverse("alarms"), {"kind": "device"}).content.decode()
    shown = page.get(reverse("alarm", args=[alarm.pk])).content.decode()

    assert "3 h 20 min / 1 h 0 min" in listed
    assert "3 h 20 min" in shown


def test_alarms_of_devices_are_shown_to_whoever_asks_for_them(client, alarm):
    Alarm.objects.update(kind="device")
    page = as_person(client, cast.alice())

    assert "Bridge" not in page.get(reverse("alarms")).content.decode()
    assert "Bridge" in page.get(reverse("alarms"), {"kind": "device"}).content.decode()


def test_the_list_costs_the_same_with_many(client, alarm, django_assert_max_num_queries):
    page = as_person(client, cast.alice())
    for number in range(20):
        alarm.pk, alarm.raised_at = None, T0 + timedelta(minutes=number + 1)
        alarm.save(force_insert=True)

    with django_assert_max_num_queries(25):
        page.get(reverse("alarms"))


def test_an_alarm_has_a_page_with_its_course(client, alarm):
    text = as_person(client, cast.alice()).get(reverse("alarm", args=[alarm.pk])).content.decode()

    assert "Water level" in text
    assert "alarm raised" in text
    assert "Acknowledge" not in text  # an analyst does not act


def test_whoever_acts_acknowledges_once(client, alarm):
    bob = cast.bob()
    page, address = as_person(client, bob), reverse("alarm-acknowledge", args=[alarm.pk])

    response = page.post(address, {"version": alarm.version})

    alarm.refresh_from_db()
    assert response.url == reverse("alarm", args=[alarm.pk])
    assert (alarm.state, alarm.acknowledged_by_id) == ("acknowledged", bob.pk)
    assert page.post(address, {"version": alarm.version}).status_code == 409


def test_one_returns_to_where_one_was_but_never_to_another_site(client, alarm):
    page, address = as_person(client, cast.bob()), reverse("alarm-acknowledge", args=[alarm.pk])

    response = page.post(address, {"version": alarm.version, "next": "https://elsewhere.example/"})

    assert response.url == reverse("alarm", args=[alarm.pk])


def test_nobody_acknowledges_what_they_saw_otherwise(client, alarm):
    page = as_person(client, cast.bob())

    response = page.post(reverse("alarm-acknowledge", args=[alarm.pk]), {"version": alarm.version + 1})

    assert response.status_code == 409
    alarm.refresh_from_db()
    assert alarm.state == "raised"


@pytest.mark.parametrize("name", ["alarm", "alarm-acknowledge"])
def test_a_stranger_finds_no_alarm(client, alarm, name):
    page = as_person(client, cast.carol())
    address = reverse(name, args=[alarm.pk])

    response = page.get(address) if name == "alarm" else page.post(address, {"version": 1})

    assert response.status_code == 404
    assert "Bridge" not in page.get(reverse("alarms")).content.decode()


def test_an_analyst_does_not_acknowledge(client, alarm):
    page = as_person(client, cast.alice())

    assert page.post(reverse("alarm-acknowledge", args=[alarm.pk]), {"version": 1}).status_code == 404
