import numpy as np
import pytest

from anlan.telemetry.core.quality import QUALITY_NAMES, Limits, Quality, believed, flags_of
from anlan.telemetry.core.series import DAY, HOUR, Series

MISSING = float("nan")


def hourly(*values):
    return Series(np.arange(len(values)) * HOUR, np.array(values, dtype=float))


def test_every_flag_has_a_name():
    assert set(QUALITY_NAMES) == set(Quality)


def test_what_no_gauge_can_show_is_out_of_range():
    flags = flags_of(hourly(-1, 0, 5, 6, float("inf"), MISSING), Limits(lowest=0, highest=5))

    assert flags.tolist() == [Quality.RANGE, 0, 0, Quality.RANGE, Quality.RANGE, 0]


def test_infinity_is_out_of_any_range():
    assert flags_of(hourly(float("-inf"), 1e308, 5e6), Limits()).tolist() == [Quality.RANGE, Quality.RANGE, 0]


def test_a_jump_there_and_back_is_a_spike_and_a_step_is_none():
    flags = flags_of(hourly(10, 10.1, 18, 10.2, 10.2, 18, 18.1), Limits(spike=5))

    assert flags.tolist() == [0, 0, Quality.SPIKE, 0, 0, 0, 0]


def test_a_step_over_two_readings_is_no_spike():
    assert flags_of(hourly(10, 16, 22, 22), Limits(spike=5)).tolist() == [0, 0, 0, 0]
    assert flags_of(hourly(10, 22, 16, 16), Limits(spike=5)).tolist() == [0, 0, 0, 0]


def test_the_last_reading_is_no_spike_yet():
    assert flags_of(hourly(10, 10, 18), Limits(spike=5)).tolist() == [0, 0, 0]


def test_a_reading_out_of_range_makes_no_spike_of_its_neighbours():
    flags = flags_of(hourly(10, 999, 10, 999, 10), Limits(highest=100, spike=5))

    assert flags.tolist() == [0, Quality.RANGE, 0, Quality.RANGE, 0]


def test_a_value_that_stands_still_too_long_is_stuck():
    flags = flags_of(hourly(1, 2, 2, 2, 2, 3), Limits(stuck_s=3 * HOUR))

    assert flags.tolist() == [0, 0, 0, 0, Quality.STUCK, 0]


def test_a_clock_in_the_future_or_long_ago_is_wrong():
    series = Series(np.array([-3 * 365 * DAY, 0.0, HOUR, 40 * 365 * DAY]), np.ones(4))

    flags = flags_of(series, Limits(), arrived=np.full(4, HOUR))

    assert flags.tolist() == [Quality.CLOCK, 0, 0, Quality.CLOCK]


def test_what_is_not_believed_is_missing_and_stuck_is_believed():
    series = hourly(1, 2, 3, 4)
    flags = np.array([0, Quality.SPIKE, Quality.STUCK, Quality.RANGE | Quality.STUCK])

    assert believed(series, flags).values == pytest.approx([1, MISSING, 3, MISSING], nan_ok=True)


def test_an_empty_series_has_no_flags():
    assert flags_of(hourly(), Limits(lowest=0, spike=1, stuck_s=1)).tolist() == []
