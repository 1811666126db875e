import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.area import area_mean, thiessen_weights

MISSING = float("nan")


def test_the_plain_mean():
    assert area_mean(np.array([[10.0, 20, 60]])).values == pytest.approx([30])


def test_the_weighted_mean():
    found = area_mean(np.array([[10.0, 20, 60]]), np.array([0.5, 0.3, 0.2]))

    assert found.values == pytest.approx([23])


def test_a_missing_gauge_is_left_out_and_not_zero():
    found = area_mean(np.array([[10.0, 20, MISSING]]), np.array([0.5, 0.3, 0.2]))

    assert found.values == pytest.approx([13.75])
    assert found.weight_present == pytest.approx([0.8])


def test_too_little_of_the_weight_gives_no_mean():
    found = area_mean(np.array([[MISSING, 20, 60], [MISSING, MISSING, MISSING]]), np.array([0.5, 0.3, 0.2]))

    assert np.isnan(found.values).all()
    assert found.weight_present == pytest.approx([0.5, 0])


@pytest.mark.parametrize("weights", [[1.0, 1.0], [1.0, -1.0, 1.0], [0.0, 0.0, 0.0]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValueError, match="expected one each"):
        area_mean(np.ones((1, 3)), np.array(weights))


def test_thiessen_gives_each_gauge_what_lies_nearest():
    x, y = np.meshgrid(np.arange(100) + 0.5, np.arange(100) + 0.5)
    cells = np.column_stack((x.ravel(), y.ravel()))

    # The border between x = 10 and x = 50 is x = 30.
    assert thiessen_weights(np.array([[10.0, 50], [50, 50]]), cells) == pytest.approx([0.3, 0.7])


@given(st.lists(st.floats(0, 300), min_size=3, max_size=3), st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_a_mean_lies_between_the_least_and_the_most(values, weights):
    [mean] = area_mean(np.array([values]), np.array(weights)).values

    assert min(values) - 1e-9 <= mean <= max(values) + 1e-9
