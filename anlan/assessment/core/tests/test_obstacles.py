import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.assessment.core.obstacles import losses_of, obstacles_of
from anlan.assessment.core.tests.test_coupling import U


def test_published_losses():
    losses = losses_of(U, np.array([0.4, 0.3, 0.3]))

    assert losses[0] == pytest.approx([0.394, 0.218, 0.220], abs=6e-4)
    assert losses[5] == pytest.approx([0.005, 0.133, 0.0305], abs=6e-4)


def test_shares_by_hand():
    losses = losses_of(np.array([[0.9, 0.4, 0.5, 0.7, 0.2]]), np.array([0.3, 0.2, 0.25, 0.15, 0.1]))

    assert losses.sum() == pytest.approx(1 - 0.6)
    assert obstacles_of(losses)[0] == pytest.approx([0.075, 0.3, 0.3125, 0.1125, 0.2])


@given(arrays(np.float64, (3, 4), elements=st.one_of(st.floats(0, 1), st.just(1.0), st.just(np.nan))))
def test_obstacle_shares_sum_to_1_or_are_all_0(scores):
    sums = obstacles_of(losses_of(scores, np.array([0.1, 0.2, 0.3, 0.4]))).sum(axis=1)

    assert all(each == pytest.approx(1) or each == 0 for each in sums)
