"""What the plain map shows: a rectangle of the earth on a picture of fixed size, moved and zoomed by links.

Source: docs/one-map.md; Web Mercator as in EPSG:3857.
"""

from dataclasses import dataclass
from math import asinh, atan, degrees, radians, sinh, tan

from anlan.onemap.core.printing import bounds_asked

WIDTH, HEIGHT = 960, 640
FIRST_MARGIN = 0.06  # of the whole, about what is drawn
CLOSEST = 0.002  # degrees from west to east
STEP = 0.4  # of the picture, that a link moves it
NORTHMOST = 85.0
Bounds = tuple[float, float, float, float]


def _y(latitude: float) -> float:
    """Return where a latitude lies, in degrees of longitude at the equator."""
    return degrees(asinh(tan(radians(max(min(latitude, NORTHMOST), -NORTHMOST)))))


def _latitude(y: float) -> float:
    return degrees(atan(sinh(radians(y))))


@dataclass(frozen=True, slots=True)
class View:
    """The middle in degrees of Web Mercator, and how many of them lie from west to east."""

    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        """Return the degrees of Web Mercator from south to north."""
        return self.width * HEIGHT / WIDTH

    @property
    def bounds(self) -> Bounds:
        """Return west, south, east and north."""
        south, north = (_latitude(self.y + side * self.height / 2) for side in (-1, 1))
        return self.x - self.width / 2, south, self.x + self.width / 2, north

    @property
    def text(self) -> str:
        """Return the bounds as they stand in an address."""
        return ",".join(f"{part:.5f}" for part in self.bounds)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place lies on the picture, in pixels from its upper left corner."""
        across = (longitude - self.x) / self.width + 0.5
        down = (self.y - _y(latitude)) / self.height + 0.5
        return across * WIDTH, down * HEIGHT

    def moved(self, east: int, north: int) -> "View":
        """Return the view some steps farther."""
        return View(self.x + east * STEP * self.width, self.y + north * STEP * self.height, self.width)

    def zoomed(self, factor: float) -> "View":
        """Return the view with so many times the width."""
        return View(self.x, self.y, min(max(self.width * factor, CLOSEST), 360.0))


def view_of(bounds: Bounds, margin: float = 0.0) -> View:
    """Return the view in which the bounds fit whole.

    >>> view = view_of((109.0, 28.0, 109.3, 28.1))
    >>> [round(part) for part in view.at(109.0, 28.05)], round(view.width, 3)
    ([0, 320], 0.3)
    """
    west, south, east, north = bounds
    low, high = _y(south), _y(north)
    width = max(east - west, (high - low) * WIDTH / HEIGHT, CLOSEST)
    return View((west + east) / 2, (low + high) / 2, min(width * (1 + 2 * margin), 360.0))


def view_asked(text: str, whole: Bounds) -> View:
    """Return the view that an address asks for, else the whole."""
    bounds = bounds_asked(text)
    return view_of(bounds) if bounds else view_of(whole, FIRST_MARGIN)
