"""How fast a level rises and a slope moves: speeds and accelerations from the readings of a window.

Source: docs/methods/displacement.md.
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.series import DAY, HOUR, Floats, Integers, Series

QUIET_DAYS, NOISY_DAYS = 5, 7  # days of the slope of a displacement
NOISY_MM = 1.0  # noise from which the longer slope is used
LEAST_SHARE = 0.6  # share of the days, or of the window, that must hold readings
_NORMAL = 1.4826  # median of absolute deviations → standard deviation of a normal law


@dataclass(frozen=True, slots=True)
class Motion:
    """Speed and acceleration of a displacement at instants.

    Attributes:
        speeds_mm_d: (T,) mm/day over the days of the slope, NaN where too few of them hold readings.
        accelerations_mm_d2: (T,) mm/day², from the speed as many days earlier; NaN where either is missing.
    """

    speeds_mm_d: Floats
    accelerations_mm_d2: Floats


def rise_rates_m_h(
    series: Series, at: Floats | None = None, *, window_s: float = HOUR, least_share: float = LEAST_SHARE
) -> Floats:
    """Return the rise rate at readings: the least-squares slope of the readings in [t − w, t].

    Args:
        series: water level in metres.
        at: (T,) instants of readings, seconds since 1970; None is every one.
        window_s: w.
        least_share: share of the window that its readings must span.

    Returns:
        (T,) metres per hour, NaN where no reading stands at the instant, and where fewer than two, or only readings
        too close together, stand in the window.

    Source: docs/methods/displacement.md, equation (1).
    """
    known, instants = series.known(), series.times if at is None else at
    rates = np.full(len(instants), np.nan)
    last = np.searchsorted(known.times, instants, side="right") - 1
    if not len(known.times):
        return rates
    asked = np.flatnonzero((last >= 0) & (known.times[np.maximum(last, 0)] == instants))
    first = np.searchsorted(known.times, instants[asked] - window_s, side="left")
    counts = last[asked] - first + 1
    for count in np.unique(counts[counts >= 2]):  # windows of one size together: each slope sees its own window only
        some = asked[counts == count]
        rates[some] = _slopes(known, last[some], int(count), window_s * least_share) * HOUR
    return rates


def _slopes(known: Series, rows: Integers, count: int, least_span_s: float) -> Floats:
    places = rows[:, None] - np.arange(count - 1, -1, -1)
    times = known.times[places] - known.times[rows][:, None]
    values = known.values[places] - known.values[rows][:, None]
    lean = times - times.mean(axis=1, keepdims=True)
    found = (lean * values).sum(axis=1) / (lean * lean).sum(axis=1)  # (1)
    return np.where(-times[:, 0] >= least_span_s, found, np.nan)


def noise_mm(series: Series) -> float:
    """Return the noise of a displacement from its second differences, NaN with fewer than three readings.

    A steady movement and its slow changes do not count; the readings are taken as evenly spaced.

    Source: docs/methods/displacement.md, equation (5).
    """
    bends = np.diff(series.known().values, n=2)
    if not len(bends):
        return float("nan")
    return float(_NORMAL * np.median(np.abs(bends)) / np.sqrt(6.0))  # (5)


def slope_days(noise: float) -> int:
    """Return over how many days the slope is taken: 5, or 7 where the noise reaches 1 mm."""
    return NOISY_DAYS if noise >= NOISY_MM else QUIET_DAYS


def motion_of(series: Series, at: Floats, *, days: int) -> Motion:
    """Return speed and acceleration of a displacement at each instant.

    Args:
        series: displacement in mm.
        at: (T,) seconds since 1970.
        days: n of the slope.

    Source: docs/methods/displacement.md, equations (2)–(4).
    """
    times, values = day_medians(series, at, count=2 * days)
    later = middle_slopes(times[:, days:], values[:, days:])
    earlier = middle_slopes(times[:, :days], values[:, :days])
    return Motion(later, (later - earlier) / days)  # (4)


def day_medians(series: Series, at: Floats, *, count: int) -> tuple[Floats, Floats]:
    """Return the median reading of each of the last days before each instant, a day being the 24 h that end with it.

    Args:
        series: mm.
        at: (T,) seconds since 1970.
        count: D, the number of days.

    Returns:
        (T, D) mean time of the readings in days before the instant (≤ 0), and (T, D) their median in mm; oldest
        first, NaN where the day holds none.

    Source: docs/methods/displacement.md, equation (2).
    """
    known = series.known()
    edges = at[:, None] - np.arange(count, -1, -1) * DAY
    bounds = np.searchsorted(known.times, edges, side="right")
    first, sizes = bounds[:, :-1], np.diff(bounds, axis=1)
    times, values = np.full(sizes.shape, np.nan), np.full(sizes.shape, np.nan)
    for size in np.unique(sizes[sizes > 0]):
        rows, columns = np.nonzero(sizes == size)
        places = first[rows, columns][:, None] + np.arange(size)
        times[rows, columns] = (known.times[places] - at[rows][:, None]).mean(axis=1) / DAY
        values[rows, columns] = np.median(known.values[places], axis=1)  # (2)
    return times, values


def middle_slopes(times: Floats, values: Floats, *, least_share: float = LEAST_SHARE) -> Floats:
    """Return the median of the slopes through each two points (Theil–Sen): one wild point does not move it.

    Args:
        times: (T, D) days.
        values: (T, D) mm, NaN where missing.
        least_share: share of the D points that must be there.

    Returns:
        (T,) mm/day.

    Source: docs/methods/displacement.md, equation (3).
    """
    count = values.shape[1]
    first, second = np.triu_indices(count, k=1)
    pairs = (values[:, second] - values[:, first]) / (times[:, second] - times[:, first])
    enough = np.isfinite(values).sum(axis=1) >= max(2, np.ceil(least_share * count))
    slopes = np.full(len(values), np.nan)
    if enough.any():
        slopes[enough] = np.nanmedian(pairs[enough], axis=1)  # (3)
    return slopes
