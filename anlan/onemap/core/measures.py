"""How large an area is: on the ellipsoid of WGS 84, by the equal-area cylinder.

Source: Snyder, Map Projections, A Working Manual (1987), equations (3-12) and (10-14).
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY = float(np.sqrt(FLATTENING * (2 - FLATTENING)))
SQUARE_KM_M2 = 1e6


def _on_cylinder(degrees: Floats) -> Floats:
    """Return (P, 2) metres on the cylinder that keeps areas, from (P, 2) longitudes and latitudes."""
    sine = np.sin(np.radians(degrees[:, 1]))
    bulge = ECCENTRICITY * sine
    q = (1 - ECCENTRICITY**2) * (sine / (1 - bulge**2) + np.arctanh(bulge) / ECCENTRICITY)
    return np.column_stack([EQUATOR_M * np.radians(degrees[:, 0]), EQUATOR_M * q / 2])


def square_km(area: Any) -> float:
    """Return the size of a shapely area in degrees, km².

    A degree by a degree at the equator measures 12 308 km²:

    >>> round(square_km(shapely.box(109, 0, 110, 1)))
    12308
    """
    return float(shapely.transform(area, _on_cylinder).area) / SQUARE_KM_M2
