"""What a unit loses, and the share of each leaf in it: the obstacle degree (障碍度).

Source: docs/methods/obstacle.md.
"""

import numpy as np

from anlan.assessment.core.arrays import Floats

_NOTHING = 1e-12  # a loss below this is rounding


def losses_of(scores: Floats, weights: Floats) -> Floats:
    """Return what each leaf takes from the whole: its weight times what its score lacks.

    Args:
        scores: (N, K) in [0, 1]; NaN is missing.
        weights: (K,) or (N, K) weight of the leaf in the whole (W_dimension · w), dimensionless.

    Returns:
        (N, K) in [0, 1]; 0 where missing.

    Source: docs/methods/obstacle.md, equation (1).
    """
    losses: Floats = np.where(np.isnan(scores), 0.0, weights * (1.0 - scores))
    return losses


def obstacles_of(losses: Floats) -> Floats:
    """Return each leaf's share of everything that its unit loses.

    Args:
        losses: (N, K) non-negative.

    Returns:
        (N, K); a row sums to 1, or is all 0 where nothing is lost.

    Source: docs/methods/obstacle.md, equation (2).
    """
    whole = losses.sum(axis=1, keepdims=True)
    return np.where(whole > _NOTHING, losses / np.where(whole > _NOTHING, whole, 1.0), 0.0)
