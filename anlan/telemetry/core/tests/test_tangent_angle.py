import csv
from datetime import UTC, datetime

import numpy as np
import pytest

from anlan.telemetry.core.series import DAY, HOUR, Series
from anlan.telemetry.core.tangent_angle import (
    NoUniformRate,
    Point,
    Stage,
    StageLimit,
    angles_of,
    episodes,
    tangent_angles,
    uniform_rate,
)

FAILURES = [(0.5, 60), (0.5, 90), (1.0, 90)]  # speed in mm/day when 1/v begins to fall in a line, and days to failure


def daily(values, start=0.0):
    return Series(start + np.arange(len(values)) * DAY, np.asarray(values, dtype=float))


def failing(speed, days):
    """Displacement of each day until the last whole one before failure: v = c/(t_f − t), so 1/v falls in a line."""
    return speed * days * np.log(days / (days - np.arange(1, days)))


def at_last(series, point):
    return angles_of(series, series.times[-1:], point)


def days_ahead(angles, times, stage, failure):
    return next((failure - moment) / DAY for moment, now in zip(times, angles.reached, strict=True) if now >= stage)


def test_angles_of_known_rates():
    assert tangent_angles(np.array([2.0, 5.0, 11.34, 22.86, 40.0]), 2.0) == pytest.approx(
        [45.0, 68.1986, 79.9978, 85.0, 87.1376], abs=5e-4
    )


def test_an_angle_needs_a_rate_over_zero():
    with pytest.raises(ValueError, match="expected more than 0"):
        tangent_angles(np.array([1.0]), 0.0)


def test_the_uniform_rate_has_a_floor():
    assert Point(uniform_mm_d=0.001).floor_mm_d == 0.05
    assert Point(uniform_mm_d=-3).floor_mm_d == 0.05
    assert Point(uniform_mm_d=0.3).floor_mm_d == 0.3


def test_a_point_without_a_rate_is_none():
    with pytest.raises(ValueError, match="expected a number"):
        Point(uniform_mm_d=float("nan"))


@pytest.mark.parametrize(
    ("uniform", "stage", "speed"),
    [(0.05, Stage.YELLOW, 0.5), (0.05, Stage.ORANGE, 2.0), (0.05, Stage.RED, 10.0), (1.0, Stage.ORANGE, 5.6713)],
)
def test_what_it_takes_to_reach_a_stage(uniform, stage, speed):
    assert Point(uniform).speed_to_reach(stage) == pytest.approx(speed, abs=1e-4)


def test_uniform_creep_is_no_stage_however_fast():
    found = at_last(daily(3.0 * np.arange(40)), Point(uniform_mm_d=0.1))

    assert found.reached.tolist() == [Stage.NONE]
    assert found.kept.tolist() == [Stage.ORANGE]  # it would keep what an acceleration had reached


@pytest.mark.parametrize(("speed", "kept"), [(2.0, Stage.ORANGE), (1.81, Stage.ORANGE), (1.79, Stage.YELLOW)])
def test_a_stage_is_kept_down_to_nine_tenths_of_its_speed(speed, kept):
    assert at_last(daily(speed * np.arange(40)), Point(0.1)).kept.tolist() == [kept]


def test_what_noise_may_show_is_no_acceleration():
    speeding_up = daily(1.0 * np.arange(40) + 0.002 * np.arange(40) ** 2)  # by 0.004 mm/d²

    assert Point(0.1, noise_mm=1.0).least_acceleration_mm_d2 == pytest.approx(0.0382, abs=1e-4)
    assert at_last(speeding_up, Point(0.1)).reached.tolist() == [Stage.YELLOW]
    assert at_last(speeding_up, Point(0.1, noise_mm=0.5)).reached.tolist() == [Stage.NONE]


def test_a_slowing_slope_reaches_nothing():
    assert at_last(daily(50 * (1 - np.exp(-np.arange(40) / 15))), Point(0.1)).reached.tolist() == [Stage.NONE]


def test_orange_takes_three_days():
    speeds = np.concatenate((np.full(20, 0.1), np.arange(1, 12)))
    series = daily(np.cumsum(speeds))

    found = angles_of(series, series.times, Point(0.1))
    first_fast = int(np.argmax(found.speeds_mm_d >= 2))

    assert np.argmax(found.reached >= Stage.ORANGE) == first_fast + 2


def test_limits_are_the_site_s_own():
    series = daily(0.01 * np.arange(40) ** 2)
    own = {Stage.YELLOW: StageLimit(angle_deg=45.0, speed_mm_d=0.7, days=1)}

    assert at_last(series, Point(0.1)).reached.tolist() == [Stage.YELLOW]
    assert at_last(series, Point(0.1, limits=own)).reached.tolist() == [Stage.YELLOW]
    own = {Stage.YELLOW: StageLimit(angle_deg=45.0, speed_mm_d=0.8, days=1)}
    assert at_last(series, Point(0.1, limits=own)).reached.tolist() == [Stage.NONE]


def test_what_is_missing_is_unknown_and_not_at_rest():
    series = daily([*np.arange(20.0), *[np.nan] * 5])

    found = at_last(series, Point(0.1))

    assert np.isnan(found.degrees[0])
    assert (found.reached[0], found.kept[0]) == (Stage.NONE, -1)


