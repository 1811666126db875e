"""How stations stood at even steps of time: colours from the news of alarms, values from readings.

Source: docs/one-map.md.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.telemetry.core.series import Floats, Series

Colours = NDArray[np.int64]
MOST_STEPS = 300
# Which reading a station is known by, the first that it has.
FIRST = ("level", "rain", "ponding", "displacement", "crack", "tilt", "flow", "soil_moisture", "groundwater", "wind")
RAIN_FIRST = ("rain", *(each for each in FIRST if each != "rain"))
RAINY = frozenset({"rain", "weather"})


def steps(since: float, until: float, step_s: float) -> Floats:
    """Return (T,) instants a step apart, the last of them at `until` or just before."""
    return np.arange(since, until + step_s / 2, step_s)


def colours_at(news: Iterable[tuple[float, int]], at: Floats) -> Colours:
    """Return (T,) the colour of one alarm at each instant, 0 where it did not stand.

    Args:
        news: (seconds since 1970, colour from then on; 0 when it cleared), oldest first.
        at: (T,) seconds since 1970.

    >>> colours_at([(10.0, 2), (30.0, 0)], np.array([0.0, 10.0, 20.0, 30.0])).tolist()
    [0, 2, 2, 0]
    """
    found = np.zeros(len(at), dtype=np.int64)
    for moment, colour in news:
        found[at >= moment] = colour
    return found


def changes_of(values: Colours) -> list[list[int]]:
    """Return the values by their changes: [index, value] from that index on.

    >>> changes_of(np.array([0, 0, 2, 2, 0]))
    [[0, 0], [2, 2], [4, 0]]
    """
    starts = np.flatnonzero(np.diff(values, prepend=-1))
    return [[int(start), int(values[start])] for start in starts]


def held_at(series: Series, at: Floats, *, longest_s: float) -> Floats:
    """Return (T,) the last known value at each instant, NaN where it is older than that.

    >>> held_at(Series(np.array([0.0, 10.0]), np.array([1.0, 2.0])), np.array([5.0, 12.0, 99.0]), longest_s=20).tolist()
    [1.0, 2.0, nan]
    """
    known = series.known()
    if not len(known.times):
        return np.full(len(at), np.nan)
    place = np.searchsorted(known.times, at, side="right") - 1
    inside = np.maximum(place, 0)
    is_held = (place >= 0) & (at - known.times[inside] <= longest_s)
    return np.where(is_held, known.values[inside], np.nan)


def told_as(kind: str, by_property: Mapping[str, int]) -> int | None:
    """Return the datastream by which a station of this kind is known; None where it has none of note.

    Args:
        kind: of the station.
        by_property: datastream by what it measures.
    """
    order = RAIN_FIRST if kind in RAINY else FIRST
    return next((by_property[each] for each in order if each in by_property), None)


def rounded(values: Floats, decimals: int) -> Sequence[float | None]:
    """Return the values as a page is told them: None where nothing is known."""
    return [round(value, decimals) if np.isfinite(value) else None for value in values.tolist()]
