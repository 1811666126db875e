"""Large matrices row block by row block: each block stays in the processor's cache, and every core takes its share.

Vectors of K columns are tiled to a whole block once, so that each step runs over one flat stretch of memory.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from anlan.assessment.core.arrays import Floats

Part = TypeVar("Part")
_BLOCK_NUMBERS = 64_000  # of 8 bytes: two buffers of this size fit the second-level cache
_WORTH_A_THREAD = 400_000  # numbers


def row_blocks(start: int, stop: int, columns: int) -> Iterator[slice]:
    """Yield slices of rows of about `_BLOCK_NUMBERS` numbers each, from `start` to `stop`."""
    rows = block_rows(columns)
    for first in range(start, stop, rows):
        yield slice(first, min(first + rows, stop))


def block_rows(columns: int) -> int:
    """Return how many rows of that many columns make a block."""
    return max(1, _BLOCK_NUMBERS // max(columns, 1))


def tiled(vector: Floats, columns: int) -> Floats:
    """Return a (K,) vector repeated for every row of a block, as a matrix in one piece."""
    return np.ascontiguousarray(np.broadcast_to(vector, (block_rows(columns), columns)), dtype=np.float64)


def in_parts(rows: int, columns: int, work: Callable[[int, int], Part]) -> list[Part]:
    """Return what `work(start, stop)` returns for each core's stretch of rows, in their order."""
    cores = min(len(os.sched_getaffinity(0)), max(1, rows * columns // _WORTH_A_THREAD))
    edges = np.linspace(0, rows, cores + 1).astype(int).tolist()
    return in_threads(work, edges[:-1], edges[1:])


def in_threads(work: Callable[..., Part], *arguments: Sequence[Any]) -> list[Part]:
    """Return what `work` returns for each set of arguments, each in a thread of its own."""
    if len(arguments[0]) == 1:
        return [work(*(each[0] for each in arguments))]
    # The stretches are the threads: those of the linear algebra would only be in the way.
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(len(arguments[0])) as pool:
        return list(pool.map(work, *arguments))
