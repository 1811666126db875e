"""Features of the map's own layers: divisions, rivers and roads around one division, within a person's areas."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, Max, Q, QuerySet, Sum

from anlan.accounts import queries as accounts
from anlan.ground.brief import Brief
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level, ancestor_at, prefix_of
from anlan.places.core.gcj02 import geometry_from_gcj02
from anlan.places.core.layers import MapLayer
from anlan.places.models import Division, River, Road
from anlan.places.queries.shapes import DECIMALS
from anlan.web.http import Person

FACTS = ("code", "name", "population", "households", "area_km2")


def own(person: Person, division: Division) -> str:
    # The door was passed: one that has ended is drawn too, as it was.
    return _areas(Division.objects.filter(pk=division.pk))


def neighbours(person: Person, division: Division) -> str:
    if division.boundary is None:
        return _areas(Division.objects.none())
    beside = _visible(person).filter(level=division.level, boundary__intersects=division.boundary)
    return _areas(beside.exclude(pk=division.pk))


def townships(person: Person, division: Division) -> str:
    return _areas(_visible(person).within(prefix_of(division.code)).filter(level=Level.TOWNSHIP.value))


def villages(person: Person, division: Division) -> str:
    return _areas(_visible(person).within(prefix_of(division.code)).filter(level=Level.VILLAGE.value))


def seats(person: Person, division: Division) -> str:
    levels = [Level.TOWNSHIP.value, Level.VILLAGE.value]
    inside = _visible(person).within(prefix_of(division.code)).filter(level__in=levels, seat__isnull=False)
    shapes = inside.annotate(shape=AsGeoJSON("seat", precision=DECIMALS)).order_by("code", "pk")
    return collection(shapes.values_list("shape", *FACTS), FACTS)


def rivers(person: Person, division: Division) -> str:
    names = ("name", "into", "drained_km2")
    shapes = _around(River.objects.all(), "lines", division).annotate(shape=AsGeoJSON("lines", precision=DECIMALS))
    return collection(shapes.order_by("name", "pk").values_list("shape", *names), names)


def roads(person: Person, division: Division) -> str:
    names = ("code", "name", "kind")
    shapes = _around(Road.objects.all(), "line", division).annotate(shape=AsGeoJSON("line", precision=DECIMALS))
    return collection(shapes.order_by("code", "pk").values_list("shape", *names), names)


def division_stamp(person: Person, division: Division) -> str:
    """Return what changes with any division of the county, and with the person's areas."""
    county = _county_prefix(division)
    state = Division.objects.within(county).aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk"))
    reach = accounts.scope_of(person, "places.read").prefixes
    return json.dumps([division.pk, *state.values(), *reach])


def river_stamp(person: Person, division: Division) -> str:
    return _line_stamp(River.objects.all(), division)


def road_stamp(person: Person, division: Division) -> str:
    return _line_stamp(Road.objects.all(), division)


def collection(rows: Iterable[tuple[Any, ...]], names: tuple[str, ...]) -> str:
    """Return a FeatureCollection of rows that begin with their geometry as JSON text."""
    features = [_feature(shape, dict(zip(names, values, strict=True))) for shape, *values in rows]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def areas_of(person: Person, capability: str) -> list[Division]:
    """Return the divisions that the person answers for under the capability, each without those within it."""
    codes = [prefix.ljust(LENGTH, "0") for prefix in accounts.scope_of(person, capability).prefixes]
    return list(Division.objects.valid_today().filter(code__in=codes).order_by("code"))


def whole(person: Person, layer: MapLayer, areas: Iterable[Division]) -> str:
    """Return the layer's features in all of the areas, in WGS 84, as one FeatureCollection."""
    found = [json.loads(layer.features(person, area))["features"] for area in areas]
    features = [_in_wgs84(feature) if layer.is_gcj02 else feature for part in found for feature in part]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def _in_wgs84(feature: Mapping[str, Any]) -> dict[str, Any]:
    shape = geometry_from_gcj02(shapely.geometry.shape(feature["geometry"]))
    return {**feature, "geometry": shapely.geometry.mapping(shapely.set_precision(shape, 10**-DECIMALS))}


