import numpy as np
import pytest

from anlan.assessment.core.grading import grade_of, is_weak, ranks_of
from anlan.assessment.core.values import Grade, GradeRule

RULE = GradeRule()


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (1.0, Grade.EXCELLENT),
        (0.9, Grade.EXCELLENT),
        (0.9 - 1e-12, Grade.EXCELLENT),
        (0.899, Grade.GOOD),
        (0.8, Grade.GOOD),
        (0.6, Grade.FAIR),
        (0.5999, Grade.WEAK),
        (0.0, Grade.WEAK),
    ],
)
def test_bands_begin_at_their_floor(score, grade):
    assert grade_of(score, 1.0, RULE) is grade


@pytest.mark.parametrize(("score", "completeness"), [(None, 0.0), (0.95, 0.79)])
def test_without_enough_answers_there_is_no_grade(score, completeness):
    assert grade_of(score, completeness, RULE) is None


def test_four_fifths_answered_is_enough():
    assert grade_of(0.95, 0.8, RULE) is Grade.EXCELLENT


@pytest.mark.parametrize(
    ("score", "dimensions", "weak"),
    [(0.59, [0.59], True), (0.85, [0.9, 0.39], True), (0.85, [0.9, 0.4], False), (0.6, [0.6], False)],
)
def test_a_low_total_or_one_low_dimension_is_weak(score, dimensions, weak):
    assert is_weak(score, dimensions, RULE) is weak


def test_equal_scores_share_the_better_rank():
    assert ranks_of(np.array([0.5, 0.9, 0.5, 0.1])).tolist() == [2, 1, 2, 4]
