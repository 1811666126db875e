import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.assessment.core.topsis import Scaling, topsis

# Five coal mines' dust, all costs, taken reciprocal; docs/methods/topsis.md names the source.
MINES = 1 / np.array([[50.8, 4.3, 8.7], [200.0, 4.9, 7.2], [71.4, 2.5, 5.0], [98.5, 3.7, 2.7], [10.2, 2.4, 0.3]])
PHONES = np.array(
    [
        [256, 8, 41, 1.6, 1.77, 7347.16],
        [256, 8, 32, 1.0, 1.8, 6919.99],
        [256, 8, 53, 1.6, 1.9, 8400],
        [256, 8, 41, 1.0, 1.75, 6808.9],
        [512, 8, 35, 1.6, 1.7, 8479.99],
        [256, 4, 35, 1.6, 1.7, 7499.99],
    ]
)
WEIGHTS = np.array([0.405, 0.221, 0.134, 0.199, 0.007, 0.034])
COSTS = np.array([False, False, False, False, True, True])


def test_coal_mines_by_vector_norm():
    found = topsis(MINES, np.ones(3), np.zeros(3, dtype=bool))

    assert found.to_ideal == pytest.approx([1.2558, 1.3527, 1.2457, 1.2515, 0], abs=1e-4)
    assert found.to_anti_ideal == pytest.approx([0.15, 0.0071, 0.2914, 0.1306, 1.3577], abs=1e-4)
    assert found.closeness == pytest.approx([0.1067, 0.0052, 0.1896, 0.0945, 1.0], abs=1e-4)


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [
        (Scaling.MIN_MAX, [0.4242, 0.3217, 0.4453, 0.3353, 0.8076, 0.2971]),
        (Scaling.VECTOR, [0.3075, 0.2536, 0.3272, 0.2623, 0.8563, 0.1914]),
    ],
)
def test_phones_with_costs(scaling, expected):
    assert topsis(PHONES, WEIGHTS, COSTS, scaling).closeness == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scaling", Scaling)
def test_where_all_units_are_alike_nobody_is_close(scaling):
    found = topsis(np.full((3, 2), 5.0), np.array([0.5, 0.5]), np.zeros(2, dtype=bool), scaling)

    assert found.closeness.tolist() == [0, 0, 0]


def test_many_rows_by_blocks_and_threads_equal_the_formula():
    rng = np.random.default_rng(3)
    values, weights = rng.random((30_011, 33)) + 0.1, rng.dirichlet(np.ones(33))
    costs = rng.random(33) < 0.5

    weighted = values / np.sqrt((values**2).sum(axis=0)) * weights
    least, most = weighted.min(axis=0), weighted.max(axis=0)
    best, worst = np.where(costs, least, most), np.where(costs, most, least)
    plus, minus = (np.sqrt(((weighted - point) ** 2).sum(axis=1)) for point in (best, worst))

    assert np.abs(topsis(values, weights, costs).closeness - minus / (plus + minus)).max() < 1e-12


def test_units_that_hardly_differ_keep_their_distances():
    rng = np.random.default_rng(5)
    values = 1e6 + rng.random((500, 4))
    best, worst = values.max(axis=0), values.min(axis=0)

    found = topsis(values, np.full(4, 0.25), np.zeros(4, dtype=bool))

    lengths = np.sqrt((values**2).sum(axis=0))
    plus, minus = (np.sqrt((((values - point) / lengths) ** 2).sum(axis=1)) for point in (best, worst))
    assert np.abs(found.closeness - minus / (plus + minus)).max() < 1e-9


@given(
    arrays(np.float64, st.tuples(st.integers(1, 9), st.just(3)), elements=st.floats(0, 100)), st.sampled_from(Scaling)
)
@example(np.full((1, 3), 1.02433785e-159), Scaling.VECTOR)
@example(np.array([[0.0, 1e-145, 1.0], [1e-139, 0.0, 2.0]]), Scaling.MIN_MAX)
def test_closeness_stays_within_0_and_1(values, scaling):
    found = topsis(values, np.array([0.2, 0.3, 0.5]), np.array([False, True, False]), scaling).closeness

    assert ((found >= 0) & (found <= 1)).all()
