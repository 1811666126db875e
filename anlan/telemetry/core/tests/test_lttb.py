import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.lttb import thinned
from anlan.telemetry.core.series import Series

values = st.lists(st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)), max_size=200)


def minutes(readings):
    return Series(np.arange(len(readings)) * 60.0, np.array(readings, dtype=float))


@given(values, st.integers(3, 60))
def test_what_is_left_is_a_part_in_order_with_its_first_and_last(readings, most):
    series = minutes(readings)
    known = series.known()

    found = thinned(series, most).known()

    assert len(found.times) == min(most, len(known.times))
    assert set(zip(found.times, found.values, strict=True)) <= set(zip(known.times, known.values, strict=True))
    assert (np.diff(found.times) > 0).all()
    assert found.times[:1].tolist() + found.times[-1:].tolist() == known.times[:1].tolist() + known.times[-1:].tolist()


@given(values)
def test_a_short_series_stays_as_it_is_but_for_the_length_of_its_holes(readings):
    series = minutes(readings)

    found = thinned(series, 200)

    assert found.known().times.tolist() == series.known().times.tolist()


def test_a_hole_stays_a_hole():
    found = thinned(minutes([float("nan"), 1, float("nan"), float("nan"), 2, 3, float("nan")]), 10)

    assert found.values == pytest.approx([1, float("nan"), 2, 3], nan_ok=True)


def test_the_one_peak_of_a_calm_day_stays():
    calm = np.sin(np.arange(1440) / 50)
    calm[700] = 40

    assert 40 in thinned(minutes(calm), 50).values


def test_under_three_readings_make_no_triangle():
    with pytest.raises(ValueError, match="expected at least 3"):
        thinned(minutes([1, 2, 3]), 2)
