"""The register changes while alarms stand: rules go, stations move, readings are put right, devices fall silent."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point

from anlan.accounts.tests.factories import alice
from anlan.telemetry.actions.corrections import correct_reading
from anlan.telemetry.actions.keeping import judge_again
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.core.rules import Colour, Kind, Rule
from anlan.telemetry.judging.rounds import Judge
from anlan.telemetry.models import Alarm, Datastream, Latest, Reading, Station, StationState, Threshold, WatchState
from anlan.telemetry.queries.judged import area_rain, readings_between
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import NOW, T, book, news_story, raw, run_until_judged, told

pytestmark = pytest.mark.django_db
LEVEL = default_rules().of("level")


def gauge(code: str = "D1", **fields) -> Datastream:
    level = make.datastream(make.device(code, at=make.station(f"R{code}", **fields)), interval_s=300.0)
    Threshold.objects.create(datastream=level, quantity="reading", colour=2, value=102.0)
    return level


def firing(*rules: Rule) -> Judge:
    """Return a judge with the alarm of a level standing."""
    gauge()
    book(*rules)
    told("D1", "level", [(T - 300, 101.0), (T, 102.5)])
    return run_until_judged()


def the_alarm() -> Alarm:
    return Alarm.objects.filter(rule_key="level").latest("id")


@pytest.mark.parametrize("is_another", [False, True], ids=["the same judge", "another judge"])
def test_a_rule_deleted_while_it_fires_lets_go(is_another):
    judge = firing(LEVEL)

    book(default_rules().of("rain"))
    if is_another:
        Judge(at=NOW)
    else:
        judge.reload(at=NOW)

    assert (the_alarm().state, the_alarm().cleared_at) == ("cleared", NOW)
    assert StationState.objects.get().hazard == 0
    assert not WatchState.objects.exists()


def test_a_rule_switched_off_while_it_fires_lets_go():
    judge = firing(LEVEL)

    book(Rule("level", "水位", "Level", Kind.HAZARD, Quantity.READING, {}, sensors="level", is_on=False))
    judge.reload(at=NOW)

    assert the_alarm().state == "cleared"


def test_limits_that_change_are_held_against_the_newest_reading():
    judge = firing(default_rules().of("rain"))
    assert not Alarm.objects.exists()

    book(LEVEL)
    judge.reload(at=NOW + timedelta(minutes=3))

    assert (the_alarm().state, the_alarm().raised_at, the_alarm().value) == ("raised", NOW, 102.5)
    told("D1", "level", [(T + 300 * step, 101.0) for step in range(1, 9)])
    run_until_judged(judge)
    assert the_alarm().state == "cleared"


def test_another_version_of_the_rules_goes_on_with_what_fires():
    judge = firing(LEVEL)

    book()
    judge.reload(at=NOW)
    told("D1", "level", [(T + 300 * step, 101.0) for step in range(1, 9)])
    run_until_judged(judge)

    assert news_story(the_alarm())[-1][:2] == (NOW + timedelta(minutes=35), "cleared")


def test_a_station_that_moves_keeps_its_alarm():
    judge = firing(LEVEL)

    Station.objects.update(place=Point(111.0, 31.0, srid=4326), name="Elsewhere")
    judge.reload(at=NOW)

    assert the_alarm().state == "raised"


@pytest.mark.parametrize("model", [Station, Datastream])
def test_what_is_out_of_use_fires_no_more(model):
    judge = firing(LEVEL)

    model.objects.update(is_in_use=False)
    judge.reload(at=NOW)
    told_after = Alarm.objects.count()

    assert the_alarm().state == "cleared"
    assert told_after == 1


def test_stations_of_one_site_speak_together():
    for code in ("D1", "D2"):
        gauge(code, site="Weir")
    book(LEVEL)

    told("D1", "level", [(T, 102.5)])
    told("D2", "level", [(T, 102.6)])
    run_until_judged()

    assert the_alarm().place_key == "site:999901:Weir"
    assert Alarm.objects.count() == 1
    assert list(StationState.objects.values_list("hazard", flat=True)) == [2, 2]


def test_a_value_put_right_withdraws_the_alarm_and_brings_it_back():
    judge, person = firing(LEVEL), alice()
    level = Datastream.objects.get()

    wrong = correct_reading(
        actor=person, datastream_id=level.pk, time=NOW, value=101.2, reason="Debris", seen=0, at=NOW
    )
    run_until_judged(judge)
    assert the_alarm().state == "withdrawn"
    assert Latest.objects.get().value == 101.2
    correct_reading(actor=person, datastream_id=level.pk, time=NOW, value=102.7, reason="No", seen=wrong.pk, at=NOW)
    run_until_judged(judge)

    assert (the_alarm().state, the_alarm().value) == ("raised", 102.7)
    assert Reading.objects.get(time=NOW).value == 102.5


def test_a_value_struck_is_missing():
    judge, person = firing(LEVEL), alice()
    level = Datastream.objects.get()

    correct_reading(actor=person, datastream_id=level.pk, time=NOW, value=None, reason="Debris", seen=0, at=NOW)
    run_until_judged(judge)

    assert the_alarm().state == "withdrawn"
    assert Latest.objects.get().value == 101.0
    assert str(readings_between([level.pk], T, T)[level.pk].values.tolist()) == "[nan]"


def test_a_register_that_changed_judges_its_readings_anew():
    judge = firing(LEVEL)
    level = Datastream.objects.get()
    Datastream.objects.update(highest=102.4)
    judge.reload(at=NOW)

    judge_again(raw(), [(level.pk, T - 3600)], at=NOW)
    run_until_judged(judge)

    assert the_alarm().state == "withdrawn"
    assert list(Reading.objects.order_by("time").values_list("flags", flat=True)) == [0, 1]


@pytest.mark.parametrize("is_another", [False, True], ids=["the same judge", "another judge"])
def test_a_device_that_falls_silent_is_told_and_clears_when_it_speaks(is_another):
    gauge()
    book(default_rules().of("silent"))
    told("D1", "level", [(T - 300, 101.0), (T, 101.0)])
    judge = run_until_judged()

    judge.tick(at=NOW + timedelta(minutes=9))
    assert not Alarm.objects.exists()
    for minute in (11, 12, 61):
        judge = Judge(at=NOW) if is_another else judge
        judge.tick(at=NOW + timedelta(minutes=minute))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.raised_at, alarm.colour) == ("device", NOW + timedelta(minutes=10), Colour.ORANGE)
    assert StationState.objects.get().device == Colour.ORANGE
    told("D1", "level", [(T + 3900, 101.0)], arrived=T + 3900)
    run_until_judged(Judge(at=NOW) if is_another else judge, at=NOW + timedelta(minutes=65))

    alarm.refresh_from_db()
    assert (alarm.state, alarm.cleared_at) == ("cleared", NOW + timedelta(minutes=65))
    assert StationState.objects.get().device == 0


def test_a_silence_that_was_none_is_withdrawn_when_what_was_kept_back_comes():
    gauge()
    book(default_rules().of("silent"))
    told("D1", "level", [(T, 101.0)])
    judge = run_until_judged()
    judge.tick(at=NOW + timedelta(hours=2))

    told("D1", "level", [(T + 300 * step, 101.0) for step in range(1, 24)])
    run_until_judged(judge, at=NOW + timedelta(hours=2))

    assert Alarm.objects.get().state == "withdrawn"


def test_a_device_that_has_never_spoken_is_missed():
    gauge()
    book(default_rules().of("silent"))
    judge = Judge(at=NOW)

    Judge(at=NOW + timedelta(minutes=5)).tick(at=NOW + timedelta(minutes=9))
    assert not Alarm.objects.exists()
    judge.tick(at=NOW + timedelta(minutes=11))

    assert Alarm.objects.get().raised_at == NOW + timedelta(minutes=10)


def test_a_clock_gone_wrong_is_told_three_times_and_is_no_silence_and_no_hazard():
    gauge()
    book(LEVEL, default_rules().of("silent"), default_rules().of("clock"))
    told("D1", "level", [(T - 300, 101.0)], arrived=T - 300)
    judge = run_until_judged()

    for step in range(3):
        told("D1", "level", [(300.0 * step, 109.0)], arrived=T + 300 * step)
        run_until_judged(judge)
    judge.tick(at=NOW + timedelta(minutes=12))

    [alarm] = Alarm.objects.all()
    assert (alarm.rule_key, alarm.kind, alarm.raised_at) == ("clock", "device", NOW + timedelta(minutes=10))
    assert alarm.datastream is None
    assert Latest.objects.get().value == 101.0
    for later in (900, 2700):
        told("D1", "level", [(T + later, 101.0)], arrived=T + later)
        run_until_judged(judge)
    assert Alarm.objects.get(rule_key="clock").state == "cleared"


def test_the_mean_rain_of_an_area_leaves_out_a_gauge_with_holes():
    for code, depth, count in (("P1", 1.0, 12), ("P2", 3.0, 12), ("P3", 9.0, 4)):
        make.datastream(make.device(code, at=make.station(f"S{code}", kind="rain")), "rain", interval_s=300.0)
        told(code, "rain", [(T - 300 * step, depth) for step in range(count)])

    found = area_rain("999901", 1, T)

    assert found.values.tolist() == [24.0]
    assert found.weight_present.tolist() == [pytest.approx(2 / 3)]
    assert str(area_rain("999902", 1, T).values.tolist()) == "[nan]"


def test_no_device_is_blamed_for_hours_in_which_the_platform_was_away():
    level, rain = make.device("D1"), make.device("D2", at=make.station("R2"))
    make.datastream(level, interval_s=60)
    make.datastream(rain, "rain", interval_s=60)
    book(default_rules().of("silent"))
    told("D1", "level", [(T, 1.0)])
    told("D2", "rain", [(T, 0.0)])
    run_until_judged()
    later = NOW + timedelta(hours=8)

    judge = Judge(at=later)
    judge.tick(at=later)
    told("D1", "level", [(T + 8 * 3600 + 30, 1.0)], arrived=T + 8 * 3600 + 30, at=later)
    run_until_judged(judge, at=later + timedelta(seconds=30))

    assert not Alarm.objects.exists()
    judge.tick(at=later + timedelta(minutes=10))
    assert {each.station.code for each in Alarm.objects.standing().select_related("station")} == {"R1", "R2"}
