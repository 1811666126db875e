"""`pairing.large`: 3 000 helpers, 3 000 helped, every pair possible; beside two exact solvers of assignments."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import linear_sum_assignment as ortools_assignment
from scipy.optimize import linear_sum_assignment

from anlan.allocation.core.matching import PairingCase, Party, match, pair_values
from bench.frame import Measure, seconds_of

UNITS = 3_000
SEED = 20_260_101
VALUE_SCALE = 1_000_000  # one peer computes in whole numbers
MOST_S = 5.0
PASS = "one numpy pass: the best helper of each unit"  # noqa: S105  not a password


def measures() -> Iterator[Measure]:
    """Yield the time beside each peer, and how far the proof and the peers' sums lie apart."""
    asked = case()
    found = match(asked)
    peers = {
        f"scipy {version('scipy')} linear_sum_assignment": with_scipy,
        f"OR-Tools {version('ortools')} SimpleLinearSumAssignment": with_ortools,
    }
    for peer, ask in peers.items():
        yield Measure(
            f"{UNITS:,} × {UNITS:,}, s",
            lambda: seconds_of(lambda: match(asked), 1),
            PASS,
            pass_over(asked.values),
            peer=peer,
            peer_value=cache(partial(seconds_of, partial(ask, asked.values), 1)),
            at_most=MOST_S,
        )
    yield Measure(
        f"{UNITS:,} × {UNITS:,}, gap to the bound and to the peer's sum",
        lambda: max(found.gap, abs(found.objective / with_scipy(asked.values) - 1.0), 1e-9),
        "a gap of one in ten million",
        lambda: 1e-7,
        at_most=1e-6,
    )


def case() -> PairingCase:
    """Return units on a plain of 60 × 60 km with scores at random."""
    rng = np.random.default_rng(SEED)
    helpers, helped = (
        tuple(Party(f"{side}{place}", f"{side}{place}", tuple(row)) for place, row in enumerate(rng.random((UNITS, 5))))
        for side in ("a", "b")
    )
    here, there = 60 * rng.random((UNITS, 2)), 60 * rng.random((UNITS, 2))
    told = pair_values(helpers, helped, np.hypot(*(here[:, None] - there[None, :]).transpose(2, 0, 1)))
    return PairingCase(helpers, helped, told.values, told.allowed, told=told)


def with_scipy(values: NDArray[np.float64]) -> float:
    """Return the sum that scipy finds."""
    rows, columns = linear_sum_assignment(-values)
    return float(values[rows, columns].sum())


def with_ortools(values: NDArray[np.float64]) -> float:
    """Return the sum that OR-Tools finds, in millionths."""
    helper, helped = np.divmod(np.arange(values.size), values.shape[1])
    solver = ortools_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        helper.astype(np.int32), helped.astype(np.int32), np.round(-VALUE_SCALE * values.ravel()).astype(np.int64)
    )
    solver.solve()
    return -float(solver.optimal_cost()) / VALUE_SCALE


def pass_over(values: NDArray[np.float64]) -> Callable[[], float]:
    """Return what times one look at every pair."""
    return lambda: seconds_of(lambda: values.argmax(axis=0), 3)
