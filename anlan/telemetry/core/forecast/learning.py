"""Learning a station's forecast from its history, and the proof by hours that were held back.

Source: docs/methods/level-forecast.md, equations (7)–(12).
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.forecast.features import AHEAD_H, Seen
from anlan.telemetry.core.forecast.hours import after
from anlan.telemetry.core.forecast.linear import Linear, regress
from anlan.telemetry.core.forecast.trees import Boosted, boost
from anlan.telemetry.core.series import Bools, Floats, Integers

MOST_ROWS = 5000  # that are learnt from: of longer histories calm hours are thinned
MOST_ROWS_OF_A_FOLD = 3000
FOLDS, BLOCKS = 3, 12
OF_TREES = 2 / 3  # weight of the trees in the mixture
APART_H = 30  # hours between what is learnt and what is held back


@dataclass(frozen=True, slots=True)
class Pair:
    """Regression and trees; each tells the changes of the level, (T, H) metres."""

    linear: Linear
    trees: Boosted

    def __call__(self, figures: Floats) -> Floats:
        """Return the changes told, (T, H) metres.

        Source: docs/methods/level-forecast.md, equation (10).
        """
        return (1.0 - OF_TREES) * self.linear(figures) + OF_TREES * self.trees(figures)  # (10)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What was told of hours that had not been learnt from.

    Attributes:
        rows: (N,) places in the history.
        told: (N, H) changes of the level forecast, metres.
        wanted: (N, H) changes that came.
    """

    rows: Integers
    told: Floats
    wanted: Floats


def wanted_of(level_m: Floats) -> Floats:
    """Return how the level changed over each of the hours ahead, (T, H) metres, NaN where it was not measured."""
    # Rounded: what the datum leaves in the last bits must not choose how a tree grows.
    return np.round([after(level_m, ahead) - level_m for ahead in AHEAD_H], 6).T


def rows_to_learn(seen: Seen) -> Integers:
    """Return the hours of which everything is known, before and after."""
    return np.flatnonzero(seen.usable & np.isfinite(wanted_of(seen.level_m)).all(axis=1))


def learn(seen: Seen, rng: np.random.Generator) -> tuple[Pair, HeldBack]:
    """Return what was learnt, and what it would have told of each part of the history from the others."""
    rows = rows_to_learn(seen)
    figures, wanted = seen.figures[rows], wanted_of(seen.level_m)[rows]
    told = np.empty_like(wanted)
    block = np.arange(len(rows)) * BLOCKS // len(rows)
    for fold in range(FOLDS):
        held = block % FOLDS == fold
        learnt = _far(rows, held)
        told[held] = Pair(*_learn(figures[learnt], wanted[learnt], MOST_ROWS_OF_A_FOLD, rng))(figures[held])
    return Pair(*_learn(figures, wanted, MOST_ROWS, rng)), HeldBack(rows, told, wanted)


def _far(rows: Integers, held: Bools) -> Bools:
    """Return which rows lie so far from those held back that they share neither rain nor flood with them."""
    out = rows[held]
    if not len(out):
        return ~held
    place = np.searchsorted(out, rows)
    later = out[np.minimum(place, len(out) - 1)] - rows
    earlier = rows - out[np.maximum(place - 1, 0)]
    near = (np.abs(later) <= APART_H) | (np.abs(earlier) <= APART_H)
    return np.asarray(~held & ~near)


def _learn(figures: Floats, wanted: Floats, most: int, rng: np.random.Generator) -> tuple[Linear, Boosted]:
    some, weights = _thinned(wanted, most, rng)
    figures, wanted = figures[some], wanted[some]
    return regress(figures, wanted, weights), boost(figures, wanted, weights, rng)


def _thinned(wanted: Floats, most: int, rng: np.random.Generator) -> tuple[Integers, Floats]:
    """Return rows and how many each stands for: the liveliest half of what is kept, and of the others a draw."""
    count = len(wanted)
    if count <= most:
        return np.arange(count), np.ones(count)
    order = np.argsort(-np.abs(wanted).max(axis=1), kind="stable")
    lively, calm = order[: most // 2], order[most // 2 :]
    drawn = rng.choice(calm, most - len(lively), replace=False)
    weights = np.concatenate((np.ones(len(lively)), np.full(len(drawn), len(calm) / len(drawn))))
    return np.concatenate((lively, drawn)), weights
