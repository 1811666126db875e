"""A county's road network: joined from drawn roads or read from a map file, kept as one graph."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction

from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.noding import graph_of_lines
from anlan.places.core.road_graph import RoadGraph, to_bytes
from anlan.places.core.road_values import WAY_OF_ROAD, speeds_from
from anlan.places.core.values import Landform, NetOrigin
from anlan.places.models import Division, Road, RoadNet
from anlan.places.osm import Bounds, graph_of_file
from anlan.places.queries import bounds_of

AROUND = 0.05  # degrees about the county whose roads are kept too: ways lead out of it and in again


class NoRoads(Refusal):
    """There is nothing to make a network of."""


class NoCounty(Refusal):
    """Whose roads they are is not on record."""


@transaction.atomic
def join_roads(*, actor: Actor | None, county_code: str, at: datetime) -> RoadNet:
    """Make the county's network from its drawn roads.

    Raises:
        NoRoads: none are on record.
    """
    rows = Road.objects.filter(county_code=county_code).order_by("pk").values_list("kind", "line")
    kinds = [WAY_OF_ROAD[kind] for kind, _line in rows]
    graph = graph_of_lines([shapely.from_wkb(bytes(line.wkb)) for _kind, line in rows], kinds)
    if not graph.piece_count:
        raise NoRoads("No roads are on record; bring in roads as GeoJSON or a map file first")
    return _keep(county_code, graph, origin=NetOrigin.DRAWN, file_name="", actor=actor, at=at)


@transaction.atomic
def load_road_file(*, actor: Actor | None, county_code: str, file: Path | bytes, name: str, at: datetime) -> RoadNet:
    """Make the county's network from an OpenStreetMap file; what lies far outside the county is left out.

    Raises:
        NoCounty: the county or where it lies is not on record.
        BadRoadFile: it cannot be read, or has no roads in the county.
    """
    graph = graph_of_file(file, _bounds(county_code), name=name)
    return _keep(county_code, graph, origin=NetOrigin.OSM, file_name=name[-200:], actor=actor, at=at)


@transaction.atomic
def set_speeds(
    *, actor: Actor, county_code: str, expected_version: int, speeds: Mapping[str, Any], at: datetime
) -> RoadNet:
    """Say how fast one gets on; every time by road is counted anew.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadSpeeds: one is not above zero or beyond all measure.
    """
    row = RoadNet.objects.select_for_update().defer("content").get(county_code=county_code)
    check_version(row, expected_version)
    before, row.speeds = row.speeds, asdict(speeds_from(speeds))
    save_version(row, ["speeds"])
    changed = {name: value for name, value in row.speeds.items() if before.get(name) != value}
    audit(actor, mark("driving speeds set"), row, at=at, detail=changed)
    return row


def follow_drawn_roads(*, actor: Actor | None, county_code: str, at: datetime) -> None:
    """Make the network anew after drawn roads changed, unless a map file gave a better one."""
    known = RoadNet.objects.filter(county_code=county_code)
    if known.filter(origin=NetOrigin.OSM).exists():
        return
    if Road.objects.filter(county_code=county_code).exists():
        join_roads(actor=actor, county_code=county_code, at=at)
    else:
        known.delete()


def _bounds(county_code: str) -> Bounds:
    found = bounds_of(prefix_of(county_code))
    if found is None:
        raise NoCounty(
            "Where %(county)s lies is not on record; bring in its boundaries before its roads", county=county_code
        )
    west, south, east, north = found
    return west - AROUND, south - AROUND, east + AROUND, north + AROUND


def _keep(
    county_code: str, graph: RoadGraph, *, origin: NetOrigin, file_name: str, actor: Actor | None, at: datetime
) -> RoadNet:
    graph = replace(graph, mountain=_on_mountains(county_code, graph))
    content = to_bytes(graph)
    row = RoadNet.objects.select_for_update().filter(county_code=county_code).first()
    row = row or RoadNet(county_code=county_code, version=0)
    row.origin, row.file_name, row.made_at, row.version = origin, file_name, at, row.version + 1
    row.node_count, row.piece_count = graph.size, graph.piece_count
    row.heap_count, row.length_km = len(graph.heaps_m), float(graph.metres.sum()) / 1000
    row.content, row.sha256 = content, hashlib.sha256(content).hexdigest()
    row.save()
    audit(actor, mark("roads joined"), row, at=at, detail={"count": row.piece_count, "sha256": row.sha256})
    return row


def _on_mountains(county_code: str, graph: RoadGraph) -> Any:
    """Return which pieces have their middle in a village on mountain land."""
    villages = Division.objects.valid_today().within(prefix_of(county_code))
    steep = villages.filter(landform=Landform.MOUNTAIN, level="village", boundary__isnull=False)
    boundaries = steep.values_list("boundary", flat=True)
    shapes = [shapely.from_wkb(bytes(boundary.wkb)) for boundary in boundaries if boundary]
    is_steep = np.zeros(graph.piece_count, dtype=bool)
    if shapes:
        for shape in shapes:
            shapely.prepare(shape)
        found, _areas = shapely.STRtree(shapes).query(shapely.points(graph.middles()), predicate="within")
        is_steep[found] = True
    return is_steep
