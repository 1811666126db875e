"""How good forecasts are: from every hour of a stretch that was not learnt from, beside two plain ways.

Source: docs/methods/level-forecast.md, equations (19)–(21).
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.telemetry.core.forecast.features import AHEAD_H
from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.intervals import State
from anlan.telemetry.core.forecast.learning import wanted_of
from anlan.telemetry.core.forecast.model import RECENT_H, Basis, Model, Told, fit_forecast, predict_many
from anlan.telemetry.core.series import Bools, Floats

TRIED_PART, MOST_TRIED_H = 4, 8766  # the newest quarter of a history is tried, a year at most


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


def skill(model: Model, tried: Hours, *, after: int = 0) -> Skill:
    """Return the skill of forecasts from each hour of a stretch, each made of the hours before it alone.

    Args:
        model: learnt from other hours.
        tried: hours of level and rain that it did not see.
        after: how many of the first hours only lead in and are not judged.

    Source: docs/methods/level-forecast.md, equations (19)–(21).
    """
    told = predict_many(model, tried)
    came = tried.level_m[:, None] + wanted_of(tried.level_m)
    climate = model.staying.climate(tried)
    every = np.arange(len(tried)) >= after
    active = every & (told.states != State.CALM)
    parts = [_score(told, came, climate, tried.level_m[:, None], rows) for rows in (every, active)]
    return Skill(parts[0], parts[1], len(tried) - after)


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


def learnt_and_tried(history: Hours, *, seed: int) -> tuple[Model, Skill | None]:
    """Return what the whole history teaches, and how good what its older part teaches proved on the newer.

    What proved no better than staying as it is gives way to that.

    Args:
        history: of level and rain.
        seed: as for `fit_forecast`.

    Returns:
        The model, and the skill; None where the older part is too short to be learnt from.

    Raises:
        TooLittleHistory: less than a day of levels is known.

    Source: docs/methods/level-forecast.md, section 6.
    """
    model = fit_forecast(history, seed=seed)
    split = len(history) - min(len(history) // TRIED_PART, MOST_TRIED_H)
    if model.basis == Basis.LITTLE_HISTORY or split == len(history):
        return model, None
    older = fit_forecast(history.part(0, split), seed=seed)
    if older.basis == Basis.LITTLE_HISTORY:
        return model, None
    # The newer part begins with hours that were learnt from, so that its first figures are known; they are not judged.
    begins = max(split - RECENT_H, 0)
    found = skill(older, history.part(begins, len(history)), after=split - begins)
    ratios = [ratio for ratio in map(found.over_all.against_staying, AHEAD_H) if np.isfinite(ratio)]
    if model.basis == older.basis == Basis.LEARNT and ratios and np.mean(ratios) >= 1.0:
        model = replace(model, basis=Basis.NO_BETTER, pair=None, margins=None)
    return model, found
