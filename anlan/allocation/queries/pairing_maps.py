"""A round's pairs on the map: who helps, who is helped, and a line from one to the other."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.allocation.models import Agreement, PairingRound, PairingUnit, Side
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places
from anlan.places.core.values import Geometry

GROUND = ("townships", "rivers", "roads")
HELPS, IS_HELPED, ALONE, PAIR = "#2F6690", "#B9772B", "#7A5C9E", "#3C4858"
HELPS_PALE, HELPED_PALE = "#CFDDE6", "#EAD9C0"
TITLES = {"pairs": mark("Pairs"), "units": mark("Units of the round")}
Spots = dict[str, tuple[float, float]]


def round_map(row: PairingRound) -> dict[str, Any]:
    """Return the map's settings."""
    settings: dict[str, Any] = {
        "layers": [
            *places.ground_layers(row.county_code, GROUND, hidden=("roads",)),
            *(_layer(row, key) for key in TITLES),
        ],
        "legend": [[HELPS, _("Who helps")], [IS_HELPED, _("Who is helped")], [ALONE, _("still without a helper")]],
    }
    bounds = places.bounds_of(prefix_of(row.county_code))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def visit_map(row: Agreement) -> dict[str, Any]:
    """Return the map on which the place of a visit is chosen: both units, and the fields that take the place."""
    layer = {
        "key": "units",
        "title": _("Both units"),
        "kind": "fill",
        "url": reverse("pairing_units", args=[row.pk]),
        "visible": True,
        "label": "name",
        "colour": {"property": "helped", "stops": [[0, HELPS_PALE], [1, HELPED_PALE]], "missing": HELPS_PALE},
    }
    settings: dict[str, Any] = {
        "layers": [layer],
        "legend": [[HELPS_PALE, _("Who helps")], [HELPED_PALE, _("Who is helped")]],
        "pick": {"longitude": "id_longitude", "latitude": "id_latitude"},
    }
    bounds = places.bounds_of(prefix_of(row.helped_code))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def units_features(row: Agreement) -> dict[str, Any]:
    """Return the outlines of an agreement's units, those on record."""
    shapes = places.boundaries_of([row.helper_id, row.helped_id])
    units = ((row.helper_id, row.helper_name, 0), (row.helped_id, row.helped_name, 1))
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(pk, shapes[pk], {"name": name, "helped": helped}) for pk, name, helped in units if pk in shapes
        ],
    }


def _layer(row: PairingRound, key: str) -> dict[str, Any]:
    own = {"url": reverse("pairing_round_data", args=[row.pk, key]), "key": key, "title": _(TITLES[key])}
    if key == "pairs":
        card = [[_("Distance (km)"), "km"], [_("Value of the pair"), "value"]]
        style = {"colour": {"property": "", "stops": [], "missing": PAIR}, "width": 2.2}
        return own | {"kind": "line", "visible": True, "card": card} | style
    card = [[_("Score"), "score"], [_("Partners"), "partners"]]
    colour = {"property": "part", "stops": [[0, HELPS], [1, IS_HELPED], [2, ALONE]], "missing": HELPS}
    return own | {"kind": "point", "visible": True, "label": "name", "card": card, "colour": colour}


def round_features(row: PairingRound, key: str) -> dict[str, Any] | None:
    """Return a layer's features; None where there is no such layer. Units without a place are left out."""
    makers = {"pairs": _pair_features, "units": _unit_features}
    if key not in makers:
        return None
    spots = places.spots_of(list(row.units.order_by("code").values_list("code", flat=True)))
    return {"type": "FeatureCollection", "features": list(makers[key](row, spots))}


def _pair_features(row: PairingRound, spots: Spots) -> Iterator[dict[str, Any]]:
    for pair in row.pairs.select_related("helper", "helped").order_by("pk"):
        ends = [spots[unit.code] for unit in (pair.helper, pair.helped) if unit.code in spots]
        if len(ends) == 2:
            km = None if pair.distance_km is None else round(pair.distance_km, 1)
            told = {"name": str(pair), "km": km, "value": round(pair.value, 3)}
            yield _feature(pair.pk, {"type": "LineString", "coordinates": ends}, told)


def _unit_features(row: PairingRound, spots: Spots) -> Iterator[dict[str, Any]]:
    partners = _partners(row)
    for unit in row.units.order_by("code"):
        if unit.code in spots:
            told = {"name": unit.name, "score": round(unit.score * 100, 1), "part": _part(unit)}
            told["partners"] = _(", ").join(partners[unit.pk])
            yield _feature(unit.pk, {"type": "Point", "coordinates": spots[unit.code]}, told)


def _part(unit: PairingUnit) -> int:
    """Return 0 for who helps, 1 for who is helped, 2 for who still wants a helper."""
    return 0 if unit.side == Side.HELPER else 1 + bool(unit.places_left)


def _partners(row: PairingRound) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pair in row.pairs.select_related("helper", "helped").order_by("pk"):
        found[pair.helper_id].append(pair.helped.name)
        found[pair.helped_id].append(pair.helper.name)
    return found


def _feature(pk: int, geometry: Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}
