"""Every derived figure by one call: always from the raw readings of the window that it looks at.

Source: docs/methods/rain.md, docs/methods/displacement.md, docs/methods/tangent-angle.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.motion import QUIET_DAYS, motion_of, rise_rates_m_h
from anlan.telemetry.core.quantities import QUANTITIES, RAIN_HOURS, Quantity
from anlan.telemetry.core.rain import pieces_of_counter, pieces_of_increments, rain_over, rain_so_far
from anlan.telemetry.core.series import DAY, HOUR, Bools, Floats, Series, touched
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


def derive(quantity: Quantity, raw: Series, at: Floats, source: Source) -> Figures:
    """Return the figure at each instant.

    Args:
        quantity: but `SILENCE` and `CLOCK_ERROR`, which tell of the device.
        raw: readings believed (`quality.believed`), as far back before the first instant as the quantity looks.
        at: (T,) seconds since 1970.
        source: of the readings.
    """
    if quantity in RAIN_HOURS or quantity is Quantity.RAIN_DAY:
        return _rain(quantity, raw, at, source)
    if quantity is Quantity.TANGENT_STAGE and source.point is not None:
        angles = angles_of(raw, at, source.point)
        known = angles.kept >= 0
        values = np.where(known, angles.reached, np.nan).astype(np.float64)
        return Figures(at, values, np.where(known, angles.kept, UNKNOWN).astype(np.float64), known)
    values = _plain(quantity, raw, at, source)
    return Figures(at, values, values, np.isfinite(values))


def derive_many(quantity: Quantity, raws: Sequence[Series], ats: Sequence[Floats], source: Source) -> list[Figures]:
    """Return the figures of datastreams that report alike, all in one go: as `derive` of each.

    They are laid one after the other on one line of time, whole days apart and so far that no window reaches over.

    Args:
        quantity: as for `derive`.
        raws: D series.
        ats: D times (T,), seconds since 1970; the figures are asked at.
        source: of every one of them; its point is for one datastream alone.
    """
    filled = [times for times in (*(raw.times for raw in raws), *ats) if len(times)]
    if not filled:
        return [derive(quantity, raw, at, source) for raw, at in zip(raws, ats, strict=True)]
    origin = np.floor(min(times.min() for times in filled) / DAY) * DAY
    reach = max(times.max() for times in filled) - origin + QUANTITIES[quantity].looks_back_s + 2 * source.interval_s
    shifts = np.arange(len(raws)) * (np.ceil(reach / DAY) + 1) * DAY - origin
    line = Series(
        np.concatenate([raw.times + shift for raw, shift in zip(raws, shifts, strict=True)]),
        np.concatenate([raw.values for raw in raws]),
    )
    found = derive(quantity, line, np.concatenate([at + shift for at, shift in zip(ats, shifts, strict=True)]), source)
    cuts = np.cumsum([len(at) for at in ats])[:-1]
    parts = (np.split(each, cuts) for each in (found.values, found.keeps, found.is_whole))
    return [Figures(at, *part) for at, *part in zip(ats, *parts, strict=True)]


def refresh(quantity: Quantity, raw: Series, news: Floats, source: Source) -> Figures | None:
    """Return the figures that new, late or corrected readings touch, computed again; None where nothing is new.

    Args:
        quantity: as for `derive`.
        raw: all readings believed of the datastream, the new ones among them, or those from `Touched.reads_from` on.
        news: seconds since 1970 of what came.
        source: of the readings.
    """
    window = touched(news.tolist(), raw.known().times, looks_back_s=QUANTITIES[quantity].looks_back_s)
    if window is None:
        return None
    at = raw.times[(raw.times >= window.first) & (raw.times <= window.last)]
    return derive(quantity, raw.within(np.nextafter(window.reads_from, 0.0), window.last), at, source)


def _rain(quantity: Quantity, raw: Series, at: Floats, source: Source) -> Figures:
    if source.is_counter:
        pieces = pieces_of_counter(raw, interval_s=source.interval_s, wraps_at=source.wraps_at)
    else:
        pieces = pieces_of_increments(raw, interval_s=source.interval_s)
    if quantity is Quantity.RAIN_DAY:
        sums = rain_so_far(pieces, at)
    else:
        sums = rain_over(pieces, at, window_s=RAIN_HOURS[quantity] * HOUR)
    whole = np.isfinite(sums.values_mm)
    values = np.where(sums.coverage > 0, sums.known_mm, np.nan)
    return Figures(at, values, np.where(whole, values, UNKNOWN), whole)


def _plain(quantity: Quantity, raw: Series, at: Floats, source: Source) -> Floats:
    if quantity is Quantity.READING:
        return _readings(raw, at)
    if quantity is Quantity.RISE_RATE:
        return rise_rates_m_h(raw, at)
    if quantity in {Quantity.SPEED, Quantity.ACCELERATION}:
        motion = motion_of(raw, at, days=source.point.days if source.point else QUIET_DAYS)
        return motion.speeds_mm_d if quantity is Quantity.SPEED else motion.accelerations_mm_d2
    raise ValueError(f"{quantity} is not derived from the readings alone")


def _readings(raw: Series, at: Floats) -> Floats:
    """Return the readings at instants; NaN where there is none."""
    if not len(raw.times):
        return np.full(len(at), np.nan)
    place = np.minimum(np.searchsorted(raw.times, at), len(raw.times) - 1)
    return np.where(raw.times[place] == at, raw.values[place], np.nan)
