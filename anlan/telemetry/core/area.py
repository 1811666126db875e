"""Rain over an area from its gauges: the plain or the weighted mean, and the weights of Thiessen's polygons.

Source: docs/methods/rain.md, section 4.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from anlan.telemetry.core.series import Floats

LEAST_WEIGHT = 0.6  # share of the weight that must have measured for a mean


@dataclass(frozen=True, slots=True)
class AreaMean:
    """The mean over an area at instants.

    Attributes:
        values: (T,) in the unit of the gauges, NaN where too little of the weight has measured.
        weight_present: (T,) share of the weight that has, in [0, 1].
    """

    values: Floats
    weight_present: Floats


def area_mean(values: Floats, weights: Floats | None = None, *, least_weight: float = LEAST_WEIGHT) -> AreaMean:
    """Return the mean of the gauges that measured, their weights made to sum to 1; a missing gauge is left out.

    Args:
        values: (T, G) of G gauges, NaN where missing.
        weights: (G,) ≥ 0, of any sum; None is the plain mean.
        least_weight: share of the weight that must have measured.

    Source: docs/methods/rain.md, equation (7).
    """
    shares = np.ones(values.shape[1]) if weights is None else weights
    if len(shares) != values.shape[1] or np.any(shares < 0) or not shares.sum() > 0:
        raise ValueError(f"weights {shares} for {values.shape[1]} gauges, expected one each, ≥ 0, not all 0")
    present = np.isfinite(values)
    heard = present @ shares
    total = np.where(present, values, 0.0) @ shares
    weight_present = heard / shares.sum()
    means = np.divide(total, heard, out=np.full(len(values), np.nan), where=heard > 0)  # (7)
    return AreaMean(np.where(weight_present >= least_weight, means, np.nan), weight_present)


def thiessen_weights(gauges: Floats, cells: Floats) -> Floats:
    """Return the share of the area that lies nearest to each gauge.

    Args:
        gauges: (G, 2) x, y in metres.
        cells: (N, 2) x, y in metres of points spread evenly over the area.

    Returns:
        (G,) summing to 1.

    Source: docs/methods/rain.md, equation (8).
    """
    _, nearest = cKDTree(gauges).query(cells)
    return np.bincount(nearest, minlength=len(gauges)) / len(cells)  # (8)
