"""The instances of OR-Library as our problems; the folder is told, for they are no part of this project."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import floyd_warshall

from anlan.allocation.core.matching import PairingCase, Party
from anlan.allocation.core.siting import Ground

Floats = NDArray[np.float64]
MEDIAN = 5819.0  # pmed1
WAREHOUSES = 932615.75  # cap61
ASSIGNED = (336, 327, 339, 341, 326)  # gap1


def median(path: Path) -> tuple[Ground, int]:
    """Return the nodes of a net and how many points are asked for; of a repeated edge the last counts."""
    words = iter(path.read_text("utf-8").split())
    nodes, edges, points = (int(next(words)) for _ in range(3))
    net = np.full((nodes, nodes), np.inf)
    for _edge in range(edges):
        one, other, cost = (int(next(words)) for _ in range(3))
        net[one - 1, other - 1] = net[other - 1, one - 1] = cost
    return Ground(numbered(nodes), numbered(nodes), floyd_warshall(net), np.ones(nodes)), points


def warehouses(path: Path) -> tuple[Ground, Floats, Floats]:
    """Return customers and warehouses, their capacities and their costs."""
    words = (float(word) for word in path.read_text("utf-8").split())
    sites, demands = int(next(words)), int(next(words))
    limits = np.array([[next(words), next(words)] for _site in range(sites)])
    customers = [(next(words), [next(words) for _site in range(sites)]) for _demand in range(demands)]
    weight, price = np.array([load for load, _prices in customers]), np.array([prices for _load, prices in customers])
    return Ground(numbered(demands), numbered(sites), price / weight[:, None], weight), limits[:, 0], limits[:, 1]


def assignments(path: Path) -> Iterator[PairingCase]:
    """Yield agents and jobs, what each job brings with each agent, what it takes of it, and what the agent has."""
    numbers = iter(int(word) for word in path.read_text("utf-8").split())
    for _instance in range(next(numbers)):
        agents, jobs = next(numbers), next(numbers)
        brings, takes = (
            np.array([next(numbers) for _ in range(agents * jobs)], dtype=np.float64).reshape(agents, jobs)
            for _table in range(2)
        )
        yield PairingCase(
            tuple(Party(name, name, ()) for name in numbered(agents)),
            tuple(Party(f"job {name}", f"job {name}", ()) for name in numbered(jobs)),
            brings,
            np.ones(brings.shape, dtype=np.bool_),
            capacity=np.full(agents, jobs),
            load=takes,
            room=np.array([next(numbers) for _ in range(agents)], dtype=np.float64),
        )


def numbered(count: int) -> tuple[str, ...]:
    """Return names 1, 2, …"""
    return tuple(str(place + 1) for place in range(count))
