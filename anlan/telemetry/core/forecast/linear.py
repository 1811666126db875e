"""A ridge regression on standardised figures: it goes on where the trees, which saw no higher flood, stand still.

Source: docs/methods/level-forecast.md, equation (7).
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.series import Floats

PENALTY = 1000.0


@dataclass(frozen=True, slots=True)
class Linear:
    """Answer = constant + figures · slopes.

    Attributes:
        slopes: (K, H).
        constant: (H,).
    """

    slopes: Floats
    constant: Floats

    def __call__(self, seen: Floats) -> Floats:
        """Return the answers, (T, H), to figures (T, K)."""
        return seen @ self.slopes + self.constant  # (7)


def regress(seen: Floats, wanted: Floats, weights: Floats) -> Linear:
    """Return the regression.

    Args:
        seen: (T, K) figures.
        wanted: (T, H) what is to be told.
        weights: (T,) how many rows each stands for.

    Source: docs/methods/level-forecast.md, equation (7).
    """
    from sklearn.linear_model import Ridge  # only who learns needs it

    middle = np.average(seen, axis=0, weights=weights)
    spread = np.sqrt(np.average((seen - middle) ** 2, axis=0, weights=weights))
    spread = np.where(spread > 1e-9, spread, np.inf)  # what never changes tells nothing
    ridge = Ridge(alpha=PENALTY).fit((seen - middle) / spread, wanted, sample_weight=weights)  # (7)
    slopes = np.asarray(ridge.coef_).T / spread[:, None]
    return Linear(slopes, np.asarray(ridge.intercept_) - middle @ slopes)
