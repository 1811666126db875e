"""The layers that sensors bring to every map."""

from django.utils.translation import get_language

from anlan.kernel.refusal import mark
from anlan.places.core.finding import InsideList, MapSearch
from anlan.places.core.layers import Group, LegendEntry, MapLayer, TileSource
from anlan.telemetry.core.rules import COLOUR_NAMES, Colour
from anlan.telemetry.core.wording import CALM, COLOURS
from anlan.telemetry.queries import one_map, stations
from anlan.telemetry.queries.alarms import ALARM_KIND, STATIONS_KIND

CARD = ((mark("Kind of station"), "kind"), (mark("Unit"), "unit"), (mark("State"), "state"))
ALARM_CARD = ((mark("Rule"), "rule"), (mark("Value"), "value"), (mark("Since"), "since"))
# As in texts: told apart by shape too.
SHAPES = {Colour.BLUE: "circle", Colour.YELLOW: "triangle", Colour.ORANGE: "diamond", Colour.RED: "square"}
STOPS = [[rank, tone] for rank, tone in sorted(COLOURS.items())]
LEGEND = tuple(
    LegendEntry(COLOURS[colour], COLOUR_NAMES[colour], SHAPES[colour], colour.value) for colour in reversed(Colour)
)
FEW = 2000  # stations that are sent as they are; more come as tiles
STATION_TILES = TileSource(
    table="telemetry_station t LEFT JOIN telemetry_stationstate s ON s.station_id = t.id",
    shape="place_3857",
    fields={
        "code": "t.code",
        "name": "t.name",
        "kind": "t.kind",
        "division_code": "t.division_code",
        "hazard": "coalesce(s.hazard, 0)",
        "device": "coalesce(s.device, 0)",
    },
    where="t.is_in_use",
    worst="coalesce(s.hazard, 0)",
    worst_of="hazard",
    apart_from=11,
    order="coalesce(s.hazard, 0) DESC, t.id",
)

STATIONS = MapLayer(
    stations.LAYER_KEY,
    mark("Stations"),
    "point",
    lambda person, division: stations.features_within(person, division.code),
    lambda person, division: f"{get_language()} {stations.stamp_within(person, division.code)}",
    order=90,
    capability=stations.READ,
    is_visible=False,
    label="name",
    link="/telemetry/stations/{id}/",
    card=CARD,
    style={"colour": {"property": "hazard", "stops": STOPS, "missing": COLOURS[CALM]}, "radius": 6},
    group=Group.LIVE,
    tiles=STATION_TILES,
    light=FEW,
    tile_stamp=one_map.station_tile_stamp,
    count=one_map.count_stations,
    legend=(*LEGEND, LegendEntry(COLOURS[CALM], mark("calm"), "circle", 0)),
    card_url="/telemetry/stations/{id}/card/",
    live=STATIONS_KIND,
    is_shown_first=True,
)
ALARMS = MapLayer(
    "alarms",
    mark("Standing alarms"),
    "point",
    one_map.alarms_drawn,
    lambda person, division: f"{get_language()} {one_map.alarm_stamp(person, division)}",
    fits=lambda _division: False,
    order=95,
    capability=stations.READ,
    label="name",
    link="/telemetry/stations/{station}/",
    card=ALARM_CARD,
    style={
        "colour": {"property": "colour", "stops": STOPS[1:], "missing": COLOURS[Colour.RED]},
        "minzoom": 0,
        "radius": 9,
    },
    group=Group.LIVE,
    count=one_map.count_alarms,
    legend=LEGEND,
    card_url="/telemetry/stations/{station}/card/",
    live=ALARM_KIND,
)
SEARCH = MapSearch("station", mark("Stations"), one_map.find_stations, order=20, capability=stations.READ)
INSIDE = InsideList("stations", mark("Stations"), one_map.stations_inside, order=20, capability=stations.READ)
