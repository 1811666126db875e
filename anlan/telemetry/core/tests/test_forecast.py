from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.intervals import State, margins_of
from anlan.telemetry.core.forecast.model import (
    RECENT_H,
    Basis,
    NoRecentLevel,
    fit_forecast,
    predict,
    predict_many,
)
from anlan.telemetry.core.forecast.skill import skill
from anlan.telemetry.core.forecast.staying import TooLittleHistory
from anlan.telemetry.core.forecast.stored import OtherForm, pack, unpack
from anlan.telemetry.core.tests.rivers import made_river

RIVER = made_river(330)
PAST, NEXT = RIVER.part(0, 240 * 24), RIVER.part(240 * 24, 330 * 24)
HOURS = st.integers(RECENT_H, len(NEXT))


@pytest.fixture(scope="module")
def model():
    return fit_forecast(PAST, seed=1)


def moved(hours, by):
    return replace(hours, level_m=hours.level_m + by)


def test_a_river_that_follows_its_rain_is_foretold(model):
    found = skill(model, NEXT)

    assert model.basis == Basis.LEARNT
    assert found.over_all.against_staying(1) < 0.9
    assert found.over_all.against_staying(3) < 0.8
    assert found.active.against_staying(3) < 0.8
    assert found.over_all.rmse_m[2] < found.over_all.climate_m[2]
    assert 0.75 < found.over_all.covered[2] < 0.93
    assert found.active.covered[2] > 0.7


def test_rain_that_has_fallen_raises_the_forecast(model):
    dry = NEXT.part(0, 400)
    wet = dry.rain_mm.copy()
    wet[:, -1] += 25.0

    before_rain, after_rain = predict(model, dry), predict(model, replace(dry, rain_mm=wet))

    assert after_rain.level_m[3] > before_rain.level_m[3] + 0.05
    assert after_rain.state != State.CALM
    assert after_rain.high_m[3] - after_rain.low_m[3] > before_rain.high_m[3] - before_rain.low_m[3]


@pytest.mark.parametrize("metres", [-99.5, 0.01, 4321.0])
def test_a_moved_datum_moves_the_forecast(model, metres):
    there = fit_forecast(moved(PAST, metres), seed=1)

    found, expected = predict_many(there, moved(NEXT, metres)), predict_many(model, NEXT)
    np.testing.assert_allclose(found.level_m - metres, expected.level_m, atol=1e-5)
    np.testing.assert_allclose(found.high_m - metres, expected.high_m, atol=1e-5)
    assert (found.is_fallback == expected.is_fallback).all()


def test_the_interval_holds_the_forecast(model):
    told = predict_many(model, NEXT)

    assert (told.low_m <= told.level_m).all()
    assert (told.level_m <= told.high_m).all()


@settings(max_examples=25, deadline=None)
@given(last=HOURS)
def test_a_forecast_knows_nothing_of_what_comes_later(model, last):
    alone, among = predict(model, NEXT.part(0, last)), predict_many(model, NEXT)

    np.testing.assert_allclose(alone.level_m, among.level_m[last - 1], atol=1e-9)
    np.testing.assert_allclose(alone.high_m, among.high_m[last - 1], atol=1e-9)


def test_the_same_history_and_seed_give_the_same_model(model):
    assert pack(fit_forecast(PAST, seed=1)) == pack(model)


def test_a_model_comes_back_from_its_bytes(model):
    back = unpack(pack(model))

    told, expected = predict_many(back, NEXT), predict_many(model, NEXT)
    assert pack(back) == pack(model)
    for name in ("level_m", "low_m", "high_m", "is_fallback"):
        np.testing.assert_array_equal(getattr(told, name), getattr(expected, name))


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"\x80", b"\x81\xa4form\x07", b"\x01"])
def test_bytes_that_are_no_model_are_refused(content):
    with pytest.raises(OtherForm):
        unpack(content)


def test_the_trees_tell_what_the_library_tells():
    from sklearn.tree import DecisionTreeRegressor

    from anlan.telemetry.core.forecast import trees

    rng = np.random.default_rng(5)
    seen, wanted = rng.normal(size=(500, 6)), rng.normal(size=(500, 2))
    tree = DecisionTreeRegressor(max_depth=trees.DEPTH, min_samples_leaf=40).fit(seen, wanted)
    figures, limits, answers = trees.table_of(tree)

    told = trees.Boosted(figures[None], limits[None], answers[None])(seen)

    np.testing.assert_allclose(told, tree.predict(seen))