def test_a_hole_in_the_record_does_not_end_an_episode():
    values = np.cumsum(np.concatenate((np.full(15, 0.1), np.arange(1, 16), np.full(6, np.nan))))
    series = daily(values)

    found = episodes([angles_of(series, series.times, Point(0.1))], series.times, Stage.ORANGE)

    assert [until for _, until in found] == [series.times[-1]]


def test_readings_one_by_one_give_what_a_batch_gives():
    walk = np.cumsum(np.random.default_rng(3).gamma(1.0, 1.2, 24 * 40))
    series = Series(np.arange(len(walk)) * HOUR, walk / 24)
    at = series.times[-48:]

    whole = angles_of(series, at, Point(0.1))
    one_by_one = [angles_of(series.within(moment - 13 * DAY, moment), np.array([moment]), Point(0.1)) for moment in at]

    assert [each.speeds_mm_d[0] for each in one_by_one] == whole.speeds_mm_d.tolist()
    assert [each.reached[0] for each in one_by_one] == whole.reached.tolist()


@pytest.mark.parametrize("noise", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("speed", "days"), FAILURES)
def test_a_failure_is_orange_a_week_ahead(speed, days, noise):
    creep = 0.2 * np.arange(120)
    walk = np.concatenate((creep, creep[-1] + failing(speed, days)))
    series = daily(walk + np.random.default_rng(11).normal(0, noise, len(walk)) if noise else walk)
    failure = (119 + days) * DAY

    found = angles_of(series, series.times, Point(0.2, noise))

    assert days_ahead(found, series.times, Stage.ORANGE, failure) >= 7


@pytest.mark.parametrize(("uniform", "least"), [(0.05, 22), (0.35, 22), (1.0, 51)])
def test_a_week_ahead_takes_a_failure_of_some_length(uniform, least):
    def ahead(length):
        creep = uniform * np.arange(60)
        series = daily(np.concatenate((creep, creep[-1] + failing(length / 90, 90))))
        return days_ahead(angles_of(series, series.times, Point(uniform)), series.times, Stage.ORANGE, 149 * DAY)

    assert (ahead(least) >= 7, ahead(least - 1) >= 7) == (True, False)


def test_a_step_by_rain_is_yellow_at_most():
    speeds = np.full(60, 0.2)
    speeds[30:33] = 3.0
    series = daily(np.cumsum(speeds))

    assert angles_of(series, series.times, Point(0.2)).reached.max() == Stage.YELLOW


def test_the_uniform_rate_of_a_span():
    found = uniform_rate(daily(0.3 * np.arange(60)), after=9 * DAY, until=50 * DAY)

    assert (found.rate_mm_d, found.days) == (pytest.approx(0.3), 40)
    assert found.spread_mm == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "words"), [(np.arange(9), "needs 10"), (-0.1 * np.arange(30), "expected more than 0")]
)
def test_a_span_without_a_uniform_rate_is_refused(values, words):
    with pytest.raises(NoUniformRate, match=words):
        uniform_rate(daily(values), after=-DAY, until=100 * DAY)


@pytest.fixture(scope="module")
def outang(shared):
    """A real slope that crept in steps and did not fail: instants, and each point's displacement and V."""
    with (shared / "landslide" / "monitoring_data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (shared / "landslide" / "tangent_parameters.csv").open(encoding="utf-8") as file:
        rates = {
            row["station"]: float(row["v_eq_mm_per_day"])
            for row in csv.DictReader(file)
            if row["candidate_window_days"] == "60"
        }
    times = np.array([datetime.fromisoformat(row["Date"]).replace(tzinfo=UTC).timestamp() for row in rows])
    return times, {
        name: (Series(times, np.array([float(row[f"{name}/mm"]) for row in rows])), rate)
        for name, rate in rates.items()
    }


@pytest.mark.shared
@pytest.mark.parametrize("of_rate", [lambda rate: rate, lambda rate: 0.0])
def test_a_slope_that_did_not_fail_has_no_red_and_one_orange_episode(outang, of_rate):
    times, points = outang

    found = [angles_of(series, times, Point(of_rate(rate))) for series, rate in points.values()]

    assert len(points) == 8
    assert episodes(found, times, Stage.RED) == []
    [(start, end)] = episodes(found, times, Stage.ORANGE)
    assert datetime.fromtimestamp(start, UTC).year == datetime.fromtimestamp(end, UTC).year == 2017


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "speed", "days"), [("ATU3", *each) for each in FAILURES] + [("MJ3", 0.5, 60), ("ATU1", 0.8, 90)]
)
def test_a_failure_after_the_real_record_is_orange_a_week_ahead(outang, name, speed, days):
    times, points = outang
    series, rate = points[name]
    walk = np.concatenate((series.values, series.values[-1] + failing(speed, days)))
    longer = daily(walk, start=times[0])
    failure = times[-1] + days * DAY
    tail = longer.times[longer.times > times[-1]]

    found = angles_of(longer, tail, Point(rate))

    assert days_ahead(found, tail, Stage.ORANGE, failure) >= 7
