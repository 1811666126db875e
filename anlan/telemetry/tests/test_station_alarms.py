"""The station's page and card while an alarm stands: it is told and acknowledged there, by those who may."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, bob, person
from anlan.places.tests.factories import load
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.models import Alarm, RuleBookVersion, Station
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.telemetry.tests.test_station_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    load()
    load_default_rules(county_code=COUNTY, at=NOON)


@pytest.fixture
def as_bob(client):
    client.force_login(bob())
    return client


def raised(at: Station) -> Alarm:
    stream = datastream(device(at=at))
    return Alarm.objects.create(
        rule_key="level", rule_name_zh="水位", rule_name_en="Level", rule_book=RuleBookVersion.objects.get(),
        kind="hazard", place_key=at.place_key, division_code=at.division_code, station=at, datastream=stream,
        quantity="reading", colour=3, highest=3, value=58.6, limit=58.5, state="raised",
        raised_at=NOON - timedelta(minutes=5), known_at=NOON,
    )  # fmt: skip


def gauge(division_code: str = TOWNSHIP) -> Station:
    return station("QL-W01", name="柳溪水位站", division_code=division_code)


def test_an_alarm_is_acknowledged_on_the_card_and_the_card_comes_back(as_bob):
    alarm = raised(gauge())
    url = reverse("station-card", args=[alarm.station_id])
    card = text_of(as_bob.get(url))
    acknowledge = reverse("alarm-acknowledge", args=[alarm.pk])
    assert f'hx-post="{acknowledge}"' in card

    response = as_bob.post(acknowledge, {"version": "1", "next": url}, headers={"HX-Request": "true"})

    assert response["Location"] == url
    assert f'hx-post="{acknowledge}"' not in text_of(as_bob.get(url))


def test_whoever_does_not_act_is_offered_no_acknowledgement(client):
    alarm = raised(gauge(division_code=VILLAGE))
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))

    assert "Acknowledge" not in text_of(client.get(reverse("station", args=[alarm.station_id])))
    assert reverse("alarm-acknowledge", args=[alarm.pk]) not in text_of(
        client.get(reverse("station-card", args=[alarm.station_id]))
    )


def test_a_standing_alarm_is_told_with_its_colour_and_rule(as_bob):
    alarm = raised(gauge())

    for name in ("station", "station-card"):
        shown = text_of(as_bob.get(reverse(name, args=[alarm.station_id])))
        assert "alarm-3" in shown
        assert "水位" in shown


def test_a_cleared_alarm_stands_there_no_more(as_bob):
    alarm = raised(gauge())
    Alarm.objects.update(state="cleared", cleared_at=NOON)

    assert reverse("alarm", args=[alarm.pk]) not in text_of(as_bob.get(reverse("station", args=[alarm.station_id])))
