"""Tiles of the Web Mercator map: which there are, and the squares in which points are counted.

A square of level L lies like tile (L, x, y) and is numbered along a Z-curve, so that the squares of one tile
are one run of numbers. Source: docs/one-map.md.
"""

from dataclasses import dataclass

MAX_ZOOM = 22
HALF_WORLD_M = 20037508.342789244
SQUARES = 16  # a side of a tile
SQUARE_STEPS = 4  # levels from a tile to its squares


class BadTile(ValueError):
    """There is no such tile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile by zoom, column from the west and row from the north."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise BadTile(f"zoom {self.z}, expected 0 to {MAX_ZOOM}")
        if not (0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise BadTile(f"tile {self.x}/{self.y} does not exist at zoom {self.z}")

    @property
    def side_m(self) -> float:
        """Return the length of a side in metres of Web Mercator."""
        return 2 * HALF_WORLD_M / float(2**self.z)

    @property
    def west_m(self) -> float:
        """Return the western edge in metres of Web Mercator."""
        return self.x * self.side_m - HALF_WORLD_M

    @property
    def north_m(self) -> float:
        """Return the northern edge in metres of Web Mercator."""
        return HALF_WORLD_M - self.y * self.side_m

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north in metres of Web Mercator."""
        return self.west_m, self.north_m - self.side_m, self.west_m + self.side_m, self.north_m

    @property
    def squares(self) -> tuple[int, int]:
        """Return the numbers of the tile's first square and of the first after its last.

        >>> Tile(1, 1, 0).squares
        (1280, 1536)
        """
        first = cell_of(self.z, self.x, self.y) << 2 * SQUARE_STEPS
        return first, first + SQUARES * SQUARES


def cell_of(level: int, x: int, y: int) -> int:
    """Return the number of a square: a leading one for its level, then the bits of y and x by turns.

    >>> [cell_of(1, x, y) for y in (0, 1) for x in (0, 1)]
    [4, 5, 6, 7]
    """
    number = 1 << 2 * level
    for bit in range(level):
        number |= ((x >> bit) & 1) << 2 * bit | ((y >> bit) & 1) << (2 * bit + 1)
    return number
