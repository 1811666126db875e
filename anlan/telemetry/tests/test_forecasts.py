"""Levels are learnt from the store, foretold every ten minutes, and shown with their proof."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.accounts.tests.factories import ELSEWHERE, NOON, bob, carol
from anlan.places.tests.factories import load
from anlan.telemetry.actions import forecasts as actions
from anlan.telemetry.actions.keeping import Intake, keep
from anlan.telemetry.core.forecast.model import Basis
from anlan.telemetry.core.forecast.skill import learnt_and_tried
from anlan.telemetry.core.series import HOUR
from anlan.telemetry.core.tests.rivers import made_river
from anlan.telemetry.models import Correction, ForecastModel, HourOfReadings, Latest, LevelForecast, Threshold
from anlan.telemetry.queries.forecasts import forecast_for, foretold_at, gain_of, proof_of
from anlan.telemetry.queries.level_history import history_of
from anlan.telemetry.queries.rain_above import gauges_above
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests.factories import datastream, device, station

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(minutes=4)
DAYS = 160
PAST = made_river(DAYS)


def hours_before(count: int) -> np.ndarray:
    return NOON.timestamp() - HOUR * np.arange(count - 1, -1, -1)


def tell(stream, values) -> None:
    """Keep one value an hour, the last at noon."""
    connection.ensure_connection()
    wire = wire_now(connection.connection)
    intake, told_by = Intake(wire), wire.by_code[stream.device.code]
    for time, value in zip(hours_before(len(values)).tolist(), values, strict=True):
        if np.isfinite(value):
            assert intake.take(told_by, stream.element, time, float(value), time) == ""
    with transaction.atomic():
        keep(connection.connection, intake, at=NOON)


def river(code: str = "W1", **fields):
    return datastream(device(f"D-{code}", at=station(code, **fields)), "level", interval_s=3600)


def gauge(code: str, *, east: float = 110.11, **fields):
    at = station(code, kind="rain", place=Point(east, 30.1, srid=4326), **fields)
    return datastream(device(f"D-{code}", at=at), "rain", interval_s=3600)


def told_river(days: int):
    """Return a level with two gauges above it and the last days of a history in the store."""
    level, rain = river(), [gauge("G1"), gauge("G2", east=110.2)]
    level.station.upstream.set([each.station for each in rain])
    past = PAST.part(len(PAST) - days * 24, len(PAST))
    tell(level, past.level_m)
    for each, fell in zip(rain, past.rain_mm, strict=True):
        tell(each, fell)
    return level, rain


@cache
def lesson():
    """Return what that history teaches, learnt once for all tests."""
    return learnt_and_tried(PAST, seed=1)


@pytest.fixture
def learnt():
    """A level with two gauges above it that was learnt, with its last eleven days in the store."""
    level, rain = told_river(11)
    model, skill = lesson()
    actions.keep_model(level, rain, PAST, model, skill, at=NOW)
    return level


@pytest.fixture
def untaught():
    """A level with two gauges above it and all of its history in the store."""
    return told_river(DAYS)[0]


def test_a_level_is_learnt_and_tried(untaught):
    found = actions.train_forecast(datastream_id=untaught.pk, at=NOW)

    assert found == ForecastModel.objects.get()
    assert found.basis == Basis.LEARNT
    assert len(found.gauges) == 2
    assert found.hours == 160 * 24
    assert found.until == NOON
    assert found.skill["hours"] == 40 * 24
    assert gain_of(found.skill) > 10
    with override("en"):
        assert proof_of(found.skill).span == "1 month"


def test_learning_twice_gives_the_same(untaught):
    actions.train_forecast(datastream_id=untaught.pk, at=NOW)
    before = ForecastModel.objects.get().sha256

    actions.train_forecast(datastream_id=untaught.pk, at=NOW)

    assert ForecastModel.objects.get().sha256 == before


def test_a_forecast_stands_with_its_interval_and_proof(learnt):
    assert actions.forecast_levels(at=NOW) == 1

    found = forecast_for(learnt.pk)
    assert found.origin_at == NOON
    assert found.issued_at == NOW
    assert not found.is_fallback
    assert all(low <= level <= high for low, level, high in zip(found.low_m, found.level_m, found.high_m, strict=True))
    assert found.model_sha256 == ForecastModel.objects.get().sha256
    assert found.skill == ForecastModel.objects.get().skill


def test_a_newer_forecast_takes_the_place_of_the_older(learnt):
    actions.forecast_levels(at=NOW)
    actions.forecast_levels(at=NOW + timedelta(minutes=10))

    assert LevelForecast.objects.get().issued_at == NOW + timedelta(minutes=10)


def test_a_silent_level_stays_as_it_is_and_then_has_no_forecast(learnt):
    actions.forecast_levels(at=NOW + timedelta(hours=4))
    late = LevelForecast.objects.get()

    actions.forecast_levels(at=NOW + timedelta(hours=8))

    assert late.basis == Basis.GAP
    assert late.is_fallback
    assert late.origin_at == NOW + timedelta(hours=4)
    assert not LevelForecast.objects.exists()


def test_a_level_that_was_struck_out_is_not_foretold_from(learnt):
    Correction.objects.create(datastream=learnt, time=NOON, value=None, reason="ice", by_id=1, by_name="Bob", at=NOON)

    actions.forecast_levels(at=NOW)

    assert LevelForecast.objects.get().origin_at == NOON - timedelta(hours=1)


def test_a_young_level_says_that_it_stays(learnt):
    young = river("W2")
    tell(young, made_river(5).level_m)

    actions.train_forecast(datastream_id=young.pk, at=NOW)
    actions.forecast_levels(at=NOW)

    assert ForecastModel.objects.get(pk=young.pk).skill is None
    assert forecast_for(young.pk).basis == Basis.LITTLE_HISTORY


def test_a_level_out_of_use_is_forgotten(learnt):
    actions.forecast_levels(at=NOW)
    learnt.is_in_use = False
    learnt.save()

    actions.train_forecast(datastream_id=learnt.pk, at=NOW)

    assert not ForecastModel.objects.exists()
    assert not LevelForecast.objects.exists()


def test_a_level_without_readings_is_not_learnt():
    assert actions.train_forecast(datastream_id=river().pk, at=NOW) is None


def test_bytes_of_another_form_give_no_forecast(learnt):
    ForecastModel.objects.update(content=b"\x80")

    assert actions.forecast_levels(at=NOW) == 0


def test_each_level_is_queued_by_itself():
    river("W1"), river("W2"), gauge("G1")

    assert actions.train_forecasts() == 2
    assert actions.train_forecasts() == 0  # they wait already
    assert ProcrastinateJob.objects.filter(task_name=actions.TRAIN, queue_name="jobs").count() == 2


def test_a_new_level_is_learnt_as_soon_as_it_has_a_day(learnt):
    tell(river("DAY"), [1.0] * 20)
    assert actions.train_new_levels(at=NOW) == 0

    tell(river("LONG"), [1.0] * 40)

    assert actions.train_new_levels(at=NOW) == 1
    assert actions.train_new_levels(at=NOW) == 0


def test_the_command_learns_and_foretells(untaught, capsys, settings):
    settings.LANGUAGE_CODE = "en"
    river("W2")

    call_command("train_forecasts")

    told = capsys.readouterr().out
    assert "Station W1 (W1): learnt from the station's past" in told
    assert "at +3 h better than staying as it is by" in told
    assert "Station W2 (W2): no history" in told
    assert "Forecasts that stand now: 0" in told  # the readings of the test are not of today


def test_the_gauges_named_upstream_go_before_those_of_the_county():
    level, near, named, above_it = river(), gauge("NEAR"), gauge("UP", east=110.5), gauge("TOP", east=110.9)
    assert [each.pk for each in gauges_above(level)] == [near.pk, named.pk, above_it.pk]

    level.station.upstream.add(named.station)
    named.station.upstream.add(above_it.station)
    above_it.station.upstream.add(named.station)  # round in a circle

    assert [each.pk for each in gauges_above(level)] == [named.pk, above_it.pk]


def test_rain_of_another_county_tells_nothing():
    level = river()
    gauge("FAR", division_code=ELSEWHERE)

    assert gauges_above(level) == []


def test_no_more_than_four_gauges_are_looked_at():
    level = river()
    nearest = [gauge(f"G{number}", east=110.11 + number / 100).pk for number in range(6)]

    assert [each.pk for each in gauges_above(level)] == nearest[:4]


def test_a_history_begins_with_the_first_level():
    level = river()
    tell(level, [1.0, np.nan, 3.0])

    found = history_of(level, [], 0.0, NOW.timestamp())

    np.testing.assert_array_equal(found.level_m, [1.0, np.nan, 3.0])
    assert found.last_s == NOON.timestamp()


def keep_hours(stream, count: int, *rows: tuple[int, float, float]) -> None:
    """Keep hours before noon of which only so many readings, their mean and the last are known."""
    for hours, mean, last in rows:
        HourOfReadings.objects.create(
            datastream=stream,
            ends_at=NOON - timedelta(hours=hours),
            count=count,
            lowest=0,
            mean=mean,
            highest=99,
            last=last,
        )


def test_hours_of_months_that_were_let_go_of_are_learnt_from_too():
    level, rain, counter = river(), gauge("G1"), gauge("G2")
    rain.interval_s, counter.is_counter = 300, True
    tell(level, [5.0, 6.0])
    tell(rain, [0.5])
    tell(counter, [14.0])
    keep_hours(level, 12, (4, 2.5, 2.0), (3, 3.5, 3.0), (1, 4.0, 4.5))
    keep_hours(rain, 12, (4, 0.25, 0.0), (3, 0.5, 0.5))
    keep_hours(rain, 6, (2, 0.5, 0.5))
    keep_hours(counter, 12, (4, 0.0, 10.0), (3, 0.0, 11.0), (2, 0.0, 11.5))

    found = history_of(level, [rain, counter], 0.0, NOW.timestamp())

    np.testing.assert_array_equal(found.level_m, [2.0, 3.0, np.nan, 5.0, 6.0])
    np.testing.assert_array_equal(found.rain_mm[0], [3.0, 6.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found.rain_mm[1], [np.nan, 1.0, 0.5, np.nan, np.nan])


def test_limits_that_may_be_reached_are_told(learnt):
    actions.forecast_levels(at=NOW)
    row = LevelForecast.objects.get()
    Latest.objects.create(datastream=learnt, time=NOON, value=100.0, arrived_at=NOON)
    row.level_m, row.high_m = [100.0, 100.2, 100.6, 100.6, 100.6, 100.6], [100.1, 100.4, 100.9, 101.2, 101.2, 101.2]
    row.low_m = [99.9] * 6
    row.save()
    for colour, value in ((2, 100.5), (3, 101.0), (4, 105.0)):
        Threshold.objects.create(datastream=learnt, quantity="reading", colour=colour, value=value)

    [found] = foretold_at(learnt.station, NOW)

    assert [(each.colour, each.at, each.is_expected) for each in found.reaching] == [
        (3, NOON + timedelta(hours=4), False),
        (2, NOON + timedelta(hours=3), True),
    ]
    assert [each.colour for each in found.ahead] == [0, 0, 2, 2, 2, 2]
    assert [each.possible for each in found.ahead] == [0, 0, 2, 3, 3, 3]


def test_an_old_forecast_is_not_shown(learnt):
    actions.forecast_levels(at=NOW)

    assert foretold_at(learnt.station, NOW + timedelta(hours=7)) == []


def test_a_forecast_has_six_hours_and_tells_whether_it_only_stays(learnt):
    actions.forecast_levels(at=NOW)
    with pytest.raises(IntegrityError, match="level_forecast_has_six_hours"), transaction.atomic():
        LevelForecast.objects.update(level_m=[1.0, 2.0])
    with pytest.raises(IntegrityError, match="level_forecast_fallback_is_told"), transaction.atomic():
        LevelForecast.objects.update(is_fallback=True)
    with pytest.raises(IntegrityError, match="level_forecast_is_not_from_the_future"), transaction.atomic():
        LevelForecast.objects.update(origin_at=NOW + timedelta(days=1))
    with pytest.raises(IntegrityError, match="forecast_model_hash_is_one"), transaction.atomic():
        ForecastModel.objects.update(sha256="")
    with pytest.raises(IntegrityError, match="forecast_model_span_is_one"), transaction.atomic():
        ForecastModel.objects.update(since=NOW + timedelta(days=1))


def test_the_station_page_shows_the_forecast_to_those_who_see_the_station(learnt, client, monkeypatch):
    load()
    actions.forecast_levels(at=NOW)
    monkeypatch.setattr("anlan.telemetry.views.stations.now", lambda: NOW)
    client.force_login(bob())

    page = client.get(reverse("station", args=[learnt.station_id])).content.decode()

    assert f'id="chart-forecast-{learnt.pk}"' in page
    client.force_login(carol())
    assert client.get(reverse("station", args=[learnt.station_id])).status_code == 404


def test_the_proof_is_told_in_plain_words(learnt):
    actions.forecast_levels(at=NOW)

    with override("en"):
        [forecast] = foretold_at(learnt.station, NOW)
        told = render_to_string("telemetry/forecast_part.html", {"forecast": forecast})

    assert "water level: the next six hours" in told
    assert "Better than “stays as it is” by" in told
    assert "at +3 h, tried over the last 1 month." in told
