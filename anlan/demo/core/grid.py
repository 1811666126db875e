"""A square grid laid over a piece of land, and the graph of its neighbouring cells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

METRES_PER_DEGREE = 111_195.0
_RING = ((0, 1), (1, 0), (1, 1), (1, -1))
_KNIGHTS = ((1, 2), (2, 1), (2, -1), (1, -2))


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of neighbouring cells, each pair once: (L,) cells and (L,) lengths in metres."""

    starts: Ints
    ends: Ints
    lengths_m: Floats

    def graph(self, costs: Floats, size: int) -> csr_array:
        """Return the (N, N) graph both ways with (L,) costs; an infinite cost is no link."""
        kept = np.isfinite(costs)
        starts, ends, weights = self.starts[kept], self.ends[kept], costs[kept]
        both = (np.concatenate([starts, ends]), np.concatenate([ends, starts]))
        return csr_array((np.concatenate([weights, weights]), both), shape=(size, size))


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in rows from south to north; cell (0, 0) has its corner at `west`, `south` in degrees."""

    rows: int
    columns: int
    cell_m: float
    west: float
    south: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    def links(self, *, leaps: bool = False) -> Links:
        """Return the links to the eight neighbours, with `leaps` also to the eight a knight's move away."""
        cells = np.arange(self.size).reshape(self.shape)
        pieces = [self._shifted(cells, *step) for step in _RING + (_KNIGHTS if leaps else ())]
        return Links(
            starts=np.concatenate([piece[0] for piece in pieces]),
            ends=np.concatenate([piece[1] for piece in pieces]),
            lengths_m=np.concatenate([np.full(len(piece[0]), piece[2]) for piece in pieces]),
        )

    def _shifted(self, cells: Ints, down: int, right: int) -> tuple[Ints, Ints, float]:
        first_column, last_column = max(0, -right), self.columns - max(0, right)
        starts = cells[: self.rows - down, first_column:last_column]
        ends = cells[down:, first_column + right : last_column + right]
        return starts.ravel(), ends.ravel(), self.cell_m * float(np.hypot(down, right))

    def middles_m(self, cells: Ints) -> Floats:
        """Return (n, 2) metres east and north of the corner for the middles of the cells."""
        rows, columns = np.divmod(cells, self.columns)
        return (np.column_stack([columns, rows]) + 0.5) * self.cell_m

    def degrees(self, points_m: Floats) -> Floats:
        """Return (n, 2) longitudes and latitudes of points in metres (locally flat, enough for one county)."""
        middle = np.radians(self.south + self.rows * self.cell_m / METRES_PER_DEGREE / 2)
        scale = METRES_PER_DEGREE * np.array([np.cos(middle), 1.0])
        return points_m / scale + np.array([self.west, self.south])  # type: ignore[no-any-return]
