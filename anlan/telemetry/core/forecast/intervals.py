"""How far a forecast may be out: conformal intervals, apart for each state of river and rain.

Source: docs/methods/level-forecast.md, equations (11)–(13).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.refusal import mark
from anlan.telemetry.core.forecast.features import RISING_M, WET_MM, Seen
from anlan.telemetry.core.series import Floats

LEAST_OF_A_STATE = 60  # hours from which a state has an interval of its own
States = NDArray[np.int64]


class State(IntEnum):
    """In what state a forecast is made."""

    CALM = 0
    WET = 1
    RISING = 2


# A little more than the 80 % promised: no year is quite like those before it, least of all in its floods.
AIMS: Mapping[State, float] = {State.CALM: 0.82, State.WET: 0.85, State.RISING: 0.85}
STATE_NAMES: Mapping[State, str] = {
    State.CALM: mark("calm"),
    State.WET: mark("rain"),
    State.RISING: mark("rising"),
}


def states_of(seen: Seen) -> States:
    """Return the state at each hour, (T,); what is not known does not count.

    Source: docs/methods/level-forecast.md, equation (11).
    """
    rising, wet = seen.rise_m >= RISING_M, seen.wet_mm >= WET_MM  # (11)
    return np.where(rising, State.RISING, np.where(wet, State.WET, State.CALM)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Margins:
    """How far below and above a forecast the interval reaches.

    Attributes:
        below: (S, H) of each state and hour ahead, ≤ 0; in units of `floor` + |change told|.
        above: (S, H), ≥ 0.
        floor: (H,) metres.
        eased: (H,) by what those of calm hours are multiplied while nothing newer is known.
    """

    below: Floats
    above: Floats
    floor: Floats
    eased: Floats

    def around(self, told: Floats, states: States, eased: Floats) -> tuple[Floats, Floats]:
        """Return lower and upper ends, each (T, H), of changes told.

        Args:
            told: (T, H) metres.
            states: (T,).
            eased: (T, H) by what the margins of calm hours are multiplied.

        Source: docs/methods/level-forecast.md, equation (13).
        """
        unit = (self.floor + np.abs(told)) * np.where((states == State.CALM)[:, None], eased, 1.0)
        return told + self.below[states] * unit, told + self.above[states] * unit  # (13)


def margins_of(told: Floats, wanted: Floats, states: States) -> Margins:
    """Return the margins that held for forecasts of hours that the models had not learnt from.

    Args:
        told: (T, H) changes that were forecast, metres.
        wanted: (T, H) changes that came.
        states: (T,).

    Source: docs/methods/level-forecast.md, equation (12).
    """
    missed = wanted - told
    floor = np.maximum(np.sqrt(np.mean(missed**2, axis=0)), 1e-4)
    score = missed / (floor + np.abs(told))
    ends = [_ends(score[_rows(states, state)], AIMS[state]) for state in State]
    below, above = zip(*ends, strict=True)
    return Margins(np.array(below), np.array(above), floor, np.ones(len(floor)))


def _rows(states: States, state: State) -> States:
    own = np.flatnonzero(states == state)
    if len(own) < LEAST_OF_A_STATE and state != State.CALM:
        own = np.flatnonzero(states != State.CALM)
    return own if len(own) >= LEAST_OF_A_STATE else np.arange(len(states))


def _ends(score: Floats, aim: float) -> tuple[Floats, Floats]:
    """Return the ends of the scores, (H,) each, so that one more falls between them with the chance aimed at."""
    count = len(score)
    ranked = np.sort(score, axis=0)
    out = int(np.floor((1.0 - aim) / 2 * (count + 1)))  # (12)
    low, high = ranked[max(out - 1, 0)], ranked[min(count - out, count - 1)]
    return np.minimum(low, 0.0), np.maximum(high, 0.0)
