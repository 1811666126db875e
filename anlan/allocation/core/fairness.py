"""How fair a plan is: how unequal the scores are before and after, who is worst off, and the money a head by township.

Source: docs/methods/allocation.md, section 6.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.kept import money_by_option_fen
from anlan.allocation.core.problem import Problem, Solved
from anlan.allocation.core.rise import scores_after

Worst = tuple[int, float]  # (unit, score 0 to 1)


@dataclass(frozen=True, slots=True)
class Fairness:
    """Gini coefficients of the units' scores, the worst-off unit, and fen a head by township."""

    gini_before: float
    gini_after: float
    worst_before: Worst
    worst_after: Worst
    per_head: tuple[tuple[str, float], ...]


def fairness(problem: Problem, solved: Solved) -> Fairness:
    """Return the figures of a plan.

    Source: docs/methods/allocation.md, equation (18).
    """
    before = np.array([unit.score for unit in problem.units])
    after = scores_after(problem, solved)
    return Fairness(
        gini_before=gini(before),
        gini_after=gini(after),
        worst_before=_worst(before),
        worst_after=_worst(after),
        per_head=_per_head_fen(problem, solved),
    )


def gini(values: NDArray[np.float64]) -> float:
    """Return the Gini coefficient: 0 where all are equal, towards 1 where one has everything.

    Args:
        values: (U,) not negative.

    Source: docs/methods/allocation.md, equation (18).

    >>> gini(np.array([1.0, 1.0]))
    0.0
    >>> gini(np.array([0.0, 1.0]))
    0.5
    """
    count, whole = len(values), float(values.sum())
    if whole <= 0:
        return 0.0
    ranks = np.arange(1, count + 1)
    return float(2.0 * (ranks @ np.sort(values)) / (count * whole) - (count + 1) / count)  # (18)


def _worst(scores: NDArray[np.float64]) -> Worst:
    place = int(np.argmin(scores))
    return place, float(scores[place])


def _per_head_fen(problem: Problem, solved: Solved) -> tuple[tuple[str, float], ...]:
    """Return fen a head by township: all that its own and its villages' things cost, over its people."""
    money: dict[str, int] = defaultdict(int)
    for option, fen in money_by_option_fen(problem, solved.purchases).items():
        money[problem.units[problem.options[option].unit].township_code] += fen
    people = _people(problem)
    return tuple((code, money[code] / people[code]) for code in sorted(people) if people[code] > 0)


def _people(problem: Problem) -> dict[str, int]:
    """Return the people of each township: as it says itself, else those of its villages."""
    own = {unit.code: unit.population for unit in problem.units if unit.code == unit.township_code}
    below: dict[str, int] = defaultdict(int)
    for unit in problem.units:
        below[unit.township_code] += unit.population if unit.code != unit.township_code else 0
    return {code: own.get(code, 0) or people for code, people in below.items()}
