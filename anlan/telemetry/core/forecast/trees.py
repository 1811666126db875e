"""Boosted regression trees with one answer for each hour ahead; the trees are scikit-learn's, kept as plain arrays.

Source: docs/methods/level-forecast.md, equations (8) and (9).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from anlan.telemetry.core.series import Floats

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeRegressor

DEPTH, COUNT, RATE, LEAST_LEAF = 4, 160, 0.06, 10
SHARE_OF_ROWS, SHARE_OF_FIGURES = 0.5, 0.15
_NODES, _LEAVES = 2**DEPTH - 1, 2**DEPTH
_CHUNK = 512  # rows of which the answers to all questions fit into the cache
Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Boosted:
    """N trees of equal depth. Of each the nodes stand in the order: root, all nodes of its left, all of its right side.

    Attributes:
        figures: (N, 2^D − 1) which figure is asked; a row goes left where it is ≤ the limit.
        limits: (N, 2^D − 1) in single precision, as scikit-learn compares.
        answers: (N, 2^D, H) what is added at each leaf, from left to right.
    """

    figures: NDArray[np.int16]
    limits: Singles
    answers: Floats

    def __call__(self, seen: Floats) -> Floats:
        """Return the sum of the trees' answers, (T, H), to figures (T, K).

        Source: docs/methods/level-forecast.md, equation (9).
        """
        trees = len(self.figures)
        rows = np.ascontiguousarray(seen.T, dtype=np.float32)
        leaves = np.empty((len(seen), trees), dtype=np.int32)
        for first in range(0, len(seen), _CHUNK):
            leaves[first : first + _CHUNK] = self._leaves(rows[:, first : first + _CHUNK]).T
        ends = np.arange(0, leaves.size + 1, trees)
        reached = csr_array((np.ones(leaves.size), leaves.ravel(), ends), shape=(len(seen), trees * _LEAVES))
        return np.asarray(reached @ self.answers.reshape(-1, self.answers.shape[2]))  # (9)

    def _leaves(self, rows: Singles) -> NDArray[np.int32]:
        """Return which leaf of each tree is reached, (N, T), counted through all trees.

        Every question is put to every row at once: that is quicker than to follow each row from node to node.
        """
        side = rows[self.figures.ravel()] > self.limits.ravel()[:, None]
        side = side.reshape(len(self.figures), _NODES, -1)
        leaf = np.repeat(np.arange(len(self.figures), dtype=np.int32)[:, None], rows.shape[1], axis=1)
        while side.shape[1]:
            right, half = side[:, 0], side.shape[1] // 2
            leaf = 2 * leaf + right
            side = np.where(right[:, None], side[:, 1 + half :], side[:, 1 : 1 + half])
        return leaf


def boost(seen: Floats, wanted: Floats, weights: Floats, rng: np.random.Generator) -> Boosted:
    """Return trees, each of which learns what those before it left over.

    Args:
        seen: (T, K) figures.
        wanted: (T, H) what is to be told.
        weights: (T,) how many rows each stands for.
        rng: chooses the rows and figures that each tree sees.

    Source: docs/methods/level-forecast.md, equation (8).
    """
    # Only who learns needs the library: a hundred megabytes that every other process goes without.
    from sklearn import config_context
    from sklearn.tree import DecisionTreeRegressor

    scale = np.maximum(np.sqrt(np.average(wanted**2, axis=0, weights=weights)), 1e-9)
    rows, left = np.ascontiguousarray(seen, dtype=np.float32), wanted / scale
    tables = []
    with config_context(skip_parameter_validation=True):
        for _ in range(COUNT):
            some = np.flatnonzero(rng.random(len(rows)) < SHARE_OF_ROWS)
            tree = DecisionTreeRegressor(
                max_depth=DEPTH,
                min_samples_leaf=LEAST_LEAF,
                max_features=SHARE_OF_FIGURES,
                random_state=int(rng.integers(2**31)),
            ).fit(rows[some], left[some], sample_weight=weights[some], check_input=False)
            left = left - RATE * tree.predict(rows, check_input=False).reshape(left.shape)  # (8)
            tables.append(table_of(tree))
    figures, limits, answers = (np.array(column) for column in zip(*tables, strict=True))
    return Boosted(figures, limits, answers * RATE * scale)


def table_of(tree: "DecisionTreeRegressor") -> tuple[NDArray[np.int16], Singles, Floats]:
    """Return figures, limits and answers of a tree filled up to full depth: below an early leaf all ways end alike."""
    nodes, asked, leaves = tree.tree_, [], []
    waiting = [(0, DEPTH)]
    while waiting:
        node, depth = waiting.pop()
        if depth == 0:
            leaves.append(node)
            continue
        is_leaf = nodes.children_left[node] < 0
        asked.append((0, np.inf) if is_leaf else (nodes.feature[node], nodes.threshold[node]))
        left, right = (node, node) if is_leaf else (nodes.children_left[node], nodes.children_right[node])
        waiting += [(right, depth - 1), (left, depth - 1)]
    figures, limits = zip(*asked, strict=True)
    return np.array(figures, dtype=np.int16), _single_below(np.array(limits)), nodes.value[leaves][:, :, 0]


def _single_below(limits: Floats) -> Singles:
    """Return the greatest numbers of single precision that are no greater."""
    near = limits.astype(np.float32)
    return np.where(near > limits, np.nextafter(near, np.float32(-np.inf)), near)
