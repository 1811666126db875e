import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.assessment.core.coupling import adjusted_coupling_coordination, coupling_coordination

# Six regions of three subsystems; docs/methods/coupling.md names the source.
U = np.array(
    [
        [0.0162, 0.2720, 0.2655],
        [0.1782, 0.6824, 0.3721],
        [0.5490, 0.0593, 0.5729],
        [0.6730, 0.4812, 0.9082],
        [0.0207, 0.8891, 0.2017],
        [0.9875, 0.5573, 0.8984],
    ]
)


def test_standard_with_equal_weights():
    found = coupling_coordination(U, np.full(3, 1 / 3))

    assert found.coupling == pytest.approx([0.571, 0.867, 0.674, 0.967, 0.418, 0.971], abs=6e-4)
    assert found.level == pytest.approx([0.185, 0.411, 0.394, 0.687, 0.370, 0.814], abs=6e-4)
    assert found.coordination == pytest.approx([0.325, 0.597, 0.515, 0.815, 0.393, 0.889], abs=6e-4)


def test_adjusted_with_weights():
    found = adjusted_coupling_coordination(U, np.array([0.4, 0.3, 0.3]))

    assert found.coupling == pytest.approx([0.447, 0.501, 0.455, 0.669, 0.175, 0.715], abs=6e-4)
    assert found.level == pytest.approx([0.168, 0.388, 0.409, 0.686, 0.336, 0.832], abs=6e-4)
    assert found.coordination == pytest.approx([0.274, 0.440, 0.432, 0.678, 0.242, 0.771], abs=6e-4)


@pytest.mark.parametrize("model", [coupling_coordination, adjusted_coupling_coordination])
def test_a_zero_uncouples_and_all_zero_is_no_fault(model):
    found = model(np.array([[0.0, 0.5], [0.0, 0.0], [0.6, 0.6]]), np.array([0.5, 0.5]))

    assert found.coordination[:2] == pytest.approx([0, 0])
    assert found.coupling[2] == pytest.approx(1)


def test_one_score_alone_cannot_be_coupled():
    with pytest.raises(ValueError, match="at least 2"):
        coupling_coordination(np.ones((1, 1)), np.ones(1))


@given(arrays(np.float64, (4, 5), elements=st.floats(0, 1)))
def test_everything_stays_within_0_and_1(scores):
    for model in (coupling_coordination, adjusted_coupling_coordination):
        found = model(scores, np.full(5, 0.2))
        for array in (found.coupling, found.level, found.coordination):
            assert ((array >= 0) & (array <= 1 + 1e-9)).all()
