"""What a siting study is solved from: villages, places where a point could stand, the ways between them.

D villages, S places.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point stands or could stand; `capacity` in persons, None where none was asked."""

    code: str
    name: str
    longitude: float
    latitude: float
    site_id: int | None = None
    capacity: int | None = None

    @property
    def is_existing(self) -> bool:
        """Tell whether something stands there already."""
        return self.site_id is not None


@dataclass(frozen=True, slots=True)
class Village:
    """Who needs a point; `weight` None is not known."""

    code: str
    name: str
    division_id: int
    weight: float | None
    has_place: bool


@dataclass(frozen=True, slots=True)
class SitingFacts:
    """What a study is solved from. minutes: (D, S), infinite where no way is known. Existing places come first."""

    villages: tuple[Village, ...]
    places: tuple[Place, ...]
    minutes: Floats
    without_capacity: int = 0  # existing ones that are left aside because nobody knows what they hold

    @property
    def kept(self) -> tuple[int, ...]:
        """Return the places where something stands already."""
        return tuple(index for index, place in enumerate(self.places) if place.is_existing)

    @property
    def capacity(self) -> Floats:
        """Return (S,) how many people each place holds; nobody where that is not known."""
        return np.array([float(place.capacity or 0) for place in self.places])

    def content(self) -> dict[str, Any]:
        """Return the facts as JSON content: what the hash is of."""
        minutes = np.where(np.isfinite(self.minutes), self.minutes.round(3), -1.0)
        return {
            "villages": [[each.code, each.weight] for each in self.villages],
            "places": [[each.code, each.site_id, each.capacity] for each in self.places],
            "minutes": minutes.tolist(),
        }
