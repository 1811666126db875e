"""Figures of a series as rules watch them: rates from readings that are not closer together than they need be.

A device that speaks every second tells no more about the rise of an hour or about the pace of days: a rate is taken
from the first known reading of each minute (level) or of each ten minutes (slope), whatever came between.

Source: docs/methods/displacement.md, equation (1a).
"""

from collections.abc import Mapping
from math import inf, sqrt

import numpy as np

from anlan.telemetry.core.derived import Figures, Source, derive
from anlan.telemetry.core.motion import LEAST_SHARE
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import HOUR, Floats, Series

THINNED_S: Mapping[Quantity, float] = {
    Quantity.RISE_RATE: 60.0,
    Quantity.SPEED: 600.0,
    Quantity.ACCELERATION: 600.0,
    Quantity.TANGENT_STAGE: 600.0,
}


def thinned(series: Series, quantity: Quantity) -> Series:
    """Return the known readings, of each span the first where the quantity is a rate."""
    step = THINNED_S.get(quantity)
    if step is None:
        return series
    known = series.known()
    is_first = np.diff(np.floor(known.times / step), prepend=-inf) > 0
    return Series(known.times[is_first], known.values[is_first])


# Of n readings at least T apart at their ends, a least-squares slope is at most range ÷ 2 × √(2n) ÷ T.
_STEEPEST_PER_H = sqrt(2 * (HOUR / THINNED_S[Quantity.RISE_RATE] + 1)) / 2 / LEAST_SHARE


def steepest_m_h(levels: Floats) -> float:
    """Return what no rise rate exceeds, up or down, whose windows lie among these readings.

    Args:
        levels: (T,) metres; NaN is missing.

    Source: docs/methods/displacement.md, equation (1b).
    """
    known = levels[np.isfinite(levels)]
    return float(known.max() - known.min()) * _STEEPEST_PER_H if len(known) else 0.0


def figures_of(quantity: Quantity, series: Series, after: float, source: Source) -> Figures:
    """Return the figures at the readings of a series after an instant.

    Args:
        quantity: but silence and the error of a clock.
        series: believed, as far back before the instant as the quantity looks.
        after: seconds since 1970.
        source: of the readings.
    """
    series = thinned(series, quantity)
    return derive(quantity, series, series.times[np.searchsorted(series.times, after, side="right") :], source)
