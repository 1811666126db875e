"""How good forecasts are: from every hour of a stretch that was not learnt from, beside two plain ways.

Source: docs/methods/level-forecast.md, equations (19)–(21).
"""

from dataclasses import dataclass

import numpy as np

from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.intervals import State
from anlan.telemetry.core.forecast.learning import wanted_of
from anlan.telemetry.core.forecast.model import Model, Told, predict_many
from anlan.telemetry.core.series import Bools, Floats


@dataclass(frozen=True, slots=True)
class Score:
    """What forecasts from some hours were worth, for each of the H hours ahead; NaN where there were none.

    Attributes:
        count: (H,) how many were compared.
        rmse_m: (H,) of the forecasts.
        staying_m: (H,) RMSE of saying that the level stays as it is.
        climate_m: (H,) RMSE of the mean level of the month.
        covered: (H,) share of the levels that came to lie in the interval.
    """

    count: tuple[int, ...]
    rmse_m: tuple[float, ...]
    staying_m: tuple[float, ...]
    climate_m: tuple[float, ...]
    covered: tuple[float, ...]

    def against_staying(self, ahead_h: int) -> float:
        """Return RMSE ÷ that of the level staying as it is; below 1 is better, NaN where neither is known.

        Source: docs/methods/level-forecast.md, equation (20).
        """
        stays = self.staying_m[ahead_h - 1]
        return self.rmse_m[ahead_h - 1] / stays if stays > 0 else float("nan")  # (20)


@dataclass(frozen=True, slots=True)
class Skill:
    """Scores from all hours, and from those alone in which the river rose or it rained.

    Attributes:
        over_all: from every hour.
        active: from hours of the states wet and rising.
        hours: how many hours were gone through.
    """

    over_all: Score
    active: Score
    hours: int


def skill(model: Model, tried: Hours) -> Skill:
    """Return the skill of forecasts from each hour of a stretch, each made of the hours before it alone.

    Args:
        model: learnt from other hours.
        tried: hours of level and rain that it did not see.

    Source: docs/methods/level-forecast.md, equations (19)–(21).
    """
    told = predict_many(model, tried)
    came = tried.level_m[:, None] + wanted_of(tried.level_m)
    climate = model.staying.climate(tried)
    every = np.ones(len(tried), dtype=np.bool_)
    active = told.states != State.CALM
    parts = [_score(told, came, climate, tried.level_m[:, None], rows) for rows in (every, active)]
    return Skill(parts[0], parts[1], len(tried))


def _score(told: Told, came: Floats, climate: Floats, now: Floats, rows: Bools) -> Score:
    known = rows[:, None] & np.isfinite(came) & np.isfinite(told.level_m)
    inside = (came >= told.low_m) & (came <= told.high_m)
    return Score(
        tuple(known.sum(axis=0).tolist()),
        _rmse(told.level_m - came, known),
        _rmse(now - came, known),
        _rmse(climate - came, known),
        _mean(inside.astype(np.float64), known),
    )


def _rmse(missed: Floats, known: Bools) -> tuple[float, ...]:
    return tuple(float(np.sqrt(mean)) for mean in _mean(missed**2, known))  # (19)


def _mean(values: Floats, known: Bools) -> tuple[float, ...]:
    counts = known.sum(axis=0)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return tuple(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan).tolist())  # (21)
