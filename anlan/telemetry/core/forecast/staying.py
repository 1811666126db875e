"""The forecast that the level stays as it is, with what the station's own past says of its changes; and the climate.

Source: docs/methods/level-forecast.md, equations (16)–(18).
"""

from dataclasses import dataclass

import numpy as np

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.forecast.features import AHEAD_H
from anlan.telemetry.core.forecast.hours import Hours, after
from anlan.telemetry.core.forecast.intervals import AIMS, State, States
from anlan.telemetry.core.series import Floats, Integers

OLDEST_H = 6  # age of the last reading up to which it still tells something
FARTHEST_H = AHEAD_H[-1] + OLDEST_H
LEAST_CHANGES = 24  # from which the changes of a state are told


class TooLittleHistory(Refusal):
    """Not even an interval around the present level can be told."""

    def __init__(self, found: int) -> None:
        message = mark("A forecast needs a day of hourly levels at least; %(found)s hours are known")
        super().__init__(message, found=found)


@dataclass(frozen=True, slots=True)
class Staying:
    """How far the level went from where it stood, by state and by hours since the last reading.

    Attributes:
        below: (S, 12) metres, ≤ 0.
        above: (S, 12) metres, ≥ 0.
        months_m: (12,) mean level of January to December.
    """

    below: Floats
    above: Floats
    months_m: Floats

    def around(self, level_m: Floats, states: States) -> tuple[Floats, Floats, Floats]:
        """Return level, lower and upper ends, each (T, H), told at each hour; NaN where the last level is too old.

        Args:
            level_m: (T,) as measured.
            states: (T,).

        Source: docs/methods/level-forecast.md, equations (16) and (17).
        """
        places = np.arange(len(level_m))
        last = np.maximum.accumulate(np.where(np.isfinite(level_m), places, -1))
        age = np.where(last >= 0, places - last, OLDEST_H + 1)
        held = np.where(age <= OLDEST_H, level_m[last], np.nan)  # (16)
        far = np.minimum(age, OLDEST_H)[:, None] + np.array(AHEAD_H) - 1
        state = states[np.maximum(last, 0)][:, None]
        told = np.repeat(held[:, None], len(AHEAD_H), axis=1)
        return told, told + self.below[state, far], told + self.above[state, far]

    def climate(self, hours: Hours) -> Floats:
        """Return the mean level of the month in which each hour ahead lies, (T, H) metres.

        Source: docs/methods/level-forecast.md, equation (18).
        """
        ahead = hours.times_s[:, None] + 3600.0 * np.array(AHEAD_H)
        return self.months_m[_months(ahead)]


def staying(hours: Hours, states: States) -> Staying:
    """Return how the level stays where it is, from its history.

    Args:
        hours: the history.
        states: (T,).

    Raises:
        TooLittleHistory: less than a day of changes is known.

    Source: docs/methods/level-forecast.md, equations (17) and (18).
    """
    level = hours.level_m
    below, above = np.zeros((len(State), FARTHEST_H)), np.zeros((len(State), FARTHEST_H))
    for far in range(1, FARTHEST_H + 1):
        change = after(level, far) - level
        known = np.isfinite(change)
        if known.sum() < LEAST_CHANGES:
            if far == 1:
                raise TooLittleHistory(int(np.isfinite(level).sum()))
            growth = np.sqrt(far / (far - 1))  # as if each hour went its own way
            below[:, far - 1], above[:, far - 1] = below[:, far - 2] * growth, above[:, far - 2] * growth
            continue
        for state in State:
            low, high = _ends(change[known], change[known & (states == state)], state)
            below[state, far - 1], above[state, far - 1] = min(low, 0.0), max(high, 0.0)
    return Staying(below, above, _month_means(hours))


def _ends(changes: Floats, own: Floats, state: State) -> tuple[float, float]:
    """Return between which ends changes lie; of a lively state that was hardly seen between the greatest of all."""
    is_known = len(own) >= LEAST_CHANGES
    aim = AIMS[state] if is_known or state == State.CALM else 1.0
    low, high = np.quantile(own if is_known else changes, ((1 - aim) / 2, (1 + aim) / 2))  # (17)
    return float(low), float(high)


def _month_means(hours: Hours) -> Floats:
    months, known = _months(hours.times_s), np.isfinite(hours.level_m)
    middle = float(hours.level_m[known].mean())
    own = [hours.level_m[known & (months == month)] for month in range(12)]
    return np.array([levels.mean() if len(levels) else middle for levels in own])  # (18)


def _months(times_s: Floats) -> Integers:
    return times_s.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
