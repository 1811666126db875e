"""What the page of a county's roads shows: how good the network is, and the network drawn."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import LENGTH, Level, ancestor_at, level_of
from anlan.kernel.refusal import mark
from anlan.places.core.road_graph import RoadGraph
from anlan.places.core.road_values import WAY_NAMES, WayKind
from anlan.places.models import Division, Road
from anlan.places.queries.divisions import names_of
from anlan.places.queries.maps import map_of
from anlan.places.queries.shapes import DECIMALS
from anlan.places.queries.travel import opened_graph, road_quality, spots_of
from anlan.web.http import Person

Features = list[dict[str, Any]]
UNDER = frozenset({"townships", "village-edges", "rivers", "own"})  # layers that the network is drawn upon
KIND_NAMES = {**WAY_NAMES, WayKind.PATH: mark("Path")}
COLOURS = {
    WayKind.EXPRESSWAY: "#3b2a63",
    WayKind.NATIONAL: "#5b3f8f",
    WayKind.PROVINCIAL: "#7a5aa8",
    WayKind.COUNTY: "#8d6e4b",
    WayKind.TOWNSHIP: "#a98a63",
    WayKind.VILLAGE: "#c2a882",
    WayKind.TRACK: "#b9b2a5",
    WayKind.PATH: "#d3cec5",
}
UNREACHED = "#1f2a37"


def counties_with_roads(person: Person) -> list[tuple[str, str]]:
    """Return the counties that lie whole within the person's areas, with their names."""
    scope = accounts.scope_of(person, "places.read")
    codes = {ancestor_at(prefix.ljust(LENGTH, "0"), Level.COUNTY) for prefix in scope.prefixes}
    return names_of(sorted(code for code in codes if level_of(code) is Level.COUNTY and scope.covers(code)))


def roads_page(person: Person, county: Division) -> dict[str, Any]:
    """Return all that the page of the county's roads shows."""
    quality = road_quality(county.code)
    return {
        "county": county,
        "quality": quality,
        "drawn_count": Road.objects.filter(county_code=county.code).count(),
        "may_manage": person.can("places.manage", county.code),
        "map": _map(person, county) if quality else None,
    }


def _map(person: Person, county: Division) -> dict[str, Any] | None:
    found = map_of(person, county)
    if found is None:
        return None
    under = [layer for layer in found["layers"] if layer["key"] in UNDER]
    net = {
        "key": "net",
        "title": _("Road network"),
        "kind": "line",
        "url": reverse("roads-layer", args=[county.code, "net"]),
        "colour": {
            "property": "kind",
            "stops": [[kind.value, COLOURS[kind]] for kind in WayKind],
            "missing": "#999999",
        },
        "width": 1.4,
    }
    unreached = {
        "key": "unreached",
        "title": _("Villages that no road reaches"),
        "kind": "point",
        "url": reverse("roads-layer", args=[county.code, "unreached"]),
        "label": "name",
        "link": "/places/{code}/",
        "card": [[_("Code"), "code"]],
        "colour": {"property": "", "stops": [], "missing": UNREACHED},
    }
    opened = opened_graph(county.code)
    there = set(np.unique(opened[1].kinds).tolist()) if opened else set()
    legend = [[COLOURS[kind], _(KIND_NAMES[kind])] for kind in WayKind if kind in there]
    return found | {"layers": [*under, net, unreached], "legend": legend}


def net_tag(county_code: str, key: str) -> str:
    """Return what changes with the layer."""
    opened = opened_graph(county_code)
    return f"{key} {get_language()} {opened[0] if opened else ''}"


def net_features(county_code: str) -> str:
    """Return the network as GeoJSON, one feature a kind of road."""
    opened = opened_graph(county_code)
    return _collection(list(_ways(opened[1])) if opened else [])


def _ways(graph: RoadGraph) -> Iterator[dict[str, Any]]:
    nodes = np.round(graph.nodes, DECIMALS)
    for kind in WayKind:
        chosen = graph.kinds == kind
        if chosen.any():
            lines = np.stack([nodes[graph.starts[chosen]], nodes[graph.ends[chosen]]], axis=1)
            told = {"kind": kind.value, "name": _(KIND_NAMES[kind])}
            yield _feature(told, "MultiLineString", lines.tolist())


def unreached_features(county_code: str) -> str:
    """Return the villages that no road reaches as GeoJSON; one whose place is not known is not drawn."""
    quality = road_quality(county_code)
    unreached = quality.unreached if quality else []
    spots = spots_of([code for code, _name in unreached])
    features = [
        _feature({"code": code, "name": name}, "Point", spots[code]) for code, name in unreached if code in spots
    ]
    return _collection(features)


def _feature(properties: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def _collection(features: Features) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


FEATURES: Mapping[str, Callable[[str], str]] = {"net": net_features, "unreached": unreached_features}
