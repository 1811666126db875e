"""Margins that keep up with the river: how much of them the last month of calm hours needed.

Source: docs/methods/level-forecast.md, equations (14) and (15).
"""

import numpy as np

from anlan.telemetry.core.forecast.features import AHEAD_H
from anlan.telemetry.core.forecast.intervals import AIMS, Margins, State, States
from anlan.telemetry.core.series import DAY, Floats

LOOKS_BACK_H = 30 * 24
LEAST_NEEDS = 100  # calm hours from which the last month counts
LEAST_FACTOR, MOST_FACTOR = 1 / 3, 10.0


def needs_of(margins: Margins, told: Floats, came: Floats, states: States) -> Floats:
    """Return which multiple of its margin each forecast needed to reach what came, NaN in lively hours.

    Args:
        margins: before easing.
        told: (T, H) changes forecast, metres.
        came: (T, H) changes that came, NaN where unknown.
        states: (T,).

    Returns:
        (T, H), ≥ 0.

    Source: docs/methods/level-forecast.md, equation (14).
    """
    score = (came - told) / (margins.floor + np.abs(told))
    below, above = np.minimum(margins.below[states], -1e-9), np.maximum(margins.above[states], 1e-9)
    needs = np.maximum(score / above, score / below)  # (14)
    return np.where((states == State.CALM)[:, None], needs, np.nan)


def factor_of(needs: Floats, otherwise: Floats) -> Floats:
    """Return by what the margins of calm hours are multiplied after such needs, (H,).

    Args:
        needs: (N, H) of the hours looked back at, NaN where unknown.
        otherwise: (H,) the factor where they are too few.

    Source: docs/methods/level-forecast.md, equation (15).
    """
    known = needs[np.isfinite(needs).all(axis=1)]
    if len(known) < LEAST_NEEDS:
        return otherwise
    rank = min(int(np.ceil(AIMS[State.CALM] * (len(known) + 1))), len(known)) - 1
    return np.asarray(np.clip(np.partition(known, rank, axis=0)[rank], LEAST_FACTOR, MOST_FACTOR))  # (15)


def factors_by_day(needs: Floats, times_s: Floats, otherwise: Floats) -> Floats:
    """Return the factor at each hour, (T, H): found once a day from what had come by its beginning (UTC).

    Args:
        needs: (T, H).
        times_s: (T,) seconds since 1970, an hour apart.
        otherwise: (H,) the factor where too few needs are known.

    Source: docs/methods/level-forecast.md, equation (15).
    """
    found = np.empty(needs.shape)
    days = np.floor(times_s / DAY)
    begins = np.concatenate(([0], np.flatnonzero(np.diff(days)) + 1, [len(days)]))
    for first, stop in zip(begins[:-1], begins[1:], strict=True):
        told_by_then = max(first - AHEAD_H[-1], 0)
        found[first:stop] = factor_of(needs[max(first - LOOKS_BACK_H, 0) : told_by_then], otherwise)
    return found
