"""Two real rivers: learnt from two years, tried on the third from every hour of it."""

import numpy as np
import pytest

from anlan.telemetry.core.forecast.features import AHEAD_H
from anlan.telemetry.core.forecast.model import Basis, fit_forecast, predict_many
from anlan.telemetry.core.forecast.skill import skill
from anlan.telemetry.core.tests.rivers import gauges_of, real_river, years_of

AT = 3  # h ahead


@pytest.fixture(scope="module")
def tried(shared):
    folder = shared / "rivers"
    codes, (*two, third) = gauges_of(folder), years_of(folder)
    learnt = {code: fit_forecast(real_river(folder, code, two), seed=1) for code in codes}
    tried = {code: real_river(folder, code, (third,)) for code in codes}
    return {code: (learnt[code], tried[code], skill(learnt[code], tried[code])) for code in codes}


@pytest.mark.shared
def test_both_rivers_are_foretold_better_than_by_staying_as_they_are(tried):
    ratios = [found.over_all.against_staying(AT) for _model, _hours, found in tried.values()]

    assert {model.basis for model, _hours, _found in tried.values()} == {Basis.LEARNT}
    assert max(ratios) <= 0.82
    assert np.mean(ratios) <= 0.72


@pytest.mark.shared
def test_the_intervals_hold_over_all_and_in_floods(tried):
    for _model, _hours, found in tried.values():
        assert all(0.75 <= share <= 0.90 for share in found.over_all.covered)
        assert all(share >= 0.70 for share in found.active.covered)


@pytest.mark.shared
def test_the_intervals_hold_whichever_way_a_lively_hour_is_told(tried):
    for model, hours, _found in tried.values():
        assert least_coverage_of_lively_hours(model, hours) >= 0.70


def least_coverage_of_lively_hours(model, hours):
    told = predict_many(model, hours)
    rise = np.concatenate(([np.nan], np.diff(hours.level_m)))
    six = np.array([np.convolve(np.nan_to_num(rain), np.ones(6))[: len(hours)] for rain in hours.rain_mm])
    came = np.array([np.concatenate((hours.level_m[ahead:], np.full(ahead, np.nan))) for ahead in AHEAD_H]).T
    inside = (came >= told.low_m) & (came <= told.high_m)
    ways = (rise > 0, rise >= 0.02, six.max(axis=0) >= 5, six.mean(axis=0) >= 5, (rise > 0) | (six.mean(axis=0) >= 5))

    return min(inside[way & np.isfinite(came[:, place]), place].mean() for way in ways for place in range(len(AHEAD_H)))


@pytest.mark.shared
def test_a_real_forecast_is_better_than_the_climate(tried):
    for _model, _hours, found in tried.values():
        assert all(ours < theirs for ours, theirs in zip(found.over_all.rmse_m, found.over_all.climate_m, strict=True))
