"""The map without WebGL or scripts: a picture that the server draws, and lists beside it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from anlan.kernel.codes import prefix_of
from anlan.onemap.core.plain_view import HEIGHT, WIDTH, View, view_asked, view_of
from anlan.onemap.documents.plain_picture import Drawn
from anlan.onemap.queries.finding import found_by
from anlan.onemap.queries.pictures import bounds_within, layers_for, legend_of
from anlan.places.core.layers import MapLayer
from anlan.places.queries.layers import areas_of, whole
from anlan.web.http import Person

ALWAYS = ("townships", "rivers", "counties", "stations", "alarms")
MOST_DRAWN = 5000  # features of a layer; of more the picture would be a blot
MOST_LISTED = 60
NEAR, NEAR_MARGIN = 0.04, 0.1  # degrees about a point; of the width about an area
STATIONS, ALARMS = "stations", "alarms"
PLAIN_COLOUR, PLAIN_SHAPE = "#1d4e89", "circle"
NAMED = frozenset({"townships"})
Features = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PlainMap:
    """What one request sees: the view, the layers chosen, and their features."""

    view: View
    layers: Sequence[MapLayer]
    features: Mapping[str, Features]
    left_out: Sequence[str]


def plain_map(person: Person, bbox: str, keys: Collection[str]) -> PlainMap:
    """Return the map that an address asks for; without layers named, those that a duty officer needs."""
    prefixes = [prefix_of(area.code) for area in areas_of(person, "onemap.read")]
    view = view_asked(bbox, bounds_within(prefixes))
    wanted = [layer for layer in layers_for(person) if layer.key in (keys or ALWAYS)]
    dense = [layer for layer in wanted if layer.count and layer.count(person) > MOST_DRAWN]
    drawn = [layer for layer in wanted if layer not in dense]
    features = {layer.key: _features(person, layer) for layer in drawn}
    return PlainMap(view, drawn, features, [_(layer.title) for layer in dense])


def _features(person: Person, layer: MapLayer) -> Features:
    told = json.loads(whole(person, layer, areas_of(person, layer.capability)))
    return [feature for feature in told["features"] if feature["geometry"]]


def drawing_of(plain: PlainMap) -> list[Drawn]:
    """Return the layers as the picture draws them; stations that are listed bear their number."""
    numbers = {feature["properties"]["id"]: str(place) for place, feature in enumerate(_listed(plain), 1)}
    return [_drawn(layer, plain.features[layer.key], numbers) for layer in plain.layers]


def _drawn(layer: MapLayer, features: Features, numbers: Mapping[int, str]) -> Drawn:
    told = [feature["properties"] for feature in features]
    style = layer.style
    if layer.key == STATIONS:
        labels = [numbers.get(each["id"], "") for each in told]
    else:
        labels = [str(each.get("name", "")) if layer.key in NAMED else "" for each in told]
    return Drawn(
        kind=layer.kind,
        features=features,
        colours=[colour_of(layer, each) for each in told],
        shapes=[shape_of(layer, each) for each in told],
        labels=labels,
        width=float(style.get("width", 1.2)),
        radius=float(style.get("radius", 5)),
    )


def colour_of(layer: MapLayer, properties: Mapping[str, Any]) -> str:
    """Return the feature's colour: of the last stop at or below its value."""
    colour = layer.style.get("colour", {"property": "", "stops": [], "missing": PLAIN_COLOUR})
    value = properties.get(colour["property"])
    if not isinstance(value, int | float) or not colour["stops"]:
        return str(colour["missing"])
    reached = [tone for floor, tone in colour["stops"] if value >= floor]
    return str(reached[-1] if reached else colour["stops"][0][1])


def shape_of(layer: MapLayer, properties: Mapping[str, Any]) -> str:
    """Return the shape that the legend gives to the feature's value."""
    value = properties.get(layer.style.get("colour", {}).get("property", ""))
    shapes = {entry.value: entry.shape for entry in layer.legend}
    return shapes.get(value, next(iter(shapes.values()), PLAIN_SHAPE))


def plain_page(person: Person, plain: PlainMap, text: str) -> dict[str, Any]:
    """Return all that the page shows besides the picture."""
    view, keys = plain.view, [layer.key for layer in plain.layers]
    stations = _listed(plain)
    return {
        "picture": f"{reverse('onemap-plain-picture')}?{_query(view, keys)}",
        "width": WIDTH,
        "height": HEIGHT,
        "ways": _ways(view, keys),
        "bbox": view.text,
        "choices": [
            {"key": layer.key, "title": _(layer.title), "is_on": layer.key in keys} for layer in layers_for(person)
        ],
        "legend": [(_(layer.title), legend_of(layer)) for layer in plain.layers if layer.legend],
        "stations": [_row(plain, place, feature) for place, feature in enumerate(stations, 1)],
        "alarms": [_alarm(feature, keys) for feature in reversed(plain.features.get(ALARMS, []))],
        "left_out": plain.left_out,
        "text": text,
        "found": _found(person, text, keys),
    }


def _listed(plain: PlainMap) -> Features:
    """Return the stations in view, those with the gravest colour first."""
    inside = [feature for feature in plain.features.get(STATIONS, []) if _is_in(plain.view, feature)]
    inside.sort(key=lambda feature: (-feature["properties"].get("hazard", 0), -feature["properties"].get("device", 0)))
    return inside[:MOST_LISTED]


def _is_in(view: View, feature: Mapping[str, Any]) -> bool:
    x, y = view.at(*feature["geometry"]["coordinates"][:2])
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _row(plain: PlainMap, number: int, feature: Mapping[str, Any]) -> dict[str, Any]:
    x, y = plain.view.at(*feature["geometry"]["coordinates"][:2])
    properties = feature["properties"]
    return {
        "number": number,
        "place": f"{round(x)},{round(y)},9",
        "url": reverse("station", args=[properties["id"]]),
        **{name: properties.get(name, "") for name in ("name", "kind", "unit", "state", "value", "hazard")},
    }


def _alarm(feature: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    told = feature["properties"]
    return {
        **told,
        "since": parse_datetime(told["since"]),
        "url": reverse("station", args=[told["station"]]),
        "view": _address(_around(*feature["geometry"]["coordinates"][:2]), keys),
    }


def _ways(view: View, keys: Sequence[str]) -> list[dict[str, str]]:
    moves = (
        (_("Closer"), view.zoomed(0.5)),
        (_("Farther"), view.zoomed(2)),
        (_("West"), view.moved(-1, 0)),
        (_("North"), view.moved(0, 1)),
        (_("South"), view.moved(0, -1)),
        (_("East"), view.moved(1, 0)),
    )
    return [{"title": title, "url": _address(seen, keys)} for title, seen in moves]


def _found(person: Person, text: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    found = found_by(person, text)["results"] if text else []
    return [{**one, "view": _address(_view_on(one), keys)} for one in found if one["bounds"] or one["point"]]


def _view_on(one: Mapping[str, Any]) -> View:
    return view_of(one["bounds"], NEAR_MARGIN) if one["bounds"] else _around(*one["point"])


def _around(x: float, y: float) -> View:
    return view_of((x - NEAR, y - NEAR, x + NEAR, y + NEAR))


def _address(view: View, keys: Sequence[str]) -> str:
    return f"{reverse('onemap-plain')}?{_query(view, keys)}"


def _query(view: View, keys: Sequence[str]) -> str:
    return urlencode([("bbox", view.text), *(("layers", key) for key in keys)])
