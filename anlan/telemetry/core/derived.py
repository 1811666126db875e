"""Every derived figure by one call: always from the raw readings of the window that it looks at.

Source: docs/methods/rain.md, docs/methods/displacement.md, docs/methods/tangent-angle.md.
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.measures import MEASURES, RAIN_HOURS, Measure
from anlan.telemetry.core.motion import QUIET_DAYS, motion_of, rise_rates_m_h
from anlan.telemetry.core.rain import pieces_of_counter, pieces_of_increments, rain_over, rain_so_far
from anlan.telemetry.core.series import HOUR, Bools, Floats, Series, touched
from anlan.telemetry.core.tangent_angle import Point, angles_of

UNKNOWN = float("inf")  # keeps whatever alarm there is


@dataclass(frozen=True, slots=True)
class Source:
    """How a datastream reports.

    Attributes:
        interval_s: between two reports.
        is_counter: True where rain comes as a counter that only grows.
        wraps_at: mm at which the counter begins again, None where unknown.
        point: V, noise and limits of a point on a slope; None elsewhere.
    """

    interval_s: float
    is_counter: bool = False
    wraps_at: float | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A derived figure at instants.

    Attributes:
        times: (T,) seconds since 1970.
        values: (T,) what may raise an alarm; NaN is missing. Rain with holes is the rain known: no less has fallen.
        keeps: (T,) what may let it rest; +inf where that is unknown.
        is_whole: (T,) False where a hole makes `values` a lower bound: such a value is not shown as a sum.
    """

    times: Floats
    values: Floats
    keeps: Floats
    is_whole: Bools


def derive(measure: Measure, raw: Series, at: Floats, source: Source) -> Figures:
    """Return the figure at each instant.

    Args:
        measure: but `SILENCE` and `CLOCK_ERROR`, which tell of the device.
        raw: readings believed (`quality.believed`), as far back before the first instant as the measure looks.
        at: (T,) seconds since 1970.
        source: of the readings.
    """
    if measure in RAIN_HOURS or measure is Measure.RAIN_DAY:
        return _rain(measure, raw, at, source)
    if measure is Measure.TANGENT_STAGE and source.point is not None:
        angles = angles_of(raw, at, source.point)
        known = angles.kept >= 0
        values = np.where(known, angles.reached, np.nan).astype(np.float64)
        return Figures(at, values, np.where(known, angles.kept, UNKNOWN).astype(np.float64), known)
    values = _plain(measure, raw, at, source)
    return Figures(at, values, values, np.isfinite(values))


def refresh(measure: Measure, raw: Series, news: Floats, source: Source) -> Figures | None:
    """Return the figures that new, late or corrected readings touch, computed again; None where nothing is new.

    Args:
        measure: as for `derive`.
        raw: all readings believed of the datastream, the new ones among them, or those from `Touched.reads_from` on.
        news: seconds since 1970 of what came.
        source: of the readings.
    """
    window = touched(news.tolist(), raw.known().times, looks_back_s=MEASURES[measure].looks_back_s)
    if window is None:
        return None
    at = raw.times[(raw.times >= window.first) & (raw.times <= window.last)]
    return derive(measure, raw.within(window.reads_from - source.interval_s, window.last), at, source)


def _rain(measure: Measure, raw: Series, at: Floats, source: Source) -> Figures:
    if source.is_counter:
        pieces = pieces_of_counter(raw, interval_s=source.interval_s, wraps_at=source.wraps_at)
    else:
        pieces = pieces_of_increments(raw, interval_s=source.interval_s)
    if measure is Measure.RAIN_DAY:
        sums = rain_so_far(pieces, at)
    else:
        sums = rain_over(pieces, at, window_s=RAIN_HOURS[measure] * HOUR)
    whole = np.isfinite(sums.values_mm)
    values = np.where(sums.coverage > 0, sums.known_mm, np.nan)
    return Figures(at, values, np.where(whole, values, UNKNOWN), whole)


def _plain(measure: Measure, raw: Series, at: Floats, source: Source) -> Floats:
    if measure is Measure.READING:
        return _at(raw, raw.values, at)
    if measure is Measure.RISE_RATE:
        return _at(raw, rise_rates_m_h(raw), at)
    if measure in {Measure.SPEED, Measure.ACCELERATION}:
        motion = motion_of(raw, at, days=source.point.days if source.point else QUIET_DAYS)
        return motion.speeds_mm_d if measure is Measure.SPEED else motion.accelerations_mm_d2
    raise ValueError(f"{measure} is not derived from the readings alone")


def _at(raw: Series, values: Floats, at: Floats) -> Floats:
    """Return the values at instants of the series; NaN at others."""
    place = np.searchsorted(raw.times, at)
    inside = np.minimum(place, max(len(raw.times) - 1, 0))
    if not len(raw.times):
        return np.full(len(at), np.nan)
    return np.where(raw.times[inside] == at, values[inside], np.nan)
