"""What the browser is told of the one map: where it lies, which grounds and layers there are, how they look."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.codes import prefix_of
from anlan.onemap.core.areas import MOST_VERTICES
from anlan.onemap.core.grounds import grounds_for
from anlan.places.core.layers import GROUP_NAMES, LAYERS, MapLayer
from anlan.places.queries import bounds_of
from anlan.places.queries.layers import areas_of
from anlan.web.http import Person

CHINA = (73.0, 18.0, 135.0, 54.0)
# Names that stand in addresses: the browser fills them in.
DOORS = {
    "plain": "onemap-plain",
    "search": "onemap-search",
    "inside": "onemap-inside",
    "inside_export": "onemap-inside-export",
    "past": "onemap-past",
    "wall": "wall",
    "wall_data": "wall-data",
    "print": "onemap-print",
    "config": "onemap-config",
}


def map_settings(person: Person) -> dict[str, Any]:
    """Return all that the one map needs to begin."""
    areas = areas_of(person, "onemap.read")
    first = areas[0] if areas else None
    return {
        "area": {"code": first.code if first else "", "name": first.name if first else ""},
        "bounds": list(bounds_within([prefix_of(area.code) for area in areas])),
        **{key: reverse(name) for key, name in DOORS.items()},
        "inside_vertices": MOST_VERTICES,
        "base": [
            {**ground, "title": _(ground["title"]), "attribution": _(ground["attribution"])}
            for ground in grounds_for(settings.TIANDITU_KEY, reverse("onemap-ground") if settings.PMTILES else "")
        ],
        "groups": [{"key": group.value, "title": _(name)} for group, name in GROUP_NAMES.items()],
        "layers": [told(layer, person) for layer in layers_for(person)],
    }


def bounds_within(prefixes: Sequence[str]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of all that is drawn within the prefixes; of the country where nothing is."""
    found = [bounds for prefix in prefixes if (bounds := bounds_of(prefix))]
    if not found:
        return CHINA
    wests, souths, easts, norths = zip(*found, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def layers_for(person: Person) -> list[MapLayer]:
    """Return the one map's layers that the person may see somewhere, from the lowest up."""
    return [layer.dressed(person) for layer in LAYERS if layer.group and person.can(layer.capability)]


def told(layer: MapLayer, person: Person) -> dict[str, Any]:
    """Return a layer as the browser is told of it, in the reader's words."""
    style = layer.style
    count = layer.count(person) if layer.count else None
    return {
        "key": layer.key,
        "title": _(layer.title),
        "group": layer.group,
        "kind": layer.kind,
        "order": layer.order,
        "visible": layer.is_visible if layer.is_shown_first is None else layer.is_shown_first,
        "count": count,
        **_source(layer, count or 0),
        "label": layer.label,
        "min_zoom": style.get("minzoom", layer.tiles.min_zoom if layer.tiles else 0),
        "colour": style.get("colour", {"property": "", "stops": [], "missing": "#1d4e89"}),
        **{name: style[name] for name in ("width", "radius", "opacity", "dash") if name in style},
        "legend": legend_of(layer),
        "card": [[_(title), name] for title, name in layer.card],
        "card_url": layer.card_url,
        "link": layer.link,
        "live": layer.live,
    }


def legend_of(layer: MapLayer) -> list[dict[str, Any]]:
    """Return the layer's legend in the reader's words."""
    return [
        {"colour": entry.colour, "words": _(entry.words), "shape": entry.shape, "value": entry.value}
        for entry in layer.legend
    ]


def _source(layer: MapLayer, count: int) -> Mapping[str, Any]:
    if layer.tiles is None or count <= layer.light:
        return {"source": "geojson", "url": reverse("onemap-layer", args=[layer.key]), "clusters": False}
    address = reverse("onemap-tile", args=[layer.key, 0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    return {
        "source": "tiles",
        "url": address,
        "tile_min_zoom": layer.tiles.min_zoom,
        "tile_max_zoom": layer.tiles.max_zoom,
        "source_layer": layer.key,
        "label_layer": f"{layer.key}-labels" if layer.tiles.label else "",
        "clusters": layer.tiles.apart_from > 0,
    }
