"""Rivers and roads of a county: a load leaves exactly what it brings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django.contrib.gis.geos import LineString, MultiLineString
from django.db import transaction

from anlan.ground.audit import Actor, audit
from anlan.kernel.refusal import mark
from anlan.places.actions.geos import lines_for_database
from anlan.places.actions.road_nets import follow_drawn_roads
from anlan.places.core.shapes import lines_from
from anlan.places.core.values import Geometry, Loaded, RiverRow, RoadRow
from anlan.places.models import Division, River, Road


@transaction.atomic
def load_rivers(*, actor: Actor | None, county_code: str, rows: Sequence[RiverRow], at: datetime) -> Loaded:
    """Replace the county's rivers.

    Raises:
        BadShape: a course is no line.
    """
    new = [
        River(
            county_code=county_code,
            name=row.name,
            into=row.into,
            drained_km2=row.drained_km2,
            lines=_lines(row.lines),
        )
        for row in rows
    ]
    return _replace(River, new, actor=actor, county_code=county_code, verb=mark("rivers loaded"), at=at)


@transaction.atomic
def load_roads(*, actor: Actor | None, county_code: str, rows: Sequence[RoadRow], at: datetime) -> Loaded:
    """Replace the county's roads; a road of several lines becomes as many pieces. The network follows.

    Raises:
        BadShape: a course is no line.
    """
    new = [
        Road(county_code=county_code, code=row.code, name=row.name, kind=row.kind, line=line)
        for row in rows
        for line in cast(Iterable[LineString], _lines(row.line))
    ]
    loaded = _replace(Road, new, actor=actor, county_code=county_code, verb=mark("roads loaded"), at=at)
    if loaded.created or not new:
        follow_drawn_roads(actor=actor, county_code=county_code, at=at)
    return loaded


def _lines(geometry: Geometry) -> MultiLineString:
    return lines_for_database(lines_from(geometry))


def _replace(
    model: type[River] | type[Road], new: list[Any], *, actor: Actor | None, county_code: str, verb: str, at: datetime
) -> Loaded:
    old = model.objects.select_for_update().filter(county_code=county_code)
    if sorted(map(_content, old)) == sorted(map(_content, new)):
        return Loaded(unchanged=len(new))
    old.delete()
    model.objects.bulk_create(new, 500)
    county = Division.objects.filter(code=county_code).plain().order_by("-valid_from").first()
    if county:
        audit(actor, verb, county, at=at, detail={"count": len(new)})
    return Loaded(created=len(new))


def _content(row: Any) -> tuple[str, ...]:
    return tuple(
        field.value_from_object(row).hex.decode() if hasattr(field, "geom_type") else str(field.value_from_object(row))
        for field in row._meta.fields
        if not field.primary_key
    )
