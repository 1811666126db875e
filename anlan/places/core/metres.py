"""Degrees as metres, on the ellipsoid of WGS 84: exact enough within a county, quick for a million points."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
SQUARED_ECCENTRICITY = FLATTENING * (2 - FLATTENING)


def _metres_a_degree(latitudes: Any) -> tuple[Any, Any]:
    """Return what a degree of longitude and one of latitude measure there."""
    radians = np.radians(latitudes)
    bulge = 1 - SQUARED_ECCENTRICITY * np.sin(radians) ** 2
    across = EQUATOR_M / np.sqrt(bulge)  # radius of curvature in the prime vertical
    along = EQUATOR_M * (1 - SQUARED_ECCENTRICITY) / bulge**1.5  # in the meridian
    return np.radians(1) * across * np.cos(radians), np.radians(1) * along


def lengths_m(starts: Floats, ends: Floats) -> Floats:
    """Return (n,) the metres between points, (n, 2) in degrees; right to a metre in a kilometre up to 100 km.

    A minute of the equator is 1855 m:

    >>> float(lengths_m(np.array([[109.0, 0.0]]), np.array([[109.0 + 1 / 60, 0.0]]))[0].round())
    1855.0
    """
    east, north = _metres_a_degree((starts[..., 1] + ends[..., 1]) / 2)
    return np.asarray(np.hypot((ends[..., 0] - starts[..., 0]) * east, (ends[..., 1] - starts[..., 1]) * north))


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat map around one point: degrees to metres east and north of it, and back."""

    longitude: float
    latitude: float

    @classmethod
    def around(cls, points: Floats) -> "Plane":
        """Return the plane that touches the earth in the middle of the points, (n, 2) in degrees."""
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        return cls(float(middle[0]), float(middle[1]))

    def metres(self, points: Floats) -> Floats:
        """Return (n, 2) in metres."""
        east, north = _metres_a_degree(self.latitude)
        return np.asarray((points - (self.longitude, self.latitude)) * (east, north))

    def degrees(self, points: Floats) -> Floats:
        """Return (n, 2) in degrees."""
        east, north = _metres_a_degree(self.latitude)
        return np.asarray(points / (east, north) + (self.longitude, self.latitude))
