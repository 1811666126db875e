"""The demo county's sensors stand where such stations would stand."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from anlan.demo.core.county import make_county
from anlan.demo.core.past import HOUR, make_past
from anlan.demo.core.sensor_net import CREEPING, STATIONS, Network, make_network
from anlan.demo.core.storm import creep_mm
from anlan.telemetry.core.properties import Property, Protocol
from anlan.telemetry.core.register_checking import device_faults, station_faults
from anlan.telemetry.core.series import Series
from anlan.telemetry.core.tangent_angle import Point, angles_of

NOW = 1_782_864_000.0


@cache
def network() -> Network:
    return make_network(make_county())


def test_there_are_three_hundred_and_each_speaks_by_a_wire():
    register = network().register

    assert len(register.stations) == len({row.code for row in register.stations}) == STATIONS
    assert set(Counter(row.protocol for row in register.devices)) == {each.value for each in Protocol}


def test_every_row_of_the_register_is_faultless():
    register = network().register

    assert [fault for row in register.stations for fault in station_faults(row)] == []
    assert [fault for row in register.devices for fault in device_faults(row)] == []


def test_each_level_answers_to_rain_gauges_that_are_named_upstream():
    register = network().register
    upstream = {row.code: row.upstream for row in register.stations}
    kinds = {row.code: row.kind for row in register.stations}

    levels = [sensed for sensed in network().sensed if sensed.property is Property.LEVEL]

    assert len(levels) == 42
    assert all({kinds[code] for code in upstream[sensed.device]} == {"rain"} for sensed in levels)


def test_limits_of_a_level_rise_with_their_colours():
    limits = {}
    for row in network().register.thresholds:
        limits.setdefault(row.device, []).append((row.colour, row.value))

    assert all(sorted(rows) == sorted(rows, key=lambda row: row[1]) and len(rows) == 3 for rows in limits.values())


def test_the_past_ends_now_and_goes_up_in_time():
    for told in make_past(network(), NOW):
        assert (np.diff(told.times) > 0).all()
        assert NOW - 6 * HOUR <= told.times[-1] <= NOW
        assert np.isfinite(told.values).all()


@pytest.mark.parametrize(("storm_mm", "stage"), [(0.0, 2), (11.0, 3)])
def test_the_slope_that_creeps_hastens_and_the_storm_brings_it_to_orange(storm_mm, stage):
    (point, *_) = [each for each in make_past(network(), NOW) if each.sensed.creeps_mm > 1]
    live = NOW + np.arange(15.0, 615.0, 15.0)
    crept = [creep_mm(at - NOW, storm_mm) for at in live.tolist()]
    times, values = np.append(point.times, live), np.append(point.values, point.values[-1] + crept)
    assert network().register.stations[network().station_of[point.sensed.device]].site.endswith(f"{CREEPING + 1:02d}")

    angles = angles_of(Series(times, values), times[-1:], Point(uniform_mm_d=1.0, noise_mm=0.3))

    assert angles.reached[-1] == stage
