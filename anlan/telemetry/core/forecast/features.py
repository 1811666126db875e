"""From hours to the figures that the models see, all of them unchanged when the datum of the level is moved.

Source: docs/methods/level-forecast.md, equations (4)–(6).
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.forecast.hours import Hours, before, bridged, shared_rain
from anlan.telemetry.core.series import Bools, Floats

AHEAD_H = (1, 2, 3, 4, 5, 6)
BACK_H = (1, 2, 3, 4, 6, 9, 12, 24)
SPANS_H = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (6, 9), (9, 12), (12, 24))
WETNESS_H = (6.0, 24.0, 72.0)  # how long the ground remembers
LEAST_KNOWN = 0.9  # share of a span that must be measured
WET_MM, WET_H = 5.0, 6  # rain from which the state is wet
RISING_M = 0.03  # rise in an hour from which the river rises
RISE_H = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen at each of T hours.

    Attributes:
        figures: (T, K), NaN where something needed was not measured.
        level_m: (T,) as measured.
        rise_m: (T,) greatest of the rise over the last hour and over the last three, NaN where unknown.
        wet_mm: (T,) rain of the last six hours at the gauge that had most, NaN where unknown.
    """

    figures: Floats
    level_m: Floats
    rise_m: Floats
    wet_mm: Floats

    @property
    def usable(self) -> Bools:
        """(T,) where the level and all figures are known."""
        return np.isfinite(self.figures).all(axis=1) & np.isfinite(self.level_m)


def seen_at(hours: Hours, *, origin_m: float) -> Seen:
    """Return what is seen at each hour, of that hour and those before it alone.

    Args:
        hours: of level and rain.
        origin_m: level from which levels are counted.

    Source: docs/methods/level-forecast.md, equations (4)–(6).
    """
    level, rain = bridged(hours.level_m), shared_rain(hours.rain_mm)
    # Rounded: what the datum leaves in the last bits must not choose a way through a tree.
    drops = [np.round(level - before(level, back), 6) for back in BACK_H]  # (4)
    rows = [np.round(level - origin_m, 6), *drops]
    gauges = [*rain, rain.mean(axis=0)] if len(rain) > 1 else list(rain)
    rows += [span_sum(gauge, *span) for gauge in gauges for span in SPANS_H]  # (5)
    if len(rain):
        rows += [wetness(rain.mean(axis=0), memory) for memory in WETNESS_H]  # (6)
    most = np.array([span_sum(gauge, 0, WET_H) for gauge in rain]).reshape(len(rain), len(hours))
    wet = most.max(axis=0) if len(rain) else np.full(len(hours), np.nan)
    return Seen(np.array(rows).T, hours.level_m, np.fmax(drops[0], drops[BACK_H.index(RISE_H)]), wet)


def span_sum(rain_mm: Floats, near: int, far: int) -> Floats:
    """Return the rain of the hours from `near` (0 is the last) to before `far` back, NaN where too little is known.

    Where a little is missing the sum is that of the same mean rain.

    Source: docs/methods/level-forecast.md, equation (5).
    """
    measured = np.isfinite(rain_mm)
    total = np.concatenate(([0.0], np.cumsum(np.where(measured, rain_mm, 0.0))))
    count = np.concatenate(([0.0], np.cumsum(measured)))
    places = np.arange(1, len(rain_mm) + 1)
    newest, oldest = np.maximum(places - near, 0), np.maximum(places - far, 0)
    known = (count[newest] - count[oldest]) / (far - near)
    # Rounded, so that the sum does not tell what fell before the span.
    depth = np.maximum(np.round(total[newest] - total[oldest], 6), 0.0)
    return np.where(known >= LEAST_KNOWN, depth / np.maximum(known, LEAST_KNOWN), np.nan)


def wetness(rain_mm: Floats, memory_h: float) -> Floats:
    """Return the rain that the ground still remembers, mm; NaN where too little of what counts is known.

    Source: docs/methods/level-forecast.md, equation (6).
    """
    from scipy.signal import lfilter  # half a second and thirty megabytes: only who foretells loads it

    measured = np.isfinite(rain_mm)
    keep = float(np.exp(-1.0 / memory_h))
    depth = lfilter([1.0], [1.0, -keep], np.where(measured, rain_mm, 0.0))  # (6)
    known = lfilter([1.0 - keep], [1.0, -keep], measured.astype(np.float64))
    return np.where(known >= LEAST_KNOWN, depth / np.maximum(known, LEAST_KNOWN), np.nan)
