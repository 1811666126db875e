from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.rain import (
    pieces_of_counter,
    pieces_of_increments,
    rain_day_of,
    rain_of_days,
    rain_over,
    rain_sums,
)
from anlan.telemetry.core.series import DAY, HOUR, Series, Touched, series_of, touched

MISSING = float("nan")


def hours(*values, every=HOUR, start=0.0):
    return Series(start + np.arange(len(values)) * every, np.array(values, dtype=float))


def test_increments_add_up_over_each_window():
    pieces = pieces_of_increments(hours(*range(1, 31)), interval_s=HOUR)

    found = rain_sums(pieces, np.array([29 * HOUR]))

    assert [found[window].values_mm[0] for window in (1, 3, 6, 24)] == [30, 87, 165, sum(range(7, 31))]


def test_a_window_that_cuts_a_piece_takes_its_share():
    pieces = pieces_of_increments(hours(6, 12), interval_s=HOUR)

    found = rain_over(pieces, np.array([0.5 * HOUR]), window_s=HOUR, least_coverage=0.0)

    assert found.known_mm == [3 + 6]


def test_missing_rain_is_not_zero():
    pieces = pieces_of_increments(hours(1, 1, MISSING, 1), interval_s=HOUR)

    found = rain_over(pieces, np.array([3 * HOUR]), window_s=3 * HOUR)

    assert (found.known_mm[0], found.coverage[0]) == (2, pytest.approx(2 / 3))
    assert np.isnan(found.values_mm[0])


def test_rain_below_zero_is_no_rain_and_no_reading():
    assert pieces_of_increments(hours(1, -5, 2), interval_s=HOUR).depths_mm.tolist() == [1, 2]


def test_nothing_measured_is_missing_and_not_zero():
    pieces = pieces_of_increments(hours(), interval_s=HOUR)

    assert np.isnan(rain_over(pieces, np.array([DAY]), window_s=HOUR).values_mm[0])


def test_after_a_silence_only_the_last_interval_is_known():
    series = Series(np.array([0.0, 5 * HOUR]), np.array([1.0, 4.0]))

    found = rain_over(pieces_of_increments(series, interval_s=HOUR), np.array([5 * HOUR]), window_s=6 * HOUR)

    assert (found.known_mm[0], found.coverage[0]) == (5, pytest.approx(2 / 6))


def test_a_counter_gives_what_fell_between_its_readings():
    pieces = pieces_of_counter(hours(100, 101.5, 101.5, 104), interval_s=HOUR)

    assert pieces.depths_mm.tolist() == [1.5, 0, 2.5]


def test_a_counter_that_was_reset_counts_from_zero():
    pieces = pieces_of_counter(hours(100, 102, 0.5, 1.5), interval_s=HOUR)

    assert pieces.depths_mm.tolist() == [2, 0.5, 1]


def test_a_counter_that_falls_back_by_more_than_can_have_fallen_was_wrong_and_brings_no_rain():
    times = np.arange(4) * 60.0

    pieces = pieces_of_counter(Series(times, np.array([250.5, 310.5, 250.5, 250.5])), interval_s=60.0)

    assert pieces.depths_mm.tolist() == [60.0, 0.0]


def test_a_counter_that_ran_over_goes_on():
    pieces = pieces_of_counter(hours(9999, 1), interval_s=HOUR, wraps_at=10000)

    assert pieces.depths_mm.tolist() == [2]


def test_rain_in_a_hole_of_a_counter_belongs_to_the_windows_that_hold_the_whole_hole():
    series = Series(np.array([0.0, HOUR, 6 * HOUR]), np.array([0.0, 1.0, 61.0]))
    pieces = pieces_of_counter(series, interval_s=HOUR)

    found = rain_sums(pieces, np.array([6 * HOUR]), hours=(3, 6), least_coverage=0.9)

    assert (found[6].values_mm[0], found[3].known_mm[0]) == (61, 0)
    assert np.isnan(found[3].values_mm[0])


def test_the_rain_day_begins_at_eight_in_beijing():
    eight = datetime(2026, 7, 2, tzinfo=UTC).timestamp()  # 08:00 in Beijing

    assert rain_day_of(eight) == date(2026, 7, 1)
    assert rain_day_of(eight + 1) == date(2026, 7, 2)


def test_rain_of_a_day_runs_from_eight_to_eight():
    start = datetime(2026, 7, 1, tzinfo=UTC).timestamp()
    pieces = pieces_of_increments(hours(*[1] * 49, start=start), interval_s=HOUR)

    found = rain_of_days(pieces, [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)])

    assert found.values_mm.tolist()[1:3] == [24, 24]
    assert np.isnan(found.values_mm[[0, 3]]).all()


depths = st.lists(st.one_of(st.just(MISSING), st.integers(0, 300).map(lambda tenths: tenths / 10)), max_size=40)


@given(depths)
def test_the_longer_window_never_holds_less(values):
    series = hours(*values)
    pieces = pieces_of_increments(series, interval_s=HOUR)

    found = rain_sums(pieces, series.times)

    assert (found[24].known_mm >= found[1].known_mm).all()
    assert (found[1].known_mm >= 0).all()


@pytest.mark.parametrize("reads", [pieces_of_increments, pieces_of_counter])
@given(
    readings=st.dictionaries(st.integers(0, 96), st.integers(0, 500).map(lambda tenths: tenths / 10), min_size=3),
    late=st.sets(st.integers(0, 96), min_size=1, max_size=5),
)
def test_late_readings_change_nothing_outside_the_window_they_touch(reads, readings, late):
    readings = {hour * 900.0: value for hour, value in readings.items()}
    late = {hour * 900.0 for hour in late}
    before = {time: value for time, value in readings.items() if time not in late}
    full = series_of((readings | {time: 7.0 for time in late}).items())
    window = touched(late, full.times, looks_back_s=3 * HOUR)

    def sums(series, at):
        return rain_over(reads(series, interval_s=900.0), at, window_s=3 * HOUR, least_coverage=0.0).known_mm

    earlier = series_of(before.items())
    kept = dict(zip(earlier.times.tolist(), sums(earlier, earlier.times), strict=True))
    again = full.times[(full.times >= window.first) & (full.times <= window.last)]
    read = full.within(window.reads_from - 1, window.last)
    kept |= dict(zip(again.tolist(), sums(read, again), strict=True))

    assert [kept[time] for time in full.times.tolist()] == pytest.approx(sums(full, full.times))


def test_a_reading_touches_from_the_one_before_it_to_a_window_after_the_one_behind_it():
    times = np.array([0.0, 100, 200, 300, 450, 600])

    # The piece that ends at 450 begins anew at 300, and the last window that holds some of it ends at 450 + 120.
    assert touched([300.0], times, looks_back_s=120.0) == Touched(first=200, last=570, reads_from=0)
    assert touched([600.0, 450.0], times, looks_back_s=50.0) == Touched(first=300, last=650, reads_from=200)


def test_the_first_reading_has_none_before_it():
    assert touched([0.0], np.array([0.0, 100]), looks_back_s=30.0) == Touched(first=0, last=130, reads_from=-30)


def test_no_news_touches_nothing():
    assert touched([], np.zeros(0), looks_back_s=HOUR) is None


def test_a_series_goes_forward():
    with pytest.raises(ValueError, match="strictly increasing"):
        Series(np.array([1.0, 1.0]), np.zeros(2))


def test_of_two_readings_at_one_instant_the_later_given_counts():
    assert series_of([(2.0, 1.0), (1.0, 5.0), (2.0, 3.0)]).values.tolist() == [5, 3]
