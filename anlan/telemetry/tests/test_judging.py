"""From a committed parcel to the alarm, its news, its live event and the colour of the station."""

from datetime import timedelta

import pytest

from anlan.telemetry.models import Alarm, AlarmNews, DeviceState, Latest, Parcel, Reading, StationState, Threshold
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import NOW, T, book, run_until_judged, told
from anlan.web.models import LiveEvent

pytestmark = pytest.mark.django_db


def gauge(**fields):
    level = make.datastream(make.device("D1"), interval_s=300.0, **fields)
    Threshold.objects.create(datastream=level, quantity="reading", colour=2, value=102.0)
    Threshold.objects.create(datastream=level, quantity="reading", colour=3, value=103.0)
    return level


def test_a_level_over_its_limit_is_an_alarm_with_a_live_event_and_a_coloured_station():
    level, rules = gauge(), book()

    told("D1", "level", [(T - 600, 101.0), (T - 300, 102.4), (T, 103.1)])
    run_until_judged()

    alarm = Alarm.objects.get(rule_key="level")
    assert (alarm.state, alarm.colour, alarm.highest, alarm.value, alarm.limit) == ("raised", 3, 3, 103.1, 103.0)
    assert (alarm.raised_at, alarm.known_at) == (NOW - timedelta(minutes=5), NOW)
    assert (alarm.station, alarm.datastream, alarm.rule_book) == (level.station, level, rules)
    assert list(AlarmNews.objects.filter(alarm=alarm).order_by("at").values_list("news", "colour")) == [
        ("raised", 2),
        ("rose", 3),
    ]
    state = StationState.objects.get()
    assert (state.hazard, state.device) == (3, 0)
    event = LiveEvent.objects.filter(kind="telemetry.alarm", content__quantity="reading").get()
    assert event.content["news"] == "rose"
    assert event.content["place"] == "Station R1"
    assert (event.division_code, event.capability) == (level.station.division_code, "telemetry.read")
    assert not Parcel.objects.exists()


def test_the_newest_value_and_the_state_of_the_device_are_shown():
    level = gauge()
    book()

    told("D1", "level", [(T - 600, 101.0), (T - 300, 101.4)])
    run_until_judged()

    assert Latest.objects.get(datastream=level).value == 101.4
    assert DeviceState.objects.get().heard_at == NOW


def test_it_clears_when_it_rests():
    gauge()
    book()
    judge = run_until_judged()

    told("D1", "level", [(T - 600, 101.0), (T - 300, 102.4)])
    run_until_judged(judge)
    told("D1", "level", [(T + 300 * step, 101.5) for step in range(8)])
    run_until_judged(judge)

    alarm = Alarm.objects.get(rule_key="level")
    assert (alarm.state, alarm.colour) == ("cleared", 2)
    assert alarm.cleared_at == NOW + timedelta(minutes=30)
    assert StationState.objects.get().hazard == 0


def test_a_spike_is_flagged_when_the_next_reading_shows_it_and_its_alarm_is_withdrawn():
    gauge(spike=1.0)
    book()
    judge = run_until_judged()

    told("D1", "level", [(T - 900, 101.0), (T - 600, 101.0), (T - 300, 104.0)])
    run_until_judged(judge)
    assert Alarm.objects.filter(rule_key="level").get().state == "raised"
    told("D1", "level", [(T, 101.0)])
    run_until_judged(judge)

    assert Alarm.objects.filter(rule_key="level").get().state == "withdrawn"
    assert list(Reading.objects.order_by("time").values_list("flags", flat=True)) == [0, 0, 2, 0]
    assert Latest.objects.get().value == 101.0
