import numpy as np
import pytest

from anlan.assessment.core.country import (
    Asked,
    Moments,
    entropy_from,
    graded,
    level_scores,
    places_of,
    retotalled,
    scored,
    with_villages,
)
from anlan.assessment.core.entropy import entropy_weights
from anlan.assessment.core.grading import ranks_of
from anlan.assessment.core.normalisation import target_scores
from anlan.assessment.core.obstacles import losses_of, obstacles_of
from anlan.assessment.core.rollup import Tree, own_figures, rolled_scores, total_figures
from anlan.assessment.core.values import GradeRule

WEIGHTS = np.array([0.6, 0.4])
ASKED = Asked(
    intercepts=np.array([0.0, 2.0, 0.0, 0.0]),
    scales=np.array([6.0, -30.0, 1.0, 0.9]),
    weights=np.array([0.5, 0.5, 0.3, 0.7]),
    membership=np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=float),
)


def answers(rows: int, missing: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.random((rows, 4)) * np.array([8, 70, 1, 1])
    values[rng.random(values.shape) < missing] = np.nan
    return values


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("rows", [7, 250_003])
def test_blocks_and_threads_equal_the_modules_for_one_county(rows, missing):
    values = answers(rows, missing)

    found = level_scores(values, ASKED, WEIGHTS)

    scores = target_scores(values, ASKED.intercepts, ASKED.scales)
    entropy = np.concatenate([entropy_weights(scores[:, :2]).weights, entropy_weights(scores[:, 2:]).weights])
    weights = 0.5 * ASKED.weights + 0.5 * entropy
    figures = own_figures(scores, np.broadcast_to(weights, scores.shape), ASKED.membership)
    np.testing.assert_allclose(found.weights, weights, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.dimensions, figures.score, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.totals, total_figures(figures, WEIGHTS).score, rtol=0, atol=1e-10)
    in_whole = weights * (ASKED.membership @ WEIGHTS)
    np.testing.assert_allclose(found.obstacles, obstacles_of(losses_of(scores, in_whole)), rtol=0, atol=1e-6)


def test_where_all_units_are_alike_weights_are_equal():
    _, moments = scored(np.full((50, 4), 0.5), ASKED)

    assert entropy_from(moments, ASKED.membership) == pytest.approx([0.5] * 4)


def test_nobody_answering_a_column_gives_it_no_weight():
    moments = Moments(np.array([9.0, 0, 9, 9]), np.array([4.0, 0, 4, 4]), np.array([-3.0, 0, -3, -2]))

    assert entropy_from(moments, ASKED.membership)[:2] == pytest.approx([1, 0])


def test_villages_join_their_townships_as_for_one_county():
    rng = np.random.default_rng(2)
    own, villages = rng.random((3, 2)), rng.random((8, 2))
    own[0, 0], villages[3, 1] = np.nan, np.nan
    parents, people = np.array([0, 0, 1, 1, 1, 1, 1, 0]), rng.integers(1, 900, 8).astype(float)

    joined = with_villages(own, villages, parents, people, 0.4)

    tree = Tree(
        np.concatenate([[-1] * 3, parents]), np.concatenate([[1.0] * 3, people]), (np.arange(3, 11), np.arange(3))
    )
    for number in range(2):
        column = np.concatenate([own[:, number], villages[:, number]])
        counted = np.concatenate([[True] * 3, ~np.isnan(villages[:, number])])
        scores, _ = rolled_scores(column, counted, tree, 0.4)
        assert joined[:, number] == pytest.approx(scores[:3])


def test_one_weight_changed_gives_the_totals_of_a_new_computation():
    result = level_scores(answers(1000, 0.0), ASKED, WEIGHTS)

    totals = retotalled(result, ASKED, WEIGHTS, 2, 0.8)

    weights = np.concatenate([result.weights[:2], [0.8, 0.2]])
    assert totals == pytest.approx(result.scores @ (weights * (ASKED.membership @ WEIGHTS)))


def test_a_leaf_that_has_all_the_weight_cannot_change_it():
    result = level_scores(answers(10, 0.0), ASKED, WEIGHTS)
    result.weights[:2] = [1.0, 0.0]

    with pytest.raises(ValueError, match="leaf 0 is the only one"):
        retotalled(result, ASKED, WEIGHTS, 0, 0.5)


@pytest.mark.parametrize("rows", [9, 60_001])
def test_ranks_over_several_cores_equal_those_of_one(rows):
    totals = np.round(np.random.default_rng(4).random(rows), 3)

    assert (places_of(totals) == ranks_of(totals)).all()


def test_grades_are_places_and_none_is_minus_1():
    assert graded(np.array([0.95, 0.8, 0.7, 0.1, np.nan]), GradeRule()).tolist() == [3, 2, 1, 0, -1]
