from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.normalisation import min_max, score_line, target_scores
from anlan.assessment.core.tests.workbook_cases import FUNDS, OFFICE, POSTS, RATE, REVISED
from anlan.assessment.core.values import Direction

LEAVES = (OFFICE, POSTS, RATE, REVISED, FUNDS)


def score(leaf, value):
    intercept, scale = score_line(leaf)
    return float(target_scores(np.array([[value]]), np.array([intercept]), np.array([scale]))[0, 0])


@pytest.mark.parametrize(
    ("leaf", "value", "expected"),
    [
        (OFFICE, 1, 1),
        (OFFICE, 0, 0),
        (replace(OFFICE, direction=Direction.NEGATIVE), 1, 0),
        (POSTS, 3, 0.5),
        (POSTS, 6, 1),
        (POSTS, 9, 1),
        (RATE, 0.49, 0.5),
        (FUNDS, 10, 1),
        (FUNDS, 15, 0.5),
        (FUNDS, 4, 1),
        (FUNDS, 20, 0),
        (FUNDS, 90, 0),
        (REVISED, 1095, 1),
        (REVISED, 2190, 0),
        (replace(REVISED, direction=Direction.POSITIVE), 2190, 0),
    ],
)
def test_a_value_is_scored_by_its_kind_and_direction(leaf, value, expected):
    assert score(leaf, value) == pytest.approx(expected)


@pytest.mark.parametrize("target", range(1, 200))
def test_reaching_the_target_is_exactly_full_marks(target):
    assert score(replace(POSTS, target=float(target)), target) == 1.0


def test_missing_stays_missing():
    assert np.isnan(score(POSTS, np.nan))


@given(st.sampled_from(LEAVES), st.floats(0, 1e6), st.floats(0, 1e6))
def test_scores_stay_within_0_and_1_and_more_of_a_good_thing_never_lowers_them(leaf, first, second):
    less, more = sorted((first, second))
    scores = score(leaf, less), score(leaf, more)

    assert all(0 <= each <= 1 for each in scores)
    is_better = leaf in (OFFICE, POSTS, RATE)
    assert scores[0] <= scores[1] if is_better else scores[0] >= scores[1]


def test_between_least_and_most():
    values = np.array([[1.0, 10.0, 7.0], [3.0, 20.0, 7.0], [np.nan, 15.0, 7.0]])

    found = min_max(values, np.array([False, True, False]))

    assert found[:2] == pytest.approx(np.array([[0, 1, 1], [1, 0, 1]]))
    assert np.isnan(found[2, 0])
    assert found[2, 1:] == pytest.approx([0.5, 1])


def test_a_column_nobody_answered_stays_missing():
    assert np.isnan(min_max(np.full((2, 1), np.nan), np.array([False]))).all()
