import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.motion import (
    day_medians,
    middle_slopes,
    motion_of,
    noise_mm,
    rise_rates_m_h,
    slope_days,
)
from anlan.telemetry.core.series import DAY, HOUR, Series

MISSING = float("nan")


def daily(values, every=DAY):
    values = np.asarray(values, dtype=float)
    return Series(np.arange(len(values)) * every, values)


def test_a_level_that_rises_by_a_tenth_in_ten_minutes_rises_by_six_tenths_an_hour():
    rates = rise_rates_m_h(daily(62 + 0.1 * np.arange(13), every=600.0))

    assert rates[6:] == pytest.approx([0.6] * 7)
    assert np.isnan(rates[:4]).all()  # readings too close together tell nothing of an hour


def test_a_missing_level_has_no_rise_and_is_no_zero():
    rates = rise_rates_m_h(daily([1, MISSING, 1.2, 1.3], every=HOUR))

    assert np.isnan(rates[[0, 1, 2]]).all()  # the reading before stands two hours back
    assert rates[3] == pytest.approx(0.1)


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=30), st.integers(1, 3))
def test_a_rise_rate_is_the_same_alone_and_in_a_batch(steps, size):
    series = daily(np.cumsum(steps) / 10, every=900.0)
    whole = rise_rates_m_h(series)

    last = rise_rates_m_h(series.within(series.times[-1] - size * HOUR - 1, series.times[-1]))[-1]

    assert last == whole[-1] or (np.isnan(last) and np.isnan(whole[-1]))


def test_speed_and_acceleration_of_a_parabola():
    days = np.arange(12)
    found = motion_of(daily(0.5 * 0.4 * days**2), np.array([11 * DAY]), days=5)

    assert found.speeds_mm_d == pytest.approx([0.4 * 9])  # the speed of the middle of the five days
    assert found.accelerations_mm_d2 == pytest.approx([0.4])


def test_one_wild_reading_does_not_move_the_slope():
    values = 0.2 * np.arange(10)
    values[8] += 30

    assert motion_of(daily(values), np.array([9 * DAY]), days=5).speeds_mm_d == pytest.approx([0.2])


def test_hourly_readings_give_the_slope_of_daily_ones():
    hourly = daily(2 / 24 * np.arange(24 * 12), every=HOUR)

    assert motion_of(hourly, np.array([287 * HOUR]), days=5).speeds_mm_d == pytest.approx([2.0])


def test_too_few_days_give_no_speed():
    values = np.arange(10, dtype=float)
    values[[6, 7, 9]] = MISSING

    assert np.isnan(motion_of(daily(values), np.array([9 * DAY]), days=5).speeds_mm_d[0])


def test_days_without_readings_are_missing():
    times, values = day_medians(daily([1, MISSING, 3]), np.array([2 * DAY]), count=3)

    assert values[0].tolist()[::2] == [1, 3]
    assert np.isnan([values[0, 1], times[0, 1]]).all()


def test_the_middle_slope_of_four_points():
    times = np.array([[0.0, 1, 2, 3]])

    # Slopes through pairs: 1, 2, 3 (three times from 0), 3, 4, 5 → the median of 1, 2, 3, 3, 4, 5.
    assert middle_slopes(times, np.array([[0.0, 1, 4, 9]])) == pytest.approx([3.0])


def test_noise_is_what_is_left_of_a_straight_walk():
    walk = 0.3 * np.arange(4000) + np.random.default_rng(7).normal(0, 1.5, 4000)

    assert noise_mm(daily(walk)) == pytest.approx(1.5, rel=0.06)
    assert noise_mm(daily(0.3 * np.arange(9))) == pytest.approx(0, abs=1e-12)
    assert np.isnan(noise_mm(daily([1, 2])))


@pytest.mark.parametrize(("noise", "days"), [(0.0, 5), (0.99, 5), (1.0, 7), (2.5, 7)])
def test_a_noisy_point_takes_the_longer_slope(noise, days):
    assert slope_days(noise) == days
