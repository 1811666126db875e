"""How far several scores go together: coupling coordination (耦合协调度), standard and adjusted.

Source: docs/methods/coupling.md.
"""

from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.arrays import Floats


@dataclass(frozen=True, slots=True)
class Coupling:
    """Coupling C, comprehensive level T and coordination D, each (N,) in [0, 1]."""

    coupling: Floats
    level: Floats
    coordination: Floats


def coupling_coordination(scores: Floats, weights: Floats) -> Coupling:
    """Return the standard model: C = n·(ΠU)^(1/n)/ΣU, T = Σ α·U, D = √(C·T).

    Args:
        scores: (N, D) in [0, 1], D ≥ 2.
        weights: (D,) α, summing to 1.

    Returns:
        C is 0 where any score is 0.

    Source: docs/methods/coupling.md, equations (1)–(3).
    """
    count = _count(scores)
    sums = scores.sum(axis=1)
    roots = np.prod(scores ** (1.0 / count), axis=1)
    coupling = np.minimum(count * roots / np.where(sums > 0, sums, 1.0), 1.0)  # (1)
    return _coordinated(coupling, scores @ weights)


def adjusted_coupling_coordination(scores: Floats, weights: Floats) -> Coupling:
    """Return the adjusted model, whose C spreads over the whole of [0, 1].

    Args:
        scores: (N, D) in [0, 1], D ≥ 2.
        weights: (D,) α, summing to 1.

    Returns:
        C is 0 where the largest score is 0.

    Source: docs/methods/coupling.md, equation (4); Wang Shujia et al. 2021.
    """
    count = _count(scores)
    first, second = np.triu_indices(count, k=1)
    apart = np.abs(scores[:, first] - scores[:, second]).sum(axis=1) / (count * (count - 1) / 2)
    highest = scores.max(axis=1)
    shares = scores / np.where(highest > 0, highest, 1.0)[:, None]
    together = np.prod(shares, axis=1) ** (1.0 / (count - 1))
    return _coordinated(np.sqrt((1.0 - apart) * np.where(highest > 0, together, 0.0)), scores @ weights)  # (4)


def _count(scores: Floats) -> int:
    count = int(scores.shape[1])
    if count < 2:
        raise ValueError(f"{count} scores to couple, expected at least 2")
    return count


def _coordinated(coupling: Floats, level: Floats) -> Coupling:
    return Coupling(coupling, level, np.sqrt(coupling * level))  # (2), (3)