def counties(person: Person, division: Division) -> str:
    prefix = prefix_of(division.code)
    codes = {division.code, ancestor_at(division.code, Level.COUNTY)}
    about = Division.objects.valid_today().filter(level=Level.COUNTY.value)
    return _areas(about.filter(Q(code__startswith=prefix) | Q(code__in=codes)))


def _feature(shape: str, properties: Mapping[str, Any]) -> str:
    # The geometry is JSON already: it is put in as it stands.
    known = {name: value for name, value in properties.items() if value not in {None, ""}}
    number = known.get("id", known.get("pk"))
    named = "" if number is None else f'"id":{json.dumps(number)},'
    told = json.dumps(known, ensure_ascii=False)
    return f'{{"type":"Feature",{named}"properties":{told},"geometry":{shape}}}'


def _visible(person: Person) -> Any:
    return Division.objects.valid_today().filter(accounts.scope_of(person, "places.read").q("code"))


def _areas(rows: QuerySet[Division]) -> str:
    shapes = rows.filter(outline__isnull=False).annotate(shape=AsGeoJSON("outline", precision=DECIMALS))
    return collection(shapes.order_by("code", "pk").values_list("shape", *FACTS), FACTS)


def _around(rows: QuerySet[Any], field: str, division: Division) -> QuerySet[Any]:
    """Return the county's lines; of a part of it, those whose box meets the part's."""
    inside = rows.filter(county_code__startswith=_county_prefix(division))
    if division.level in {Level.TOWNSHIP.value, Level.VILLAGE.value}:
        meets = Q(**{f"{field}__bboverlaps": division.boundary}) if division.boundary else Q(pk__in=[])
        return inside.filter(meets)
    return inside


def _line_stamp(rows: QuerySet[Any], division: Division) -> str:
    inside = rows.filter(county_code__startswith=_county_prefix(division))
    state = inside.aggregate(rows=Count("pk"), last=Max("pk"))
    return json.dumps([division.pk, division.version, *state.values()])


def _county_prefix(division: Division) -> str:
    is_above = division.level in {Level.PROVINCE.value, Level.CITY.value}
    return prefix_of(division.code if is_above else ancestor_at(division.code, Level.COUNTY))


def count_at(person: Person, level: Level) -> int:
    return int(_visible(person).filter(level=level.value).count())


def count_of_rivers(person: Person) -> int:
    return of_counties(River.objects.all(), person).count()


def count_of_roads(person: Person) -> int:
    return of_counties(Road.objects.all(), person).count()


STAMPS: Brief[tuple[str, tuple[str, ...]], str] = Brief(1000)  # by layer and areas


def tile_stamp_of(layer: MapLayer, person: Person, prefixes: tuple[str, ...]) -> str:
    """Return what changes with a layer of tiles as far as somebody's areas reach; a view's tiles ask for it once.

    It may be as old as `TILE_STAMP_S`; what is drawn is never older than its stamp.
    """
    key = (layer.key, prefixes)
    stamp = STAMPS.get(key)
    if stamp is None:
        stamp = layer.tile_stamp(person) if layer.tile_stamp else ""
        STAMPS.put(key, stamp, settings.TILE_STAMP_S)
    return stamp


def division_tile_stamp(person: Person) -> str:
    """Return what changes with any division within the person's areas, and when one begins or ends."""
    state = _visible(person).aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk"), begins=Sum("pk"))
    return " ".join(map(str, state.values()))


def river_tile_stamp(person: Person) -> str:
    return json.dumps([*of_counties(River.objects.all(), person).aggregate(rows=Count("pk"), last=Max("pk")).values()])


def road_tile_stamp(person: Person) -> str:
    return json.dumps([*of_counties(Road.objects.all(), person).aggregate(rows=Count("pk"), last=Max("pk")).values()])


def of_counties(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    counties = {prefix[: PREFIX_LENGTH[Level.COUNTY]] for prefix in accounts.scope_of(person, "places.read").prefixes}
    reach = Q(pk__in=[])
    for prefix in sorted(counties):
        reach |= Q(county_code__startswith=prefix)
    return rows.filter(reach)
