"""From raw readings over the derived figure to the alarms of the default rules."""

import csv
from datetime import UTC, datetime

import numpy as np
import pytest

from anlan.telemetry.core.derived import Source, derive
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.core.series import DAY, HOUR, Series
from anlan.telemetry.core.tangent_angle import Point
from anlan.telemetry.core.watch import Reading, Sensor, Target
from anlan.telemetry.core.watching import rehearse


def alarms(rule_key, raws, source):
    rule = default_rules().of(rule_key)
    figures = {key: derive(rule.quantity, raw, raw.times, source) for key, raw in raws.items()}
    readings = {
        key: [
            Reading(*each)
            for each in zip(found.times.tolist(), found.values.tolist(), found.keeps.tolist(), strict=True)
        ]
        for key, found in figures.items()
    }
    return rehearse(Target(rule, tuple(Sensor(key, key, source.interval_s) for key in raws)), readings)


def test_a_storm_raises_one_alarm_that_goes_up_and_clears():
    depths = np.concatenate((np.zeros(12), np.full(12, 5.0), np.zeros(24)))  # 60 mm in an hour, by five minutes
    gauge = Series(np.arange(len(depths)) * 300.0, depths)

    [alarm] = alarms("rain", {"gauge": gauge}, Source(interval_s=300.0))

    assert alarm.highest is Colour.ORANGE
    assert alarm.raised_at == 18 * 300.0  # seven times five are 35 mm
    assert alarm.cleared_at == (23 + 6 + 6) * 300.0  # 30 mm are under the margin of 35; half an hour later


def test_a_gauge_that_falls_silent_in_the_storm_keeps_its_alarm():
    depths = np.concatenate((np.zeros(12), np.full(8, 5.0), np.full(30, np.nan)))
    gauge = Series(np.arange(len(depths)) * 300.0, depths)

    [alarm] = alarms("rain", {"gauge": gauge}, Source(interval_s=300.0))

    assert alarm.cleared_at is None


@pytest.mark.shared
def test_a_real_slope_that_did_not_fail_calls_a_person_once_in_three_years(shared):
    with (shared / "landslide" / "monitoring_data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = np.array([datetime.fromisoformat(row["Date"]).replace(tzinfo=UTC).timestamp() for row in rows])
    points = [name for name in rows[0] if name.startswith(("MJ", "ATU"))]
    raws = {name: Series(times, np.array([float(row[name]) for row in rows])) for name in points}

    found = alarms("slope-stage", raws, Source(interval_s=DAY, point=Point(uniform_mm_d=0.1)))

    assert [alarm.highest for alarm in found].count(Colour.ORANGE) == 1
    assert Colour.RED not in {alarm.highest for alarm in found}


def test_a_river_that_rises_too_fast():
    level = Series(np.arange(25) * 300.0, 62 + np.concatenate((np.zeros(12), 0.1 * np.arange(13))))

    found = alarms("level-rise", {"gauge": level}, Source(interval_s=300.0))

    assert [alarm.highest for alarm in found] == [Colour.ORANGE]  # 1.2 m/h
    assert Quantity.RISE_RATE is default_rules().of("level-rise").quantity
    assert found[0].raised_at < 12 * 300.0 + HOUR