def test_silent_gauges_make_the_level_stay_as_it_is(model):
    rain = NEXT.rain_mm.copy()
    rain[:, 490:] = np.nan
    recent = replace(NEXT, rain_mm=rain).part(0, 500)

    forecast = predict(model, recent)

    assert forecast.is_fallback
    assert forecast.basis == Basis.GAP
    assert set(forecast.level_m) == {recent.level_m[-1]}
    assert forecast.low_m[0] < forecast.level_m[0] < forecast.high_m[0]


def test_one_silent_gauge_of_two_does_no_harm(model):
    rain = NEXT.rain_mm.copy()
    rain[1, 490:] = np.nan

    assert not predict(model, replace(NEXT, rain_mm=rain).part(0, 500)).is_fallback


def test_an_older_level_has_a_wider_interval_and_at_last_none(model):
    def without_the_last(hours):
        level = NEXT.level_m[:500].copy()
        level[500 - hours :] = np.nan
        return replace(NEXT.part(0, 500), level_m=level)

    fresh, old = predict(model, without_the_last(1)), predict(model, without_the_last(6))

    assert fresh.basis == old.basis == Basis.GAP
    assert old.level_m[0] == without_the_last(6).level_m[493]
    assert old.high_m[0] - old.low_m[0] >= fresh.high_m[0] - fresh.low_m[0]
    with pytest.raises(NoRecentLevel):
        predict(model, without_the_last(7))


def test_a_young_station_says_that_the_level_stays():
    young = fit_forecast(RIVER.part(0, 20 * 24), seed=1)

    forecast = predict(young, RIVER.part(20 * 24, 31 * 24))

    assert young.basis == forecast.basis == Basis.LITTLE_HISTORY
    assert forecast.low_m[5] < forecast.level_m[5] < forecast.high_m[5]
    assert unpack(pack(young)).pair is None


def test_a_young_station_that_never_saw_a_rise_is_not_sure_of_it():
    calm = np.round(np.tile([5.0, 5.01, 5.0, 4.99], 30), 2)
    calm[60:] += 0.2  # one step, which took no time
    young = fit_forecast(Hours(0.0, calm), seed=1)
    rising = calm[-24:].copy()
    rising[-1] += 0.3

    risen, still = predict(young, Hours(0.0, rising)), predict(young, Hours(0.0, calm[-24:]))

    assert risen.state == State.RISING
    assert risen.high_m[5] - risen.level_m[5] == pytest.approx(0.22)
    assert still.high_m[5] - still.level_m[5] < 0.1


def test_a_station_of_an_hour_has_no_forecast():
    with pytest.raises(TooLittleHistory, match="2 hours are known"):
        fit_forecast(RIVER.part(0, 2), seed=1)
    with pytest.raises(TooLittleHistory, match="0 hours are known"):
        fit_forecast(Hours(0.0, np.full(100, np.nan)), seed=1)


def test_a_level_that_wanders_without_reason_is_not_foretold():
    rng = np.random.default_rng(11)
    wandering = Hours(0.0, np.cumsum(rng.normal(0, 0.02, 2400)), rng.gamma(0.1, 2.0, (1, 2400)))

    assert fit_forecast(wandering, seed=1).basis == Basis.NO_BETTER


def test_a_level_that_never_moves_stays():
    still = Hours(0.0, np.full(2400, 5.0), np.zeros((1, 2400)))

    forecast = predict(fit_forecast(still, seed=1), still)

    assert forecast.basis == Basis.NO_BETTER
    assert forecast.low_m == forecast.level_m == forecast.high_m


def test_a_station_without_gauges_learns_from_its_level_alone():
    dry = Hours(PAST.last_s, PAST.level_m)

    found = skill(fit_forecast(dry, seed=1), Hours(NEXT.last_s, NEXT.level_m))

    assert 0.5 < found.over_all.against_staying(3) < 1.0


def test_another_number_of_gauges_is_refused(model):
    with pytest.raises(ValueError, match="rain of 0 gauges, expected 2"):
        predict(model, Hours(NEXT.last_s, NEXT.level_m))


@settings(max_examples=40, deadline=None)
@given(st.integers(60, 400), st.floats(0.001, 3.0), st.integers(0, 2**31))
def test_margins_hold_what_they_were_taken_from(count, spread, seed):
    rng = np.random.default_rng(seed)
    told, wanted = rng.normal(size=(count, 6)), rng.normal(0, spread, (count, 6))
    states = np.zeros(count, dtype=np.int64)

    margins = margins_of(told, wanted, states)
    low, high = margins.around(told, states, np.ones_like(told))

    covered = ((wanted >= low) & (wanted <= high)).mean(axis=0)
    assert (covered >= 0.8).all()
    assert (low <= told).all()
    assert (told <= high).all()
