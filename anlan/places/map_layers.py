"""The layers that places itself brings to the map."""

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.layers import MapLayer
from anlan.places.models import Division
from anlan.places.queries import layers

CARD = (
    (mark("Code"), "code"),
    (mark("Population"), "population"),
    (mark("Households"), "households"),
    (mark("Area (km²)"), "area_km2"),
)
LINK = "/places/{code}/"
# Quiet ground tones: the data on top is what is loud.
LAND, BESIDE, EDGE, WATER, WAY = "#e6ece4", "#f1f2f3", "#2f5d8a", "#6ea8d0", "#b08d57"


def _is(*levels: Level) -> frozenset[str]:
    return frozenset(level.value for level in levels)


def _contains_townships(division: Division) -> bool:
    return division.level in _is(Level.PROVINCE, Level.CITY, Level.COUNTY)


def _is_township(division: Division) -> bool:
    return division.level in _is(Level.TOWNSHIP)


def _is_part(division: Division) -> bool:
    return division.level in _is(Level.TOWNSHIP, Level.VILLAGE)


def _fill(tone: str) -> dict[str, object]:
    return {"colour": {"property": "", "stops": [], "missing": tone}, "width": 1}


OWN_LAYERS = (
    MapLayer(
        "neighbours", mark("Neighbours"), "fill", layers.neighbours, layers.division_stamp,
        fits=_is_part, order=10, label="name", link=LINK, card=CARD, style=_fill(BESIDE),
    ),
    MapLayer(
        "townships", mark("Townships"), "fill", layers.townships, layers.division_stamp,
        fits=_contains_townships, order=20, label="name", link=LINK, card=CARD, style=_fill(LAND),
    ),
    MapLayer(
        "villages", mark("Villages"), "fill", layers.villages, layers.division_stamp,
        fits=_is_township, order=30, label="name", link=LINK, card=CARD, style=_fill(LAND),
    ),
    MapLayer(
        "village-edges", mark("Villages"), "line", layers.villages, layers.division_stamp,
        fits=_contains_townships, order=31, is_visible=False,
        style={"colour": {"property": "", "stops": [], "missing": "#9aa5b1"}, "width": 0.6},
    ),
    MapLayer(
        "rivers", mark("Rivers"), "line", layers.rivers, layers.river_stamp, order=40, label="name",
        style={"colour": {"property": "", "stops": [], "missing": WATER}, "width": 1.8},
    ),
    MapLayer(
        "roads", mark("Roads"), "line", layers.roads, layers.road_stamp, order=50,
        style={"colour": {"property": "", "stops": [], "missing": WAY}, "width": 1.2},
    ),
    MapLayer(
        "own", mark("Boundary"), "line", layers.own, layers.division_stamp, order=60,
        style={"colour": {"property": "", "stops": [], "missing": EDGE}, "width": 2.5},
    ),
    MapLayer(
        "seats", mark("Government seats"), "point", layers.seats, layers.division_stamp, order=70, is_visible=False,
        label="name", link=LINK, card=CARD, style={"minzoom": 9},
    ),
)  # fmt: skip
