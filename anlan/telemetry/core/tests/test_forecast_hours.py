import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.forecast.features import seen_at, span_sum, wetness
from anlan.telemetry.core.forecast.hours import (
    Hours,
    after,
    before,
    bridged,
    hours_until,
    increments_of,
    origin_of,
    shared_rain,
)
from anlan.telemetry.core.rain import pieces_of_increments
from anlan.telemetry.core.series import HOUR, Series

NAN = float("nan")
some_rain = st.lists(st.one_of(st.just(NAN), st.floats(0, 80)), min_size=1, max_size=60).map(np.array)


def readings(minutes, values):
    return Series(np.array(minutes) * 60.0, np.array(values, dtype=float))


def same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_the_level_of_an_hour_is_its_last_reading():
    every_six_minutes = readings(range(0, 181, 6), range(31))

    found = hours_until(3 * HOUR, 3, every_six_minutes, [])

    same(found.level_m, [10, 20, 30])


def test_an_hour_without_a_reading_is_missing():
    found = hours_until(4 * HOUR, 4, readings([55, 180, 240], [1.0, NAN, 2.0]), [])

    same(found.level_m, [1.0, NAN, NAN, 2.0])


def test_hours_may_end_between_whole_ones():
    found = hours_until(3.25 * HOUR, 3, readings([75, 135, 195], [1.0, 2.0, 3.0]), [])

    same(found.level_m, [1.0, 2.0, 3.0])
    same(found.times_s / HOUR, [1.25, 2.25, 3.25])


def test_rain_of_five_minutes_adds_up_to_hours_and_a_silent_hour_is_missing():
    fell = readings([*range(5, 61, 5), *range(125, 181, 5)], [0.5] * 24)

    found = hours_until(3 * HOUR, 3, readings([60, 120, 180], [1, 1, 1]), [pieces_of_increments(fell, interval_s=300)])

    same(found.rain_mm, [[6.0, NAN, 6.0]])


def test_a_gauge_that_reports_hourly_and_every_minute_in_rain_is_whole_throughout():
    told = readings([*range(60, 601, 60), *range(601, 660)], [2.0] * 10 + [0.1] * 59)

    found = hours_until(10.95 * HOUR, 10, readings([657], [1]), [increments_of(told, interval_s=60)])

    assert np.isfinite(found.rain_mm).all()
    assert found.rain_mm.sum() == pytest.approx(2.0 * 9.05 + 0.1 * 57)


def test_after_a_silence_an_increment_tells_of_its_own_interval_alone():
    told = readings([0, 5, 10, 15, 100, 105, 110, 115], [0.5] * 8)

    pieces = increments_of(told, interval_s=300)

    same((pieces.ends - pieces.starts) / 60, [5] * 8)
    assert not len(increments_of(readings([], []), interval_s=300).ends)


def test_a_forecast_is_made_from_the_newest_instant_of_which_level_and_rain_have_come():
    level, rain = readings([0, 60, 120], [1, 1, NAN]), increments_of(readings([0, 50, 130], [0, 0, 0]), interval_s=3600)

    assert origin_of(level, [], 65 * 60) == 60 * 60
    assert origin_of(level, [rain], 65 * 60) == 50 * 60
    assert origin_of(level, [rain], 140 * 60) == 60 * 60
    assert origin_of(level, [rain], 200 * 60) == 200 * 60  # nothing came in time: what is missing is missing
    assert origin_of(readings([], []), [], 5.0) == 5.0


def test_hours_refuse_rain_of_another_length_and_below_zero():
    with pytest.raises(ValueError, match="expected as many hours"):
        Hours(0.0, np.zeros(3), np.zeros((1, 2)))
    with pytest.raises(ValueError, match="expected none below 0"):
        Hours(0.0, np.zeros(2), np.array([[0.0, -1.0]]))
    with pytest.raises(ValueError, match="expected at least one"):
        Hours(0.0, np.zeros(0))


def test_a_part_keeps_its_hours():
    part = Hours(10 * HOUR, np.arange(5.0), np.ones((1, 5))).part(1, 3)

    same(part.times_s / HOUR, [7, 8])
    same(part.level_m, [1, 2])


def test_short_gaps_are_drawn_through_and_long_ones_stay():
    same(bridged(np.array([1.0, NAN, NAN, NAN, 2.0])), [1, 1.25, 1.5, 1.75, 2])
    same(bridged(np.array([1.0, NAN, NAN, NAN, NAN, 2.0])), [1, NAN, NAN, NAN, NAN, 2])
    same(bridged(np.array([NAN, 1.0, NAN])), [NAN, 1, NAN])
    same(bridged(np.array([NAN, NAN])), [NAN, NAN])


def test_a_silent_gauge_takes_the_mean_of_the_others():
    same(
        shared_rain(np.array([[1.0, NAN, NAN], [3.0, 2.0, NAN], [8.0, 4.0, NAN]])),
        [[1, 3, NAN], [3, 2, NAN], [8, 4, NAN]],
    )


def test_before_and_after():
    same(before(np.arange(4.0), 1), [NAN, 0, 1, 2])
    same(after(np.arange(4.0), 3), [3, NAN, NAN, NAN])
    same(before(np.arange(2.0), 5), [NAN, NAN])
    same(after(np.arange(2.0), 5), [NAN, NAN])
    same(before(np.arange(2.0), 0), [0, 1])


def test_a_sum_with_a_little_missing_is_that_of_the_same_mean():
    rain = np.ones(12)
    rain[5] = NAN

    assert span_sum(rain, 0, 12)[-1] == pytest.approx(12.0)
    assert np.isnan(span_sum(rain, 6, 9)[-1])


@given(some_rain)
def test_rain_that_is_missing_never_makes_a_sum_out_of_nothing(rain):
    hourly = span_sum(rain, 0, 1)

    same(hourly, np.round(rain, 6))
    assert np.isnan(wetness(np.full(len(rain), NAN), 6.0)).all()


def test_the_ground_forgets():
    rain = np.zeros(300)
    rain[200] = 10.0

    found = wetness(rain, 24.0)

    assert found[200] == pytest.approx(10.0, rel=1e-3)
    assert found[224] == pytest.approx(10.0 / np.e, rel=1e-3)
    assert np.isnan(found[20])


@given(st.integers(0, 95), st.floats(-50, 50))
def test_what_is_seen_at_an_hour_does_not_change_with_what_comes_later(hour, moved):
    rng = np.random.default_rng(1)
    level, rain = rng.normal(size=96), rng.gamma(1, 1, (2, 96))
    other_level, other_rain = level.copy(), rain.copy()
    other_level[hour + 1 :] += moved
    other_rain[:, hour + 1 :] = NAN

    seen, other = (
        seen_at(Hours(0.0, level, rain), origin_m=0.0),
        seen_at(Hours(0.0, other_level, other_rain), origin_m=0.0),
    )

    same(other.figures[: hour + 1], seen.figures[: hour + 1])


def test_without_a_level_or_with_all_gauges_silent_nothing_is_usable():
    level, rain = np.ones(400), np.ones((2, 400))
    level[350], rain[:, 390] = NAN, NAN

    usable = seen_at(Hours(0.0, level, rain), origin_m=1.0).usable

    assert usable[349]
    assert not usable[350]
    assert not usable[390:].any()
