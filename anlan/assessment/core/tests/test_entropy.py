import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.assessment.core.entropy import TooFewUnits, Undefined, critic_weights, entropy_weights

SCORES = arrays(np.float64, st.tuples(st.integers(2, 12), st.integers(1, 6)), elements=st.floats(0, 1))


def test_two_columns_by_hand():
    scores = np.array([[1.0, 0.5], [0.0, 0.5], [1.0, 0.5]])

    found = entropy_weights(scores)

    assert found.entropies == pytest.approx([np.log(2) / np.log(3), 1])
    assert found.weights == pytest.approx([1, 0])
    assert found.undefined is None


def test_where_all_units_are_alike_the_weights_are_equal_and_it_is_said():
    found = entropy_weights(np.full((4, 3), 0.7))

    assert found.weights == pytest.approx([1 / 3] * 3)
    assert found.undefined is Undefined.ALL_ALIKE


def test_a_single_unit_is_refused():
    with pytest.raises(TooFewUnits, match="there is 1"):
        entropy_weights(np.ones((1, 3)))


def test_missing_answers_are_left_out_of_their_column():
    full = np.array([[0.2, 0.9], [0.8, 0.1], [0.5, 0.4]])
    gap = np.vstack([full, [np.nan, 0.4]])

    assert entropy_weights(gap).entropies[0] == pytest.approx(entropy_weights(full).entropies[0])


def test_a_column_with_a_single_answer_says_nothing():
    scores = np.array([[0.5, 0.2], [np.nan, 0.9], [np.nan, 0.3]])

    assert entropy_weights(scores).weights == pytest.approx([0, 1])


def test_negative_scores_are_a_bug():
    with pytest.raises(ValueError, match="expected 0 or more"):
        entropy_weights(np.array([[-1.0], [1.0]]))


@given(SCORES)
def test_entropy_weights_sum_to_1(scores):
    found = entropy_weights(scores)

    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    assert ((found.entropies >= -1e-9) & (found.entropies <= 1 + 1e-9)).all()


@given(SCORES)
@settings(deadline=None)
def test_critic_weights_sum_to_1(scores):
    found = critic_weights(scores)

    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


def test_critic_by_hand():
    # Columns 1 and 2 say the same, 3 the opposite: equal spread, so conflicts 0+2, 0+2 and 2+2 of 8 decide.
    scores = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.5, 0.5, 0.5]])

    assert critic_weights(scores) == pytest.approx([0.25, 0.25, 0.5])


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (np.full((3, 2), 0.4), [0.5, 0.5]),
        (np.array([[0.1, 0.4, 0.1], [0.9, 0.4, 0.9]]), [0.5, 0, 0.5]),
    ],
)
def test_critic_without_spread_or_conflict_shares_alike(scores, expected):
    assert critic_weights(scores) == pytest.approx(expected)


def test_critic_needs_two_units():
    with pytest.raises(TooFewUnits):
        critic_weights(np.ones((1, 2)))
