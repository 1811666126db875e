"""Borders drawn once and shared by both sides, so that neighbours leave no gap and no overlap."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Polygon

from anlan.demo.core.grid import Grid, Ints
from anlan.demo.core.lines import smoothed

_SMOOTHING = 1.6  # cells
_TOLERANCE_M = 55.0


def border_lines(grid: Grid, labels: Ints) -> list[LineString]:
    """Return the borders between differently labelled cells, cut wherever three territories meet."""
    cells = np.pad(labels.reshape(grid.shape), 1, constant_values=-1)
    across_rows, across_columns = np.nonzero(cells[:, 1:] != cells[:, :-1]), np.nonzero(cells[1:] != cells[:-1])
    rows, columns = across_rows
    upright = np.stack([columns, rows - 1, columns, rows], axis=1)
    rows, columns = across_columns
    level = np.stack([columns - 1, rows, columns, rows], axis=1)
    steps = np.vstack([upright, level]).reshape(-1, 2, 2) * grid.cell_m
    merged = shapely.line_merge(MultiLineString(list(steps)))
    return list(shapely.get_parts(merged))


def territories(grid: Grid, labels: Ints) -> list[Polygon]:
    """Return one polygon a label in metres, together tiling the labelled land.

    Raises:
        ValueError: smoothing tore a territory in two.
    """
    lines = [LineString(smoothed(shapely.get_coordinates(line), _SMOOTHING)) for line in border_lines(grid, labels)]
    faces = shapely.get_parts(shapely.polygonize(lines))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces)) // grid.cell_m
    found: NDArray[np.int64] = labels[(inner[:, 1] * grid.columns + inner[:, 0]).astype(np.int64)]
    if sorted(found.tolist()) != list(range(labels.max() + 1)):
        raise ValueError(f"{len(faces)} faces were drawn for {labels.max() + 1} territories")
    tidy = shapely.coverage_simplify(faces[np.argsort(found)], _TOLERANCE_M)
    return list(tidy)
