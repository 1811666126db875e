"""Down-sampling of long series for charts: largest triangle three buckets, which keeps what the eye sees.

The choosing is tsdownsample's; 1 000 of a million readings take 2 ms. Source: Steinarsson, Downsampling Time Series
for Visual Representation, University of Iceland 2013.
"""

import numpy as np
from tsdownsample import LTTBDownsampler

from anlan.telemetry.core.series import Integers, Series

LEAST = 3  # first, last and one between


def thinned(series: Series, most: int) -> Series:
    """Return at most so many of the readings, first and last among them, as they are and in their order.

    Where a value was missing between two readings that stay, one missing value stays too, so that the chart draws
    no line over the hole; these are not counted.

    Args:
        series: of any length.
        most: of known readings to keep, ≥ 3.
    """
    if most < LEAST:
        raise ValueError(f"{most} readings to keep, expected at least {LEAST}")
    known = np.flatnonzero(np.isfinite(series.values))
    if len(known) > most:
        chooser = LTTBDownsampler()  # type: ignore[no-untyped-call]
        chosen = chooser.downsample(series.times[known], series.values[known], n_out=most)
        known = known[chosen.astype(np.int64)]
    kept = np.union1d(known, _holes(series, known))
    return Series(series.times[kept], series.values[kept])


def _holes(series: Series, kept: Integers) -> Integers:
    """Return the place of one missing value between each two readings that stay, where there is one."""
    missing = np.flatnonzero(~np.isfinite(series.values))
    between = np.searchsorted(kept, missing)
    inside = (between > 0) & (between < len(kept))
    _, first = np.unique(between[inside], return_index=True)
    return np.asarray(missing[inside][first])
