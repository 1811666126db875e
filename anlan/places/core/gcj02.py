"""Coordinates as Chinese map services draw them (GCJ-02), and back to WGS 84.

Source: the published reverse-engineered transform with the Krasovsky ellipsoid
(a = 6378245 m, e² = 0.00669342162296594323); outside China nothing is shifted.
The inverse has no closed form: it is found by iteration to below a centimetre.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AXIS_M = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
STEPS = 6
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271


def _waves(value: Floats) -> Floats:
    """Return the ripple that both offsets share."""
    pi = np.pi
    return np.asarray((20 * np.sin(6 * value * pi) + 20 * np.sin(2 * value * pi)) * 2 / 3)


def _offset(points: Floats) -> Floats:
    """Return how far the points are shifted, in degrees."""
    pi = np.pi
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + _waves(x)
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300.0 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + _waves(x)
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    latitude = np.radians(points[:, 1])
    square = 1 - ECCENTRICITY_2 * np.sin(latitude) ** 2
    meridian = AXIS_M * (1 - ECCENTRICITY_2) / square**1.5
    parallel = AXIS_M / np.sqrt(square) * np.cos(latitude)
    shifted = np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
    inside = (points[:, 0] >= WEST) & (points[:, 0] <= EAST) & (points[:, 1] >= SOUTH) & (points[:, 1] <= NORTH)
    return np.where(inside[:, None], shifted, 0.0)


def to_gcj02(points: Floats) -> Floats:
    """Return (P, 2) longitudes and latitudes shifted from WGS 84."""
    return np.asarray(points + _offset(points))


def from_gcj02(points: Floats) -> Floats:
    """Return (P, 2) longitudes and latitudes in WGS 84."""
    guess = points.copy()
    for _ in range(STEPS):
        guess = points - _offset(guess)
    return guess


def geometry_from_gcj02(geometry: Any) -> Any:
    """Return the shapely geometry in WGS 84."""
    return shapely.transform(geometry, from_gcj02)
