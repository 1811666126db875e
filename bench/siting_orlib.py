"""`siting.orlib`: published optima proven, 900 nodes near their own bound, and a plain beside a peer with CBC."""

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from spopt.locate import PMedian

from anlan.allocation.core.matching import match
from anlan.allocation.core.siting import Ground, Siting, capacitated, p_median
from anlan.allocation.core.tests import library
from bench.frame import Measure, seconds_of

LIBRARY = Path(__file__).resolve().parents[2] / "shared" / "data" / "orlib"
SEED = 20_260_101
NODES = 900
NODES_POINTS = (5, 10, 90)
DEMANDS, SITES, POINTS = 1_000, 100, 10
PASS = "one numpy pass: the nearest of the chosen sites for every demand"  # noqa: S105  not a password
MOST_S = 60.0
CELLS = 3_000_000_000  # ways that may be looked at in 60 s
PEER_S = 300  # where the peer has not ended by then, it is stopped and counted so
WRONG = float("inf")


def measures() -> Iterator[Measure]:
    """Yield the published optima where the library's folder is, then 900 nodes and the plain."""
    if LIBRARY.is_dir():
        yield from _published()
    yield from _net()
    yield from _plain()


def _published() -> Iterator[Measure]:
    ground, points = library.median(LIBRARY / "pmed1.txt")
    stores, capacity, cost = library.warehouses(LIBRARY / "cap61.txt")
    cases = list(library.assignments(LIBRARY / "gap1.txt"))
    probe = pass_over(ground, points)

    def median_s() -> float:
        return _proven(lambda: p_median(ground, points, gap=0), library.MEDIAN)

    def warehouses_s() -> float:
        return _proven(lambda: capacitated(stores, capacity, cost, is_single=False, gap=0), library.WAREHOUSES)

    def assigned_s() -> float:
        is_right = [round(match(case).objective) for case in cases] == list(library.ASSIGNED)
        return seconds_of(lambda: [match(case) for case in cases]) if is_right else WRONG

    yield Measure("pmed1 5819 proven, s", median_s, PASS, probe, at_most=MOST_S)
    yield Measure("cap61 932615.75 proven, s", warehouses_s, PASS, probe, at_most=MOST_S)
    yield Measure("gap1 336 327 339 341 326 proven, s", assigned_s, PASS, probe, at_most=MOST_S)


def _proven(solve: Callable[[], Siting], optimum: float) -> float:
    """Return the seconds, infinite where the optimum is missed or not proven."""
    found = solve()
    is_right = abs(found.objective - optimum) < 1e-4 and abs(found.bound - optimum) < 1e-4 * optimum
    return seconds_of(solve) if is_right else WRONG


def _net() -> Iterator[Measure]:
    ground = net()
    for points in NODES_POINTS:
        solve = cache(partial(_timed, ground, points, 5e-3))
        probe = pass_over(ground, points)
        yield Measure(f"{NODES} nodes, {points} points, s", lambda s=solve: s()[0], PASS, probe, at_most=MOST_S)  # type: ignore[misc]
        yield Measure(
            f"{NODES} nodes, {points} points, gap to own bound",
            lambda s=solve: max(s()[1].gap, 1e-9),  # type: ignore[misc]
            "a gap of one in ten million",
            lambda: 1e-7,
            at_most=5e-3,
        )


def _plain() -> Iterator[Measure]:
    ground = plain()
    found = p_median(ground, POINTS)
    yield Measure(
        f"{DEMANDS:,} demands × {SITES} sites, s",
        lambda: seconds_of(lambda: p_median(ground, POINTS)),
        PASS,
        pass_over(ground, POINTS),
        peer=f"spopt {version('spopt')} with CBC, gap 0.1 %",
        peer_value=cache(partial(with_spopt, ground)),
        times_peer=100.0,
    )
    yield Measure(
        f"{DEMANDS:,} demands × {SITES} sites, gap to own bound",
        lambda: max(found.gap, 1e-9),
        "a gap of one in ten million",
        lambda: 1e-7,
        at_most=1e-3,
    )


def _timed(ground: Ground, points: int, gap: float) -> tuple[float, Siting]:
    began = time.perf_counter()
    found = p_median(ground, points, gap=gap, cells=CELLS)
    return time.perf_counter() - began, found


def with_spopt(ground: Ground) -> float:
    """Return the seconds in which the peer builds its model and solves it."""
    began = time.perf_counter()
    model = PMedian.from_cost_matrix(ground.distance, ground.weight, POINTS)
    model.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=1e-3, timeLimit=PEER_S))
    return time.perf_counter() - began


def net() -> Ground:
    """Return a net made as the library makes its medians: n²/50 edges of 1 to 100, and a way through all nodes."""
    rng = np.random.default_rng(SEED)
    count = NODES * NODES // 50
    one = np.concatenate([rng.integers(0, NODES, count), np.arange(NODES - 1)])
    other = np.concatenate([rng.integers(0, NODES, count), np.arange(1, NODES)])
    edges = coo_array((rng.integers(1, 101, len(one)).astype(np.float64), (one, other)), shape=(NODES, NODES))
    names = library.numbered(NODES)
    return Ground(names, names, shortest_path(edges.tocsr(), directed=False), np.ones(NODES))


def plain() -> Ground:
    """Return a plain of 100 × 100 km with villages of 1 to 99 households and sites anywhere."""
    rng = np.random.default_rng(SEED)
    homes, places = 100 * rng.random((DEMANDS, 2)), 100 * rng.random((SITES, 2))
    distance = np.hypot(*(homes[:, None] - places[None, :]).transpose(2, 0, 1))
    weight = rng.integers(1, 100, DEMANDS).astype(np.float64)
    return Ground(library.numbered(DEMANDS), library.numbered(SITES), distance, weight)


def pass_over(ground: Ground, points: int) -> Callable[[], float]:
    """Return what times one look at every demand and chosen site."""
    opened = np.arange(points)

    def nearest() -> NDArray[np.float64]:
        found: NDArray[np.float64] = ground.distance[:, opened].min(axis=1)
        return found

    return lambda: seconds_of(nearest, 50)
