"""`forecast.rivers`: the level of two real rivers 1, 3 and 6 h ahead, learnt from two years, tried on the third.

Every hour of the third year is foretold from what was known by then (rolling origin). Beside each RMSE stand that of
the level staying as it is (the peer) and that of the month's mean (in the place of the limit). Learning is timed beside
the plain way: a ridge and six of scikit-learn's histogram boosters, without proof by parts held back. Where the folder
of real rivers is absent nothing is measured.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from anlan.telemetry.core.forecast.features import AHEAD_H, seen_at
from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.learning import rows_to_learn, wanted_of
from anlan.telemetry.core.forecast.model import Model, fit_forecast, predict_many
from anlan.telemetry.core.forecast.skill import Score, Skill, skill
from anlan.telemetry.core.tests.rivers import gauges_of, real_river, years_of
from bench.frame import Measure, seconds_of

RIVERS = Path(__file__).resolve().parents[2] / "shared" / "data" / "rivers"
SEED, PREDICTIONS = 1, 8_000
SHOWN_H = (1, 3, 6)
STAYS, CLIMATE = "the level stays as it is", "RMSE of the month's mean level"
EACH, MEAN = 0.82, 0.72  # of RMSE ÷ staying at +3 h
LEAST_OUT, MOST_OUT, MOST_OUT_ACTIVE = 0.10, 0.25, 0.30
SORT = "sorting all figures of the two years, ten times"
LOOK = "one product of 8 000 rows of figures with a square matrix, ten times"
WRONG = float("inf")


def measures() -> Iterator[Measure]:
    """Yield the figures: times, then skill and coverage of each river."""
    if not RIVERS.is_dir():
        return
    codes = tuple(gauges_of(RIVERS))
    for code in codes:
        yield from _times(code)
    for code in codes:
        for name, score in (("over all", _skill(code).over_all), ("when active", _skill(code).active)):
            yield from (_error(code, name, score, ahead) for ahead in SHOWN_H)
            yield from (_outside(code, name, score, ahead) for ahead in SHOWN_H)
    yield Measure(
        "both rivers, +3 h: mean of RMSE ÷ staying",
        ours=lambda: float(np.mean([_skill(code).over_all.against_staying(3) for code in codes])),
        limit="1",
        probe=lambda: 1.0,
        at_most=MEAN,
    )


@cache
def _learnt_and_tried(code: str) -> tuple[Hours, Hours]:
    """Return the years to learn from and the last one."""
    *learnt, tried = years_of(RIVERS)
    return real_river(RIVERS, code, learnt), real_river(RIVERS, code, (tried,))


@cache
def _model(code: str) -> Model:
    return fit_forecast(_learnt_and_tried(code)[0], seed=SEED)


@cache
def _skill(code: str) -> Skill:
    return skill(_model(code), _learnt_and_tried(code)[1])


def _times(code: str) -> Iterator[Measure]:
    history, tried = _learnt_and_tried(code)
    some = tried.part(0, PREDICTIONS)
    figures = seen_at(history, origin_m=0.0).figures
    square = np.ones((figures.shape[1], figures.shape[1]))

    def product() -> None:
        for _ in range(10):
            np.nan_to_num(figures[:PREDICTIONS]) @ square

    yield Measure(
        f"{code}: learn two years, s",
        ours=lambda: seconds_of(lambda: fit_forecast(history, seed=SEED)),
        limit=SORT,
        probe=lambda: seconds_of(lambda: [np.sort(figures, axis=0) for _ in range(10)]),
        peer="ridge + 6 histogram boosters",
        peer_value=lambda: seconds_of(lambda: _plainly(history), repeats=1),
        at_most=2.0,
    )
    yield Measure(
        f"{code}: {PREDICTIONS} predictions of 6 h, s",
        ours=lambda: seconds_of(lambda: predict_many(_model(code), some), repeats=5),
        limit=LOOK,
        probe=lambda: seconds_of(product, repeats=5),
        at_most=0.1,
    )


def _plainly(history: Hours) -> None:
    seen = seen_at(history, origin_m=0.0)
    rows = rows_to_learn(seen)
    figures, wanted = seen.figures[rows], wanted_of(history.level_m)[rows]
    with threadpool_limits(1):  # one core, as ours: where cores are shared its threads wait for each other
        Ridge(alpha=1000.0).fit(figures, wanted)
        for place in range(len(AHEAD_H)):
            booster = HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=8, random_state=SEED)
            booster.fit(figures, wanted[:, place])


def _error(code: str, name: str, score: Score, ahead: int) -> Measure:
    return Measure(
        f"{code}, +{ahead} h {name}: RMSE, m",
        ours=lambda: score.rmse_m[ahead - 1],
        limit=CLIMATE,
        probe=lambda: score.climate_m[ahead - 1],
        peer=STAYS,
        peer_value=lambda: score.staying_m[ahead - 1],
        times_peer=1 / EACH if ahead == 3 and name == "over all" else 1.0,
    )


def _outside(code: str, name: str, score: Score, ahead: int) -> Measure:
    is_active = name == "when active"

    def share() -> float:
        outside = 1.0 - score.covered[ahead - 1]
        return outside if outside >= LEAST_OUT or is_active else WRONG

    return Measure(
        f"{code}, +{ahead} h {name}: share outside of the 80 % interval",
        ours=share,
        limit="0.2",
        probe=lambda: 0.2,
        at_most=MOST_OUT_ACTIVE if is_active else MOST_OUT,
    )
