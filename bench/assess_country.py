"""`assess.country`: a whole country assessed on one machine, and TOPSIS over a large matrix.

The peers compute with their validation of the input switched off: pymcdm's walks the rows in Python and would take most
of its time.
"""

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version

import numpy as np
import pymcdm
import skcriteria
from skcriteria.agg.topsis import TOPSIS as SKCRITERIA_TOPSIS
from skcriteria.preprocessing.scalers import VectorScaler

from anlan.assessment.core.arrays import Floats
from anlan.assessment.core.country import (
    Asked,
    entropy_from,
    graded,
    level_scores,
    places_of,
    retotalled,
    scored,
    with_villages,
)
from anlan.assessment.core.topsis import topsis
from anlan.assessment.core.weighting import mixed_weights
from anlan.kernel.codes import Level
from bench.country_data import DIMENSION_WEIGHTS, SYSTEM, TOWNSHIPS, VILLAGES, Country, asked, country
from bench.frame import Measure, seconds_of

TOPSIS_SHAPE = (690_000, 50)
TOLERANCE = 1e-9
PASS = "one numpy pass: (matrix * weights).sum(axis=1)"  # noqa: S105  not a password
BOTH = (Level.TOWNSHIP, Level.VILLAGE)


def measures() -> Iterator[Measure]:
    """Yield the figures: time, memory, the same arithmetic beside a peer, one weight changed, TOPSIS."""
    yield from _whole_job()
    yield from _same_arithmetic()
    yield from _topsis()


def assess_country(given: Country) -> tuple[object, ...]:
    """Do the whole job: scores, weights, obstacles, villages into townships, grades."""
    villages = level_scores(given.villages, asked(Level.VILLAGE), DIMENSION_WEIGHTS)
    townships = level_scores(given.townships, asked(Level.TOWNSHIP), DIMENSION_WEIGHTS)
    joined = with_villages(
        townships.dimensions, villages.dimensions, given.parents, given.populations, SYSTEM.own_share
    )
    grades = [graded(totals, SYSTEM.grades) for totals in (villages.totals, joined @ DIMENSION_WEIGHTS)]
    return villages, townships, joined, grades


def _whole_job() -> Iterator[Measure]:
    yield _timed("every answer given", country(0.0))
    yield _timed("1 % missing", country(0.01))
    size_gb = (VILLAGES * 24 + TOWNSHIPS * 26) * 8 / 1e9
    yield Measure(
        "most memory of the whole job, GB",
        ours=_memory_gb,
        limit="the answers themselves, GB",
        probe=lambda: size_gb,
        at_most=2.0,
    )


def _timed(name: str, given: Country) -> Measure:
    return Measure(
        f"whole country, {name}, s",
        ours=lambda: seconds_of(lambda: assess_country(given)),
        limit=PASS,
        probe=_pass_over(given.villages),
        at_most=2.0,
    )


def _pass_over(matrix: Floats) -> Callable[[], float]:
    weights = np.full(matrix.shape[1], 1.0 / matrix.shape[1])
    return lambda: seconds_of(lambda: (matrix * weights).sum(axis=1))


