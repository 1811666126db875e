"""Kinds of sites, how many people a shelter holds, and how far people walk to it.

Source: docs/methods/shelters.md; figures of GB 51143, table 3.1, to be replaced by local ones.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from anlan.kernel.refusal import mark


class SiteKind(StrEnum):
    """What a site is for."""

    RESERVE_POINT = "reserve_point"
    WAREHOUSE = "warehouse"
    EMERGENCY = "emergency"
    FIXED_SHORT = "fixed_short"
    FIXED_MEDIUM = "fixed_medium"
    FIXED_LONG = "fixed_long"
    CENTRAL = "central"


STORES = frozenset({SiteKind.RESERVE_POINT, SiteKind.WAREHOUSE})
SHELTERS = frozenset(SiteKind) - STORES
KIND_NAMES: Mapping[SiteKind, str] = {
    SiteKind.RESERVE_POINT: mark("Reserve point"),
    SiteKind.WAREHOUSE: mark("Warehouse"),
    SiteKind.EMERGENCY: mark("Emergency shelter"),
    SiteKind.FIXED_SHORT: mark("Fixed shelter, short stay"),
    SiteKind.FIXED_MEDIUM: mark("Fixed shelter, medium stay"),
    SiteKind.FIXED_LONG: mark("Fixed shelter, long stay"),
    SiteKind.CENTRAL: mark("Central shelter"),
}
AREA_PER_PERSON_M2: Mapping[SiteKind, float] = {
    SiteKind.EMERGENCY: 0.5,
    SiteKind.FIXED_SHORT: 2.0,
    SiteKind.FIXED_MEDIUM: 3.0,
    SiteKind.FIXED_LONG: 4.5,
    SiteKind.CENTRAL: 4.5,
}
REACH_M: Mapping[SiteKind, float] = {
    SiteKind.EMERGENCY: 500.0,
    SiteKind.FIXED_SHORT: 1000.0,
    SiteKind.FIXED_MEDIUM: 1500.0,
    SiteKind.FIXED_LONG: 2500.0,
    SiteKind.CENTRAL: 2500.0,
}


def persons_on(kind: SiteKind, effective_area_m2: float) -> int:
    """Return how many people the effective area of a shelter holds.

    >>> persons_on(SiteKind.EMERGENCY, 1000.0), persons_on(SiteKind.FIXED_LONG, 1000.0)
    (2000, 222)

    Raises:
        ValueError: the kind is no shelter, or the area is negative.
    """
    if kind not in SHELTERS or effective_area_m2 < 0:
        raise ValueError(f"{kind} with {effective_area_m2} m² holds nobody")
    # A little above, so that 0.3 of a person lost to binary fractions does not turn 10 into 9.
    return math.floor(effective_area_m2 / AREA_PER_PERSON_M2[kind] + 1e-9)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One site. `capacity` is persons in a shelter, m³ in a store; None is not known, never nothing."""

    pk: int
    name: str
    kind: SiteKind
    division_code: str
    longitude: float
    latitude: float
    capacity: int | None
    is_open: bool

    @property
    def is_shelter(self) -> bool:
        """Tell whether people stay there."""
        return self.kind in SHELTERS


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site as a person or a file gives it."""

    name: str
    kind: str
    division_code: str
    longitude: float
    latitude: float
    capacity: int | None = None
    effective_area_m2: float | None = None
    is_open: bool = True
    keeper_name: str = ""
    keeper_phone: str = ""
