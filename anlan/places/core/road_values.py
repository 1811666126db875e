"""Kinds of ways in the road graph, how fast one gets on, and what OpenStreetMap calls them.

Source: docs/methods/road-graph.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum, IntFlag
from typing import Any

from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.values import RoadKind


class WayKind(IntEnum):
    """What a piece of the graph is; stored as a number, so that these never change."""

    EXPRESSWAY = 0
    NATIONAL = 1
    PROVINCIAL = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5
    TRACK = 6
    PATH = 7  # on foot only


class Use(IntFlag):
    """Who may pass: by car along the piece and against it, and on foot both ways."""

    NOBODY = 0
    CAR_ALONG = 1
    CAR_AGAINST = 2
    FOOT = 4
    CAR = CAR_ALONG | CAR_AGAINST
    ALL = CAR | FOOT


WAY_NAMES: Mapping[WayKind, str] = {
    WayKind.EXPRESSWAY: mark("Expressway"),
    WayKind.NATIONAL: mark("National road"),
    WayKind.PROVINCIAL: mark("Provincial road"),
    WayKind.COUNTY: mark("County road"),
    WayKind.TOWNSHIP: mark("Township road"),
    WayKind.VILLAGE: mark("Village road"),
    WayKind.TRACK: mark("Track"),
}
WAY_OF_ROAD: Mapping[str, WayKind] = {
    RoadKind.NATIONAL: WayKind.NATIONAL,
    RoadKind.PROVINCIAL: WayKind.PROVINCIAL,
    RoadKind.COUNTY: WayKind.COUNTY,
    RoadKind.TOWNSHIP: WayKind.TOWNSHIP,
    RoadKind.VILLAGE: WayKind.VILLAGE,
}
_CLASSES = {
    WayKind.EXPRESSWAY: ("motorway",),
    WayKind.NATIONAL: ("trunk",),
    WayKind.PROVINCIAL: ("primary",),
    WayKind.COUNTY: ("secondary",),
    WayKind.TOWNSHIP: ("tertiary",),
    WayKind.VILLAGE: ("unclassified", "residential", "living_street", "service", "road"),
    WayKind.TRACK: ("track",),
    WayKind.PATH: ("footway", "path", "steps", "pedestrian", "bridleway", "cycleway", "corridor"),
}
WAY_OF_HIGHWAY: Mapping[str, WayKind] = {
    f"{word}{ending}": kind for kind, words in _CLASSES.items() for word in words for ending in ("", "_link")
}
FASTEST_KMH = 150.0


class BadSpeeds(Refusal):
    """Nobody drives like that."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Kilometres an hour by kind of way; examples for a county in the hills, to be replaced by measured ones.

    In villages on mountain land every speed by car is multiplied by `mountain_factor`. A speed limit on record
    holds where it is lower. `straight` is by car along a straight line made longer by `detour`.
    """

    expressway: float = 90.0
    national: float = 60.0
    provincial: float = 55.0
    county: float = 40.0
    township: float = 30.0
    village: float = 20.0
    track: float = 12.0
    walking: float = 4.0
    straight: float = 30.0
    mountain_factor: float = 0.8
    detour: float = 1.3

    def by_kind(self) -> tuple[float, ...]:
        """Return the speed by car of each kind in its order; a path is walked."""
        return tuple(
            self.walking if kind is WayKind.PATH else float(getattr(self, kind.name.lower())) for kind in WayKind
        )


def speeds_from(content: Mapping[str, Any]) -> Speeds:
    """Return the speeds that were kept; what is not said is as in the example.

    Raises:
        BadSpeeds: one is not above zero or beyond all measure.
    """
    known = asdict(Speeds())
    speeds = Speeds(**{name: float(content.get(name, usual)) for name, usual in known.items()})
    for name, value in asdict(speeds).items():
        least, most = {"mountain_factor": (0.05, 1.0), "detour": (1.0, 5.0)}.get(name, (0.5, FASTEST_KMH))
        if not least <= value <= most:
            raise BadSpeeds(
                "%(name)s is %(found)g, expected %(least)g to %(most)g", name=name, found=value, least=least, most=most
            )
    return speeds


_NO, _YES = (
    {"no", "private", "agricultural", "forestry", "delivery"},
    {"yes", "designated", "permissive", "destination"},
)
_CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_FOOT_KEYS = ("foot", "access")


def use_of(tags: Mapping[str, str], kind: WayKind) -> Use:
    """Return who may pass a way of OpenStreetMap; the nearest tag decides, the kind where none does.

    >>> use_of({"highway": "tertiary", "oneway": "-1"}, WayKind.TOWNSHIP)
    <Use.CAR_AGAINST|FOOT: 6>
    """
    use = Use.NOBODY
    if _allowed(tags, _FOOT_KEYS, usual=kind is not WayKind.EXPRESSWAY):
        use |= Use.FOOT
    if kind is not WayKind.PATH and _allowed(tags, _CAR_KEYS, usual=True):
        use |= _directions(tags, kind)
    return use


def _allowed(tags: Mapping[str, str], keys: tuple[str, ...], *, usual: bool) -> bool:
    said = next((tags[key] for key in keys if tags.get(key) in _NO | _YES), "")
    return said in _YES if said else usual


def _directions(tags: Mapping[str, str], kind: WayKind) -> Use:
    oneway = tags.get("oneway", "")
    if oneway in {"-1", "reverse"}:
        return Use.CAR_AGAINST
    is_implied = kind is WayKind.EXPRESSWAY or tags.get("junction") in {"roundabout", "circular"}
    if oneway in {"yes", "true", "1"} or (is_implied and oneway != "no"):
        return Use.CAR_ALONG
    return Use.CAR


def speed_limit_of(tags: Mapping[str, str]) -> int:
    """Return the limit in km/h, 0 where none is said in a number.

    >>> speed_limit_of({"maxspeed": "30"}), speed_limit_of({"maxspeed": "20 mph"}), speed_limit_of({"maxspeed": "none"})
    (30, 32, 0)
    """
    words = tags.get("maxspeed", "").split(";")[0].split()
    if not words or not words[0].isdecimal():
        return 0
    factor = 1.609344 if words[1:] == ["mph"] else 1.0
    return min(round(int(words[0]) * factor), 255)
