"""The layers that places itself brings to the map."""

from functools import partial

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.hazard_values import RISK_NAMES, Risk
from anlan.places.core.layers import Group, LegendEntry, MapLayer, Pyramid, TileSource
from anlan.places.models import Division
from anlan.places.queries import hazards, layers

CARD = (
    (mark("Code"), "code"),
    (mark("Population"), "population"),
    (mark("Households"), "households"),
    (mark("Area (km²)"), "area_km2"),
)
LINK = "/places/{code}/"
# Quiet ground tones: the data on top is what is loud.
LAND, BESIDE, EDGE, WATER, WAY = "#e6ece4", "#f1f2f3", "#2f5d8a", "#6ea8d0", "#b08d57"
VALID = "t.valid_from <= CURRENT_DATE AND (t.valid_until IS NULL OR t.valid_until > CURRENT_DATE)"


def _is(*levels: Level) -> frozenset[str]:
    return frozenset(level.value for level in levels)


def _contains_townships(division: Division) -> bool:
    return division.level in _is(Level.PROVINCE, Level.CITY, Level.COUNTY)


def _is_township(division: Division) -> bool:
    return division.level in _is(Level.TOWNSHIP)


def _is_part(division: Division) -> bool:
    return division.level in _is(Level.TOWNSHIP, Level.VILLAGE)


def _nowhere(_division: Division) -> bool:
    """Tell that a layer stands on the one map alone."""
    return False


def _plain(tone: str, width: float = 1) -> dict[str, object]:
    return {"colour": {"property": "", "stops": [], "missing": tone}, "width": width}


def _areas(level: Level, min_zoom: int) -> TileSource:
    facts = ("code", "name", "population", "households", "area_km2")
    return TileSource(
        table="places_division t",
        shape="outline_3857",
        fields={name: f"t.{name}" for name in facts},
        code="t.code",
        where=f"t.level = '{level.value}' AND {VALID}",
        label="label_3857",
        min_zoom=min_zoom,
    )


RIVER_TILES = TileSource(
    table="places_river t",
    shape="lines_3857",
    fields={"name": "t.name", "into": 't."into"', "drained_km2": "t.drained_km2"},
    code="t.county_code",
    is_county_wide=True,
)
ROAD_TILES = TileSource(
    table="places_road t",
    shape="line_3857",
    fields={"code": "t.code", "name": "t.name", "kind": "t.kind"},
    code="t.county_code",
    is_county_wide=True,
    least=((8, "t.kind IN ('national', 'provincial')"), (10, "t.kind <> 'village'")),
    order="array_position(ARRAY['national', 'provincial', 'county', 'township', 'village'], t.kind::text), t.id",
)
# Risk has tones of its own, from quiet to loud: the four warning colours belong to warnings.
RISK_TONES = {Risk.LOW: "#c9a98a", Risk.MEDIUM: "#b0753f", Risk.HIGH: "#8f4a1d", Risk.VERY_HIGH: "#5c1f0a"}
HAZARD_LINK, HAZARD_CARD_URL = "/places/hazards/{id}/", "/places/hazards/{id}/card/"
RISK_COLOURS = {
    "property": "risk",
    "stops": [[risk.value, tone] for risk, tone in RISK_TONES.items()],
    "missing": "#c9a98a",
}
HAZARD_CARD = (
    (mark("Number"), "code"),
    (mark("People threatened"), "people"),
    (mark("Households threatened"), "households"),
)
HAZARD_FACTS = {name: f"t.{name}" for name in ("code", "name", "risk", "kind", "people", "households")}
HAZARD_TILES = TileSource(
    table="places_hazardzone t",
    shape="place_3857",
    fields=HAZARD_FACTS,
    where="t.retired_on IS NULL",
    worst="t.risk",
    worst_of="risk",
    sums={"people": "t.people"},
    apart_from=12,
    pyramid=Pyramid("places_hazardsquare", hazards.LOWEST_ZOOM, hazards.HIGHEST_ZOOM),
    order="t.risk DESC, t.id",
)
HAZARD_AREA_TILES = TileSource(
    table="places_hazardzone t",
    shape="area_3857",
    fields=HAZARD_FACTS,
    where="t.retired_on IS NULL",
    order="t.risk DESC, t.id",
    min_zoom=10,
)


