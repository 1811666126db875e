"""The doors of places: 404 outside one's divisions."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Value, When
from django.db.models.functions import Now, TruncDate
from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level
from anlan.places.actions.imports import FileKind, Order
from anlan.places.core.layers import MapLayer, layer_of
from anlan.places.core.tiles import BadTile, Tile
from anlan.places.models import Division, HazardZone
from anlan.places.queries import layers, roads, tiles
from anlan.web.http import Person


def division_for(person: Person, code: str, capability: str = "places.read") -> Division:
    """Return the division that has the code today, else the last that had it.

    Raises:
        Http404: there never was one, or it lies outside the person's divisions.
    """
    if not accounts.scope_of(person, capability).covers(code):
        raise Http404
    # One that begins later is found too, but never before one that has begun.
    begun = Case(When(valid_from__lte=TruncDate(Now()), then=Value(0)), default=Value(1))
    found = Division.objects.filter(code=code).plain().order_by(begun, "-valid_from").first()
    if found is None:
        raise Http404
    return found


def standing_division_for(person: Person, code: str) -> Division:
    """Return a division whose facts and fate the person may change.

    Raises:
        Http404: it ended, or its places are not the person's to manage.
    """
    found = division_for(person, code, "places.manage")
    if not Division.objects.valid_today().filter(pk=found.pk).exists():
        raise Http404
    return found


def division_by_id(person: Person, division_id: int) -> Division:
    """Return the division as it stood in one period, through the same door."""
    found = Division.objects.filter(pk=division_id).plain().first()
    if found is None or not accounts.scope_of(person, "places.read").covers(found.code):
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class OpenLayer:
    """A layer of one division's map for one person: a tag that changes with it, and its features on demand."""

    tag: str
    features: Callable[[], str]


def layer_for(person: Person, code: str, key: str) -> OpenLayer:
    """Return a layer of the division's map.

    Raises:
        Http404: there is no such layer, or the person may not see it there.
    """
    layer = layer_of(key)
    if layer is None:
        raise Http404
    division = division_for(person, code, layer.capability)
    stamp = f"{key} {layer.stamp(person, division)}"
    return OpenLayer(tag=_tag(stamp), features=lambda: layer.features(person, division))


def whole_layer_for(person: Person, key: str) -> OpenLayer:
    """Return a layer of the one map over all that the person answers for.

    Raises:
        Http404: there is no such layer, or it is not the person's to see anywhere.
    """
    layer = _layer_on_one_map(person, key)
    areas = layers.areas_of(person, layer.capability)
    stamp = f"{key} {' '.join(layer.stamp(person, area) for area in areas)}"
    return OpenLayer(tag=_tag(stamp), features=lambda: layers.whole(person, layer, areas))


@dataclass(frozen=True, slots=True)
class OpenTile:
    """A tile of a layer for one person: a tag that changes with the layer, and its content on demand."""

    tag: str
    content: Callable[[], bytes]


def tile_for(person: Person, key: str, place: tuple[int, int, int]) -> OpenTile:
    """Return a tile (zoom, column, row) of a layer, with what the person answers for.

    Raises:
        Http404: there is no such layer or tile, or it is not the person's to see anywhere.
    """
    layer = _layer_on_one_map(person, key)
    if layer.tile_stamp is None:
        raise Http404
    try:
        tile = Tile(*place)
    except BadTile:
        raise Http404 from None
    prefixes = accounts.scope_of(person, layer.capability).prefixes
    stamp = layers.tile_stamp_of(layer, person, prefixes)
    tag = _tag(f"{key} {tile} {' '.join(prefixes)} {stamp}")
    return OpenTile(tag=tag, content=lambda: tiles.tile_of(layer, tile, prefixes))


def _layer_on_one_map(person: Person, key: str) -> MapLayer:
    layer = layer_of(key)
    if layer is None or layer.group is None or not person.can("onemap.read") or not person.can(layer.capability):
        raise Http404
    return layer


def _tag(stamp: str) -> str:
    return f'"{hashlib.sha256(stamp.encode()).hexdigest()[:32]}"'


def hazard_zone_for(person: Person, zone_id: int, capability: str = "places.read") -> HazardZone:
    """Return the hazard zone.

    Raises:
        Http404: it does not exist, or lies outside the person's divisions.
    """
    found = HazardZone.objects.filter(pk=zone_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def county_for(person: Person, code: str, capability: str = "places.read") -> Division:
    """Return a county that lies whole within the person's areas.

    Raises:
        Http404: it is no county, or not the person's.
    """
    found = division_for(person, code, capability)
    if found.level != Level.COUNTY.value:
        raise Http404
    return found


def own_county(person: Person) -> str:
    """Return the code of the first county that lies whole within the person's areas.

    Raises:
        Http404: there is none.
    """
    found = roads.counties_with_roads(person)
    if not found:
        raise Http404
    return found[0][0]


def road_layer_for(person: Person, code: str, key: str) -> OpenLayer:
    """Return a layer of the map of a county's roads.

    Raises:
        Http404: there is no such layer, or the county is not the person's.
    """
    county = county_for(person, code)
    if key not in roads.FEATURES:
        raise Http404
    return OpenLayer(tag=_tag(roads.net_tag(county.code, key)), features=lambda: roads.FEATURES[key](county.code))


def require_reader(person: Person) -> None:
    """Raise 404 for whoever sees no places."""
    if not person.can("places.read"):
        raise Http404


def require_manager(person: Person) -> None:
    """Raise 404 for whoever manages no places."""
    if not person.can("places.manage"):
        raise Http404


def order_for(person: Person, about: Mapping[str, Any]) -> Order:
    """Return what an upload is to be taken as.

    Raises:
        Http404: the person does not manage the places of that county (any more).
    """
    if not accounts.scope_of(person, "places.manage").covers(str(about["county_code"])):
        raise Http404
    return Order(
        kind=FileKind(about["kind"]),
        county_code=str(about["county_code"]),
        valid_from=date.fromisoformat(str(about["valid_from"])),
        is_gcj02=bool(about["is_gcj02"]),
    )
