import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.ahp import AhpMethod, BadComparisons, ahp_weights, check_comparisons

THIRD, SEVENTH = 1 / 3, 1 / 7
# Jiang Qiyuan's choice of a holiday place; docs/methods/ahp.md names the sources of both.
HOLIDAY = [
    [1, 1 / 2, 4, 3, 3],
    [2, 1, 7, 5, 5],
    [1 / 4, SEVENTH, 1, 1 / 2, THIRD],
    [THIRD, 1 / 5, 2, 1, 1],
    [THIRD, 1 / 5, 3, 1, 1],
]
SECOND = [
    [1, THIRD, 1 / 2, 3, 2],
    [3, 1, 2, 5, 4],
    [2, 1 / 2, 1, 4, 3],
    [THIRD, 1 / 5, 1 / 4, 1, 1 / 2],
    [1 / 2, 1 / 4, THIRD, 2, 1],
]


def test_the_textbook_example_by_eigenvector():
    found = ahp_weights(HOLIDAY)

    assert found.weights == pytest.approx([0.26360349, 0.47583538, 0.0538146, 0.09806829, 0.10867824], abs=1e-8)
    assert found.lambda_max == pytest.approx(5.072084, abs=1e-6)
    assert found.consistency_index == pytest.approx(0.0180211, abs=1e-7)
    assert found.consistency_ratio == pytest.approx(0.01609027, abs=1e-8)


def test_the_second_example_by_geometric_mean():
    found = ahp_weights(SECOND, AhpMethod.GEOMETRIC)

    assert found.weights == pytest.approx([0.1602, 0.4174, 0.2634, 0.0615, 0.0975], abs=1e-4)
    assert found.lambda_max == pytest.approx(5.068, abs=1e-3)
    assert found.consistency_ratio == pytest.approx(0.0152, abs=1e-4)


def test_the_methods_differ_on_it():
    assert ahp_weights(SECOND).weights == pytest.approx([0.1599, 0.4185, 0.2625, 0.0618, 0.0973], abs=1e-4)


@pytest.mark.parametrize("matrix", [[[1]], [[1, 3], [THIRD, 1]]])
def test_one_or_two_things_are_always_consistent(matrix):
    assert ahp_weights(matrix).consistency_ratio == 0


def test_contradicting_comparisons_name_the_worst_pair():
    circle = [[1, 3, 1 / 5], [THIRD, 1, 3], [5, THIRD, 1]]

    with pytest.raises(BadComparisons, match="CR .*materials") as refused:
        check_comparisons(circle, names=("org", "capability", "materials"))

    assert {refused.value.values["first"], refused.value.values["second"]} == {"org", "materials"}


def test_one_entry_turned_round_is_the_one_named():
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 3], matrix[3, 1] = 1 / 9, 9

    with pytest.raises(BadComparisons) as refused:
        check_comparisons(matrix.tolist(), names="ABCD")

    assert (refused.value.values["first"], refused.value.values["second"]) == ("B", "D")
    assert refused.value.values["entered"] == pytest.approx(1 / 9)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 3], [1, 1]], "not reciprocal: row 1, column 2 is 3"),
        ([[2, 3], [THIRD, 1]], "not reciprocal: row 1, column 1 is 2"),
        ([[1, -3], [-THIRD, 1]], "Row 1, column 2 is -3"),
        ([[1, float("nan")], [1, 1]], "Row 1, column 2 is nan"),
        ([[1, 2, 3], [1, 1]], "no square table"),
        ([], "no square table"),
        (np.ones((16, 16)).tolist(), "16 things are compared, at most 15"),
    ],
)
def test_what_is_no_comparison_is_refused_with_the_cell(matrix, message):
    with pytest.raises(BadComparisons, match=message):
        ahp_weights(matrix)


def test_fractions_written_with_two_decimals_are_taken():
    assert ahp_weights([[1, 6], [0.17, 1]]).weights.sum() == pytest.approx(1)


@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=15), st.sampled_from(AhpMethod))
def test_consistent_comparisons_give_back_their_weights(drawn, method):
    weights = np.array(drawn) / sum(drawn)

    found = ahp_weights((weights[:, None] / weights[None, :]).tolist(), method)

    assert found.weights == pytest.approx(weights)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