def _risk_legend(shape: str) -> tuple[LegendEntry, ...]:
    return tuple(LegendEntry(tone, RISK_NAMES[risk], shape, risk.value) for risk, tone in reversed(RISK_TONES.items()))


OWN_LAYERS = (
    MapLayer(
        "neighbours", mark("Neighbours"), "fill", layers.neighbours, layers.division_stamp,
        fits=_is_part, order=10, label="name", link=LINK, card=CARD, style=_plain(BESIDE),
    ),
    MapLayer(
        "townships", mark("Townships"), "fill", layers.townships, layers.division_stamp,
        fits=_contains_townships, order=20, label="name", link=LINK, card=CARD, style=_plain(LAND),
        group=Group.GROUND, tiles=_areas(Level.TOWNSHIP, 5), tile_stamp=layers.division_tile_stamp,
        count=partial(layers.count_at, level=Level.TOWNSHIP),
        legend=(LegendEntry(LAND, mark("Townships"), "fill"),),
    ),
    MapLayer(
        "villages", mark("Villages"), "fill", layers.villages, layers.division_stamp,
        fits=_is_township, order=30, label="name", link=LINK, card=CARD, style=_plain(LAND),
        group=Group.GROUND, tiles=_areas(Level.VILLAGE, 9), tile_stamp=layers.division_tile_stamp,
        count=partial(layers.count_at, level=Level.VILLAGE),
        legend=(LegendEntry(LAND, mark("Villages"), "fill"),),
    ),
    MapLayer(
        "village-edges", mark("Villages"), "line", layers.villages, layers.division_stamp,
        fits=_contains_townships, order=31, is_visible=False, style=_plain("#9aa5b1", 0.6),
    ),
    MapLayer(
        "rivers", mark("Rivers"), "line", layers.rivers, layers.river_stamp, order=40, label="name",
        style=_plain(WATER, 1.8), group=Group.GROUND, tiles=RIVER_TILES, tile_stamp=layers.river_tile_stamp,
        count=layers.count_of_rivers, legend=(LegendEntry(WATER, mark("Rivers"), "line"),),
    ),
    MapLayer(
        "roads", mark("Roads"), "line", layers.roads, layers.road_stamp, order=50,
        style=_plain(WAY, 1.2), group=Group.GROUND, tiles=ROAD_TILES, tile_stamp=layers.road_tile_stamp,
        count=layers.count_of_roads, legend=(LegendEntry(WAY, mark("Roads"), "line"),),
    ),
    MapLayer(
        "counties", mark("County boundaries"), "line", layers.counties, layers.division_stamp,
        fits=_nowhere, order=55, style=_plain(EDGE, 2.5), group=Group.GROUND,
        count=partial(layers.count_at, level=Level.COUNTY),
        legend=(LegendEntry(EDGE, mark("County boundaries"), "line"),),
    ),
    MapLayer(
        hazards.AREAS_KEY, mark("Areas of hazard zones"), "fill", hazards.areas, hazards.stamp,
        order=35, is_visible=False, link=HAZARD_LINK, card=HAZARD_CARD, card_url=HAZARD_CARD_URL,
        style={"colour": RISK_COLOURS, "opacity": 0.45, "width": 1}, group=Group.RISK, tiles=HAZARD_AREA_TILES,
        tile_stamp=hazards.tile_stamp, count=hazards.count_areas, legend=_risk_legend("fill"),
    ),
    MapLayer(
        hazards.LAYER_KEY, mark("Hazard zones"), "point", hazards.points, hazards.stamp,
        order=75, is_visible=False, label="name", link=HAZARD_LINK, card=HAZARD_CARD, card_url=HAZARD_CARD_URL,
        style={"colour": RISK_COLOURS, "radius": 5}, group=Group.RISK, tiles=HAZARD_TILES,
        tile_stamp=hazards.tile_stamp, count=hazards.count, legend=_risk_legend("diamond"),
    ),
    MapLayer(
        "own", mark("Boundary"), "line", layers.own, layers.division_stamp, order=60,
        style=_plain(EDGE, 2.5),
    ),
    MapLayer(
        "seats", mark("Government seats"), "point", layers.seats, layers.division_stamp, order=70, is_visible=False,
        label="name", link=LINK, card=CARD, style={"minzoom": 9},
    ),
)  # fmt: skip