def _memory_gb() -> float:
    """Return the most memory of a process of its own that does the job once."""
    code = (
        "import resource\n"
        "from bench.assess_country import assess_country\n"
        "from bench.country_data import country\n"
        "assess_country(country(0.0))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return int(done.stdout) * 1024 / 1e9


def _same_arithmetic() -> Iterator[Measure]:
    given = country(0.0)
    levels = [(values, asked(level)) for level, values in zip(BOTH, (given.townships, given.villages), strict=True)]
    for mine, theirs in zip(_ours(levels), _theirs(levels), strict=True):
        _check_equal(mine, theirs)
    yield Measure(
        "normalise, entropy, combined weights, scores, s",
        ours=lambda: seconds_of(lambda: _ours(levels)),
        limit=PASS,
        probe=_pass_over(given.villages),
        peer=f"pymcdm {version('pymcdm')}",
        peer_value=lambda: seconds_of(lambda: _theirs(levels)),
        times_peer=2.0,
    )
    villages = asked(Level.VILLAGE)
    result = level_scores(given.villages, villages, DIMENSION_WEIGHTS)
    yield Measure(
        "one weight changed, the country ranked again, s",
        ours=lambda: seconds_of(lambda: places_of(retotalled(result, villages, DIMENSION_WEIGHTS, 3, 0.4))),
        limit=PASS,
        probe=_pass_over(result.scores),
        times_limit=3.0,
    )


def _ours(levels: list[tuple[Floats, Asked]]) -> list[Floats]:
    totals = []
    for values, asks in levels:
        scores, moments = scored(values, asks)
        weights = mixed_weights(asks.weights, entropy_from(moments, asks.membership))
        totals.append(scores @ (weights * (asks.membership @ DIMENSION_WEIGHTS)))
    return totals


def _theirs(levels: list[tuple[Floats, Asked]]) -> list[Floats]:
    """Do the same with pymcdm; it has no targets, so numpy normalises for it."""
    sum_of_weights = pymcdm.methods.WSM(normalization_function=_as_it_is)
    totals = []
    for values, asks in levels:
        scores = np.clip(asks.intercepts + values / asks.scales, 0.0, 1.0)
        weights = asks.weights.copy()
        for number in range(len(DIMENSION_WEIGHTS)):
            columns = asks.membership[:, number] > 0
            entropy = pymcdm.weights.entropy_weights(scores[:, columns])
            weights[columns] = DIMENSION_WEIGHTS[number] * (weights[columns] + entropy) / 2
        totals.append(sum_of_weights(scores, weights, np.ones(len(weights)), validation=False))
    return totals


def _as_it_is(column: Floats, *, cost: bool) -> Floats:
    """Normalise nothing, in the form that the peer calls."""
    return -column if cost else column


def _topsis() -> Iterator[Measure]:
    rng = np.random.default_rng(50)
    matrix = rng.gamma(2.0, 20.0, TOPSIS_SHAPE) + 1.0
    weights, signs = rng.dirichlet(np.full(TOPSIS_SHAPE[1], 5.0)), rng.choice([1, -1], TOPSIS_SHAPE[1])
    peer = pymcdm.methods.TOPSIS(pymcdm.normalizations.vector_normalization)
    table = skcriteria.mkdm(matrix, signs.tolist(), weights=weights)
    scaler, other_peer = VectorScaler(target="matrix"), SKCRITERIA_TOPSIS()

    def with_skcriteria() -> Floats:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            closeness: Floats = other_peer.evaluate(scaler.transform(table)).e_.similarity
        return closeness

    _check_equal(topsis(matrix, weights, signs < 0).closeness, with_skcriteria())
    _check_equal(topsis(matrix, weights, signs < 0).closeness, peer(matrix, weights, signs, validation=False))
    beside = partial(
        Measure,
        f"TOPSIS {TOPSIS_SHAPE[0]} × {TOPSIS_SHAPE[1]}, s",
        ours=lambda: seconds_of(lambda: topsis(matrix, weights, signs < 0), 5),
        limit=PASS,
        probe=_pass_over(matrix),
    )
    yield beside(
        peer=f"scikit-criteria {version('scikit-criteria')}",
        peer_value=lambda: seconds_of(with_skcriteria, 2),
        times_peer=7.0,
    )
    yield beside(
        peer=f"pymcdm {version('pymcdm')}",
        peer_value=lambda: seconds_of(lambda: peer(matrix, weights, signs, validation=False), 2),
        times_peer=15.0,
    )


def _check_equal(ours: Floats, theirs: Floats) -> None:
    apart = float(np.abs(ours - theirs).max())
    if apart > TOLERANCE:
        raise ValueError(f"ours and the peer's differ by {apart:.1e}, expected at most {TOLERANCE:.0e}")
