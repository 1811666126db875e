"""A rate is taken from one reading a minute, and a look at the levels tells what it cannot exceed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from anlan.telemetry.core.motion import rise_rates_m_h
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import HOUR, Series
from anlan.telemetry.core.thinning import steepest_m_h, thinned

START = 1_700_000_000.0
LEVELS = some.lists(some.floats(-50.0, 50.0) | some.just(float("nan")), min_size=1, max_size=90)


@given(LEVELS, some.lists(some.floats(1.0, 900.0), min_size=90, max_size=90))
def test_no_rise_rate_is_steeper_than_the_levels_allow(levels, pauses):
    series = Series(START + np.cumsum(pauses)[: len(levels)], np.array(levels))

    rates = rise_rates_m_h(thinned(series, Quantity.RISE_RATE))

    known = np.abs(rates[np.isfinite(rates)])
    assert (known <= steepest_m_h(series.values) + 1e-9).all()


def test_a_jump_in_the_middle_of_an_hour_comes_near_what_is_allowed_and_stays_under_it():
    times = START // HOUR * HOUR + np.arange(0.0, HOUR + 1, 60.0)
    series = Series(times, np.where(times < times[30], 0.0, 1.0))

    steepest = np.nanmax(rise_rates_m_h(thinned(series, Quantity.RISE_RATE)))

    assert 1.0 < steepest < steepest_m_h(series.values)


def test_levels_that_are_not_known_allow_no_rate():
    assert steepest_m_h(np.array([np.nan, np.nan])) == 0.0
