"""The layer that stations bring to every map."""

from django.utils.translation import get_language

from anlan.kernel.refusal import mark
from anlan.places.core.layers import MapLayer
from anlan.telemetry.queries import stations

CARD = ((mark("Kind"), "kind"), (mark("Unit"), "unit"), (mark("State"), "state"))
CALM, BLUE, YELLOW, ORANGE, RED = "#4d7c8a", "#1668c7", "#b58900", "#d9680f", "#c8201a"

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
    link="/telemetry/stations/{pk}/",
    card=CARD,
    style={
        "colour": {
            "property": "hazard",
            "stops": [[0, CALM], [1, BLUE], [2, YELLOW], [3, ORANGE], [4, RED]],
            "missing": CALM,
        },
        "minzoom": 0,
    },
)
