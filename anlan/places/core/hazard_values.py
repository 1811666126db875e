"""Kinds of hazards and levels of risk, as the ledgers of hazard points and flash flood zones have them."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from anlan.kernel.refusal import mark


class HazardKind(StrEnum):
    """What may happen there."""

    LANDSLIDE = "landslide"
    ROCKFALL = "rockfall"
    DEBRIS_FLOW = "debris_flow"
    UNSTABLE_SLOPE = "unstable_slope"
    COLLAPSE = "collapse"
    FISSURE = "fissure"
    SUBSIDENCE = "subsidence"
    FLASH_FLOOD = "flash_flood"
    FLOOD = "flood"
    WATERLOGGING = "waterlogging"
    FIRE = "fire"
    OTHER = "other"


class Risk(IntEnum):
    """How bad it may become, the worst last."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4


HAZARD_KIND_NAMES: Mapping[HazardKind, str] = {
    HazardKind.LANDSLIDE: mark("Landslide"),
    HazardKind.ROCKFALL: mark("Rockfall"),
    HazardKind.DEBRIS_FLOW: mark("Debris flow"),
    HazardKind.UNSTABLE_SLOPE: mark("Unstable slope"),
    HazardKind.COLLAPSE: mark("Collapsing ground"),
    HazardKind.FISSURE: mark("Ground fissure"),
    HazardKind.SUBSIDENCE: mark("Subsiding ground"),
    HazardKind.FLASH_FLOOD: mark("Flash flood"),
    HazardKind.FLOOD: mark("River flood"),
    HazardKind.WATERLOGGING: mark("Waterlogging"),
    HazardKind.FIRE: mark("Forest fire"),
    HazardKind.OTHER: mark("Other hazard"),
}
RISK_NAMES: Mapping[Risk, str] = {
    Risk.LOW: mark("Low risk"),
    Risk.MEDIUM: mark("Medium risk"),
    Risk.HIGH: mark("High risk"),
    Risk.VERY_HIGH: mark("Very high risk"),
}
