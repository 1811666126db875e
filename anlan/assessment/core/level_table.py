"""The answers of one level as arrays: units down, leaves across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats, Integers
from anlan.assessment.core.normalisation import score_line, target_scores
from anlan.assessment.core.reported import reported_value, scored_value
from anlan.assessment.core.values import Dimension, Leaf, Survey, System, Unit
from anlan.assessment.core.weighting import profile_multipliers
from anlan.kernel.codes import Level

DIMENSIONS = tuple(Dimension)


@dataclass(frozen=True, slots=True)
class LevelTable:
    """What the units of one level answered.

    `places` (N,) of the units among all units; `reported`, `evidence` (N, K) in the leaves' units and `scores` (N, K)
    in [0, 1], all NaN where missing; `is_doubtful` (N, K); `multipliers` (N, K) by profile; `membership` (K, D).
    """

    level: Level
    leaves: tuple[Leaf, ...]
    places: Integers
    reported: Floats
    evidence: Floats
    is_doubtful: Bools
    scores: Floats
    multipliers: Floats
    membership: Floats


def level_table(level: Level, units: Sequence[Unit], survey: Survey, system: System) -> LevelTable:
    """Return the table of a level.

    Args:
        level: the level.
        units: all units of the survey; those of the level are taken.
        survey: the answers.
        system: what is asked.
    """
    leaves = system.at_level(level)
    places = [place for place, unit in enumerate(units) if unit.level == level]
    shape = (len(places), len(leaves))
    reported, evidence, scored = (np.full(shape, np.nan) for _ in range(3))
    is_doubtful = np.zeros(shape, dtype=bool)
    for row, place in enumerate(places):
        for column, leaf in enumerate(leaves):
            answer = survey.answers.get((units[place].code, leaf.code))
            if answer is None:
                continue
            value, is_doubtful[row, column] = scored_value(leaf, answer, survey.closes_on)
            told = reported_value(leaf, answer, survey.closes_on)
            for array, number in ((reported, told), (evidence, answer.evidence_value), (scored, value)):
                array[row, column] = np.nan if number is None else number
    intercepts, scales = np.array([score_line(leaf) for leaf in leaves]).reshape(-1, 2).T
    return LevelTable(
        level=level,
        leaves=leaves,
        places=np.array(places, dtype=np.int64),
        reported=reported,
        evidence=evidence,
        is_doubtful=is_doubtful,
        scores=target_scores(scored, intercepts, scales),
        multipliers=_multipliers(leaves, [units[place] for place in places], system),
        membership=membership_of(leaves),
    )


def membership_of(leaves: Sequence[Leaf]) -> Floats:
    """Return (K, D) 1 where the leaf belongs to the dimension, else 0."""
    return np.array([[float(leaf.dimension is each) for each in DIMENSIONS] for leaf in leaves]).reshape(
        len(leaves), len(DIMENSIONS)
    )


def _multipliers(leaves: Sequence[Leaf], units: Sequence[Unit], system: System) -> Floats:
    known: Mapping[frozenset[object], Floats] = {
        frozenset(profiles): profile_multipliers(leaves, profiles, system.profile_factors)
        for profiles in {unit.profiles for unit in units}
    }
    rows = [known[frozenset(unit.profiles)] for unit in units]
    return np.array(rows).reshape(len(units), len(leaves))
