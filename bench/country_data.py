"""Answers of a made-up country: as many townships and villages as China has, by the default indicator system."""

from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.arrays import Floats, Integers
from anlan.assessment.core.country import Asked
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.level_table import DIMENSIONS, membership_of
from anlan.assessment.core.normalisation import score_line
from anlan.kernel.codes import Level

TOWNSHIPS, VILLAGES = 41_352, 620_573
SYSTEM = default_system()
DIMENSION_WEIGHTS = np.array([SYSTEM.dimension_weights[dimension] for dimension in DIMENSIONS])


@dataclass(frozen=True, slots=True)
class Country:
    """Values (N, K) of townships and (M, K) of villages, each village's township and its people."""

    townships: Floats
    villages: Floats
    parents: Integers
    populations: Floats


def asked(level: Level) -> Asked:
    """Return what the default system asks of a level."""
    leaves = SYSTEM.at_level(level)
    intercepts, scales = np.array([score_line(leaf) for leaf in leaves]).T.copy()
    return Asked(intercepts, scales, np.array([leaf.weight for leaf in leaves]), membership_of(leaves))


def country(missing: float) -> Country:
    """Return the same country each time, with a share of the answers missing.

    Every answer reaches between 5 % and 115 % of its target: a score of exactly 0 would make the peer's entropy differ.
    """
    rng = np.random.default_rng(20_241_008)
    townships, villages = (
        _values(level, count, rng) for level, count in ((Level.TOWNSHIP, TOWNSHIPS), (Level.VILLAGE, VILLAGES))
    )
    for values in (townships, villages):
        if missing:
            values[rng.random(values.shape, dtype=np.float32) < missing] = np.nan
    parents = np.sort(rng.integers(0, TOWNSHIPS, VILLAGES))
    return Country(townships, villages, parents, rng.integers(200, 6000, VILLAGES).astype(float))


def _values(level: Level, count: int, rng: np.random.Generator) -> Floats:
    asks = asked(level)
    reached = rng.beta(3.0, 1.5, (count, len(asks.scales))) * 1.1 + 0.05
    values: Floats = (reached - asks.intercepts) * asks.scales
    return values
