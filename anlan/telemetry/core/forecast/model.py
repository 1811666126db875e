"""What is learnt of a station, and the forecasts that it gives.

Source: docs/methods/level-forecast.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.forecast.easing import LOOKS_BACK_H, factor_of, factors_by_day, needs_of
from anlan.telemetry.core.forecast.features import Seen, seen_at
from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.intervals import Margins, State, States, margins_of, states_of
from anlan.telemetry.core.forecast.learning import HeldBack, Pair, learn, rows_to_learn, wanted_of
from anlan.telemetry.core.forecast.staying import OLDEST_H, Staying, staying
from anlan.telemetry.core.series import Bools, Floats

LEAST_HOURS = 1440  # that can be learnt from: two months
RECENT_H = 240  # that a forecast must look at: after 166 the memory of the ground is known


class NoRecentLevel(Refusal):
    """The last level is too old to tell anything."""

    def __init__(self) -> None:
        super().__init__(mark("No level was measured in the last %(hours)s hours"), hours=OLDEST_H)


class Basis(IntEnum):
    """What a forecast rests on; all but the first say that the level stays as it is."""

    LEARNT = 0
    LITTLE_HISTORY = 1
    NO_BETTER = 2
    GAP = 3


BASIS_NAMES: Mapping[Basis, str] = {
    Basis.LEARNT: mark("learnt from the station's past and the rain above it"),
    Basis.LITTLE_HISTORY: mark("the level stays as it is: there is too little history to learn from"),
    Basis.NO_BETTER: mark("the level stays as it is: what was learnt foretells no better"),
    Basis.GAP: mark("the level stays as it is: readings of level or rain are missing"),
}


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt of a station.

    Attributes:
        origin_m: level from which levels are counted.
        gauges: how many gauges of rain it looks at.
        basis: LEARNT, or why nothing was.
        staying: what is told where nothing was learnt or something is missing.
        pair: regression and trees; None where nothing was learnt.
        margins: of the pair.
    """

    origin_m: float
    gauges: int
    basis: Basis
    staying: Staying
    pair: Pair | None = None
    margins: Margins | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Forecasts from each of T hours for H hours ahead; NaN where no level was known.

    Attributes:
        level_m: (T, H).
        low_m: (T, H), ≤ level_m.
        high_m: (T, H), ≥ level_m.
        is_fallback: (T,) where it is that the level stays as it is.
        states: (T,) of `intervals.State`.
    """

    level_m: Floats
    low_m: Floats
    high_m: Floats
    is_fallback: Bools
    states: States


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast from one hour: `level_m[h]` is h + 1 hours after `at_s`, in [low_m[h], high_m[h]] in 80 of 100."""

    at_s: float
    level_m: tuple[float, ...]
    low_m: tuple[float, ...]
    high_m: tuple[float, ...]
    basis: Basis
    state: State

    @property
    def is_fallback(self) -> bool:
        """Whether it only says that the level stays as it is."""
        return self.basis != Basis.LEARNT


def fit_forecast(history: Hours, *, seed: int) -> Model:
    """Return what a station's history teaches.

    Args:
        history: of level and rain; a year of it holds few floods, two or more are better.
        seed: of the draws of the learning; the same seed and history give the same model.

    Raises:
        TooLittleHistory: less than a day of levels is known.

    Source: docs/methods/level-forecast.md.
    """
    known = history.level_m[np.isfinite(history.level_m)]
    origin = float(np.median(known)) if len(known) else 0.0
    seen = seen_at(history, origin_m=origin)
    states = states_of(seen)
    still = staying(history, states)
    gauges = len(history.rain_mm)
    if len(rows_to_learn(seen)) < LEAST_HOURS:
        return Model(origin, gauges, Basis.LITTLE_HISTORY, still)
    pair, held = learn(seen, np.random.default_rng(seed))
    if not _is_better(held):
        return Model(origin, gauges, Basis.NO_BETTER, still)
    return Model(origin, gauges, Basis.LEARNT, still, pair, _margins(held, states[held.rows], len(history)))


def _margins(held: HeldBack, states: States, hours: int) -> Margins:
    margins = margins_of(held.told, held.wanted, states)
    last = held.rows >= hours - LOOKS_BACK_H
    needs = needs_of(margins, held.told[last], held.wanted[last], states[last])
    return replace(margins, eased=factor_of(needs, margins.eased))


def _is_better(held: HeldBack) -> bool:
    """Return whether hours that were held back were told better than by the level staying as it is."""
    missed, moved = np.mean((held.wanted - held.told) ** 2, axis=0), np.mean(held.wanted**2, axis=0)
    return bool(np.all(moved > 0) and np.mean(np.sqrt(missed / moved)) < 1.0)


def predict_many(model: Model, hours: Hours) -> Told:
    """Return a forecast from each hour, of that hour and those before it alone.

    Args:
        model: of the station.
        hours: of level and rain, as many gauges as were learnt from and in their order.

    Source: docs/methods/level-forecast.md, equations (10), (13)–(17).
    """
    if len(hours.rain_mm) != model.gauges:
        raise ValueError(f"rain of {len(hours.rain_mm)} gauges, expected {model.gauges}")
    seen = seen_at(hours, origin_m=model.origin_m)
    states = states_of(seen)
    level, low, high = model.staying.around(hours.level_m, states)
    learnt = _learnt(model, seen)
    if model.pair is not None and model.margins is not None and learnt.any():
        change = np.full(level.shape, np.nan)
        change[learnt] = model.pair(seen.figures[learnt])
        needs = needs_of(model.margins, change, wanted_of(hours.level_m), states)
        eased = factors_by_day(needs, hours.times_s, model.margins.eased)
        below, above = model.margins.around(change[learnt], states[learnt], eased[learnt])
        now = hours.level_m[learnt][:, None]
        level[learnt], low[learnt], high[learnt] = now + change[learnt], now + below, now + above
    return Told(level, low, high, ~learnt, states)


def _learnt(model: Model, seen: Seen) -> Bools:
    return seen.usable if model.pair is not None else np.zeros(len(seen.level_m), dtype=np.bool_)


def predict(model: Model, recent: Hours) -> Forecast:
    """Return the forecast from the last of the hours.

    Args:
        model: of the station.
        recent: the last `RECENT_H` hours of level and rain; from a month and a week on they also ease the margins.

    Raises:
        NoRecentLevel: the last level is too old to tell anything.

    Source: docs/methods/level-forecast.md.
    """
    told = predict_many(model, recent)
    ends = (told.level_m[-1], told.low_m[-1], told.high_m[-1])
    if not np.isfinite(ends).all():
        raise NoRecentLevel
    level, low, high = (tuple(row.tolist()) for row in ends)
    basis = model.basis if model.basis != Basis.LEARNT or not told.is_fallback[-1] else Basis.GAP
    return Forecast(recent.last_s, level, low, high, basis, State(told.states[-1]))
