"""What each unit's score becomes: by what it gets itself, by things of others, and by what the units below it gain.

Source: docs/methods/allocation.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.problem import Problem, Solved
from anlan.kernel.codes import Level

Floats = NDArray[np.float64]
ABOVE = {Level.VILLAGE.value: Level.TOWNSHIP.value, Level.TOWNSHIP.value: Level.COUNTY.value}


def own_gains(problem: Problem, solved: Solved) -> Floats:
    """Return (U,) what the leaves of each unit gain in the last year, as score of the unit, 0 to 1."""
    gained = np.zeros(len(problem.units))
    for _option, place, gain in solved.gains:
        aim = problem.aims[place]
        gained[aim.unit] += aim.weight * gain
    return gained


def rises(problem: Problem, own: Floats) -> Floats:
    """Return (U,) by how much each score rises: its own gain, and its share of the mean rise just below, by people.

    Args:
        problem: for who lies below whom.
        own: (U,) what the unit's own leaves gain.
    """
    risen = own.copy()
    for level in ABOVE:  # villages first: townships rise by them, the county by its townships
        below = _pairsbelow(problem, risen, level)
        for place, unit in enumerate(problem.units):
            if unit.level == ABOVE[level] and unit.code in below:
                risen[place] += unit.below_share * mean_by_people(below[unit.code])
    return risen


def mean_by_people(pairs: Sequence[tuple[float, int]]) -> float:
    """Return the mean of (rise, people) by people, as an assessment takes it; the plain one where nobody lives.

    >>> round(mean_by_people([(0.1, 1000), (0.3, 3000)]), 4)
    0.25
    """
    values, people = np.array(pairs, dtype=np.float64).T
    return float(np.average(values, weights=people if people.sum() > 0 else None))


def _pairsbelow(problem: Problem, risen: Floats, level: str) -> Mapping[str, list[tuple[float, int]]]:
    """Return rise and people of the units of a level by the code of the unit above them."""
    county = next((unit.code for unit in problem.units if unit.level == Level.COUNTY.value), "")
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for place, unit in enumerate(problem.units):
        if unit.level == level:
            found[unit.township_code if level == Level.VILLAGE.value else county].append(
                (float(risen[place]), max(unit.population, 0))
            )
    return found


def scores_after(problem: Problem, solved: Solved) -> Floats:
    """Return (U,) the units' scores in the last year of the plan, 0 to 1."""
    before = np.array([unit.score for unit in problem.units])
    return np.minimum(before + rises(problem, own_gains(problem, solved)), 1.0)
