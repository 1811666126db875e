"""What a chart of one datastream shows: a line of readings, or bars of rain; limits, and figures derived.

Source: docs/methods/rain.md, docs/methods/displacement.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anlan.telemetry.core.derived import Source, derive
from anlan.telemetry.core.lttb import thinned
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quality import NOT_FOR_RULES
from anlan.telemetry.core.quantities import QUANTITIES, RAIN_HOURS, Quantity
from anlan.telemetry.core.rain import pieces_of_counter, pieces_of_increments, rain_over
from anlan.telemetry.core.series import DAY, HOUR, Bools, Floats, Integers, Series

MOST_FLAGGED = 200
HOURLY_UP_TO_S = 3 * DAY
DRAWN = (Quantity.RAIN_1H, Quantity.RAIN_3H, Quantity.RAIN_6H, Quantity.RAIN_24H, Quantity.RISE_RATE, Quantity.SPEED)
Point = tuple[float, float | None, int]


@dataclass(frozen=True, slots=True)
class Told:
    """Readings of one datastream with what people put in their place.

    Attributes:
        times: (T,) seconds since 1970, strictly increasing.
        raw: (T,) as they came; NaN is a missing value that was told.
        flags: (T,) of `quality.Quality`.
        values: (T,) raw, or what a person put in its place; NaN where it was struck.
        is_corrected: (T,) True where a person did.
    """

    times: Floats
    raw: Floats
    flags: Integers
    values: Floats
    is_corrected: Bools

    def believed(self) -> Series:
        """Return what figures and charts are drawn from: a person's word counts whatever the flags say."""
        doubtful = ((self.flags & int(NOT_FOR_RULES)) > 0) & ~self.is_corrected
        return Series(self.times, np.where(doubtful, np.nan, self.values))


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it is drawn: what it limits, its colour 1–4, and where it lies."""

    quantity: Quantity
    colour: int
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn of one datastream over a span.

    Attributes:
        kind: line or bars.
        points: (seconds since 1970, value or None, flags) each.
        flagged: readings that are not believed, as they came.
        limits: of the readings and of the figures.
        derived: (seconds since 1970, value or None) of each figure.
    """

    kind: str
    unit: str
    decimals: int
    since: float
    until: float
    points: Sequence[Point]
    flagged: Sequence[Point] = ()
    limits: Sequence[Limit] = ()
    derived: Mapping[Quantity, Sequence[tuple[float, float | None]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Tell that nothing is known of the span."""
        return not self.flagged and all(value is None for _time, value, _flags in self.points)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chart is to show: a span in seconds since 1970 and how many points of a line at most."""

    since: float
    until: float
    most: int = 500


def looks_back_s(prop: Property) -> float:
    """Return how far before its span a chart reads for the figures derived, seconds."""
    return max((QUANTITIES[each].looks_back_s for each in PROPERTIES[prop].derived), default=0.0)


def chart_of(prop: Property, unit: str, told: Told, source: Source, asked: Asked) -> Chart:
    """Return the chart of a datastream without its limits.

    Args:
        prop: of the datastream.
        unit: of its readings.
        told: from `looks_back_s` before the span on.
        source: how it reports.
        asked: the span.
    """
    believed, bars = told.believed(), prop is Property.RAIN
    points = _bars(believed, source, asked) if bars else _line(told, believed, asked)
    at = np.array([time for time, _value, _flags in points], dtype=np.float64)
    return Chart(
        kind="bars" if bars else "line",
        unit=unit,
        decimals=PROPERTIES[prop].decimals,
        since=asked.since,
        until=asked.until,
        points=points,
        flagged=_flagged(told, asked),
        derived={each: _figures(each, believed, at, source) for each in PROPERTIES[prop].derived if each in DRAWN},
    )


def sums_now(told: Told, source: Source, at: float) -> dict[int, float | None]:
    """Return the rain of the last 1, 3, 6 and 24 hours before an instant, None where it is not known whole."""
    instant = np.array([at])
    found = {}
    for quantity, hours in RAIN_HOURS.items():
        figures = derive(quantity, told.believed(), instant, source)
        found[hours] = float(figures.values[0]) if figures.is_whole[0] else None
    return found


def _line(told: Told, believed: Series, asked: Asked) -> list[Point]:
    kept = thinned(believed.within(asked.since, asked.until), asked.most)
    flags = told.flags[np.searchsorted(told.times, kept.times)]
    return [
        (time, _known(value), int(flag))
        for time, value, flag in zip(kept.times.tolist(), kept.values.tolist(), flags, strict=True)
    ]


def _bars(believed: Series, source: Source, asked: Asked) -> list[Point]:
    """Return rain of whole hours in a short span, of rain days (08–08 Beijing, midnight in UTC) in a longer one."""
    step = HOUR if asked.until - asked.since <= HOURLY_UP_TO_S else DAY
    ends = np.arange(np.floor(asked.since / step) + 1, np.ceil(asked.until / step) + 1) * step
    if source.is_counter:
        pieces = pieces_of_counter(believed, interval_s=source.interval_s, wraps_at=source.wraps_at)
    else:
        pieces = pieces_of_increments(believed, interval_s=source.interval_s)
    sums = rain_over(pieces, ends, window_s=step)  # of the running hour what is known by now
    values = np.where(sums.coverage > 0, sums.known_mm, np.nan)
    return [(time, _known(value), 0) for time, value in zip(ends.tolist(), values.tolist(), strict=True)]


def _flagged(told: Told, asked: Asked) -> list[Point]:
    doubtful = ((told.flags & int(NOT_FOR_RULES)) > 0) & ~told.is_corrected
    inside = np.flatnonzero(doubtful & (told.times > asked.since) & (told.times <= asked.until))[-MOST_FLAGGED:]
    return [(float(told.times[each]), _known(told.raw[each]), int(told.flags[each])) for each in inside]


def _figures(quantity: Quantity, raw: Series, at: Floats, source: Source) -> list[tuple[float, float | None]]:
    figures = derive(quantity, raw, at, source)
    return [(time, _known(value)) for time, value in zip(at.tolist(), figures.values.tolist(), strict=True)]


def _known(value: Any) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None
