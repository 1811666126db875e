"""Lines over cells turned into lines that look drawn by land, not by a grid."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from anlan.demo.core.grid import Floats

_REACH = 8  # points mirrored beyond an end


def smoothed(points: Floats, strength: float) -> Floats:
    """Return the (n, 2) line without its stair steps; its ends stay where they are, a ring stays a ring."""
    if len(points) < 4:
        return points
    if (points[0] == points[-1]).all():
        ring = gaussian_filter1d(points[:-1], strength, axis=0, mode="wrap")
        return np.vstack([ring, ring[:1]])
    # Mirrored through its ends the line is odd about them: the filter cannot move them.
    reach = min(len(points) - 1, _REACH)
    before = 2 * points[0] - points[reach:0:-1]
    after = 2 * points[-1] - points[-2 : -reach - 2 : -1]
    soft = gaussian_filter1d(np.vstack([before, points, after]), strength, axis=0)[reach : reach + len(points)]
    soft[[0, -1]] = points[[0, -1]]
    return soft
