"""A round's pairs on the map: who helps, who is helped, and a line from one to the other."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.allocation.models import PairingRound, PairingUnit, Side
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places
from anlan.places.core.layers import LAYERS
from anlan.places.core.values import Geometry

GROUND = ("townships", "rivers", "roads")
HELPS, IS_HELPED, ALONE, PAIR = "#2F6690", "#B9772B", "#7A5C9E", "#3C4858"
TITLES = {"pairs": mark("Pairs"), "helpers": mark("Who helps"), "helped": mark("Who is helped")}
Spots = dict[str, tuple[float, float]]


def round_map(row: PairingRound) -> dict[str, Any]:
    """Return the map's settings."""
    settings: dict[str, Any] = {
        "layers": [*_ground(row.county_code), *(_layer(row, key) for key in TITLES)],
        "legend": [[HELPS, _("Who helps")], [IS_HELPED, _("Who is helped")], [ALONE, _("still without a helper")]],
    }
    bounds = places.bounds_of(prefix_of(row.county_code))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def _ground(county_code: str) -> Iterator[dict[str, Any]]:
    """Return townships, rivers and roads as places offers them, quiet below the pairs."""
    for layer in LAYERS:
        if layer.key in GROUND:
            yield {
                "key": layer.key,
                "title": _(layer.title),
                "kind": layer.kind,
                "url": reverse("layer", args=[county_code, layer.key]),
                "visible": layer.key != "roads",
            } | dict(layer.style)


def _layer(row: PairingRound, key: str) -> dict[str, Any]:
    own = {"url": reverse("pairing_round_data", args=[row.pk, key]), "key": key, "title": _(TITLES[key])}
    if key == "pairs":
        card = [[_("Distance (km)"), "km"], [_("Value of the pair"), "value"]]
        style = {"colour": {"property": "", "stops": [], "missing": PAIR}, "width": 2.2}
        return own | {"kind": "line", "visible": True, "card": card} | style
    stops = [[0, HELPS]] if key == "helpers" else [[0, IS_HELPED], [1, ALONE]]
    card = [[_("Score"), "score"], [_("Partners"), "partners"]]
    colour = {"property": "alone", "stops": stops, "missing": stops[0][1]}
    return own | {"kind": "point", "visible": True, "label": "name", "card": card, "colour": colour}


def round_features(row: PairingRound, key: str) -> dict[str, Any] | None:
    """Return a layer's features; None where there is no such layer. Units without a place are left out."""
    makers = {"pairs": _pair_features, "helpers": _unit_features, "helped": _unit_features}
    if key not in makers:
        return None
    spots = places.spots_of(list(row.units.order_by("code").values_list("code", flat=True)))
    return {"type": "FeatureCollection", "features": list(makers[key](row, key, spots))}


def _pair_features(row: PairingRound, _key: str, spots: Spots) -> Iterator[dict[str, Any]]:
    for pair in row.pairs.select_related("helper", "helped").order_by("pk"):
        ends = [spots[unit.code] for unit in (pair.helper, pair.helped) if unit.code in spots]
        if len(ends) == 2:
            km = None if pair.distance_km is None else round(pair.distance_km, 1)
            told = {"name": str(pair), "km": km, "value": round(pair.value, 3)}
            yield _feature(pair.pk, {"type": "LineString", "coordinates": ends}, told)


def _unit_features(row: PairingRound, key: str, spots: Spots) -> Iterator[dict[str, Any]]:
    side = Side.HELPER if key == "helpers" else Side.HELPED
    partners = _partners(row, side)
    for unit in row.units.filter(side=side).order_by("code"):
        if unit.code in spots:
            told = {"name": unit.name, "score": round(unit.score * 100, 1), "alone": int(_is_alone(unit))}
            told["partners"] = _(", ").join(partners.get(unit.pk, []))
            yield _feature(unit.pk, {"type": "Point", "coordinates": spots[unit.code]}, told)


def _is_alone(unit: PairingUnit) -> bool:
    return unit.side == Side.HELPED and bool(unit.places_left)


def _partners(row: PairingRound, side: Side) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pair in row.pairs.select_related("helper", "helped").order_by("pk"):
        own, other = (pair.helper, pair.helped) if side == Side.HELPER else (pair.helped, pair.helper)
        found.setdefault(own.pk, []).append(other.name)
    return found


def _feature(pk: int, geometry: Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}
