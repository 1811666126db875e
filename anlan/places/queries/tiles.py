"""Vector tiles by PostGIS: simplified by zoom, thinned or clustered, only what lies within a person's areas.

What is drawn in one view stays below ten thousand features: a view holds about twenty tiles, a tile of points at
most 256 squares, a tile of lines or areas at most the source's `most`. Source: docs/one-map.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level
from anlan.places.core.layers import MapLayer, Pyramid, TileSource
from anlan.places.core.tiles import SQUARES, Tile

EXTENT = 4096
BUFFER = 64  # units beyond the edge, so that lines of one tile run into the next
HALF_PIXELS = 1024  # of a tile's side: what is smaller is not seen
COUNTY, TOWNSHIP = PREFIX_LENGTH[Level.COUNTY], PREFIX_LENGTH[Level.TOWNSHIP]
BOX = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)"
WIDE = "ST_MakeEnvelope(%(west)s - %(edge)s, %(south)s - %(edge)s, %(east)s + %(edge)s, %(north)s + %(edge)s, 3857)"


def tile_of(layer: MapLayer, tile: Tile, prefixes: Sequence[str]) -> bytes:
    """Return the tile of a layer as far as it lies within the prefixes; nothing where it is empty."""
    source = layer.tiles
    if source is None or not prefixes or not source.min_zoom <= tile.z <= source.max_zoom:
        return b""
    with connection.cursor() as cursor:
        cursor.execute(_statement(layer, source, tile, prefixes), _values(layer.key, tile, prefixes))
        (content,) = cursor.fetchone()
    return bytes(content or b"")


def _values(key: str, tile: Tile, prefixes: Sequence[str]) -> dict[str, Any]:
    west, south, east, north = tile.box
    first, after = tile.squares
    reach = {f"within{place}": f"{prefix}%" for place, prefix in enumerate(prefixes)}
    counties = {f"county{place}": f"{prefix[:COUNTY]}%" for place, prefix in enumerate(prefixes)}
    parts = {f"part{place}": prefix.ljust(LENGTH, "0") for place, prefix in enumerate(prefixes)}
    return {
        "key": key,
        "labels": f"{key}-labels",
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "edge": tile.side_m * BUFFER / EXTENT,
        "tolerance": tile.side_m / HALF_PIXELS,
        "square": tile.side_m / SQUARES,
        "first": first,
        "after": after,
        **reach,
        **counties,
        **parts,
    }


def _statement(layer: MapLayer, source: TileSource, tile: Tile, prefixes: Sequence[str]) -> str:
    if tile.z < source.apart_from:
        pyramid = source.pyramid
        if pyramid and pyramid.lowest <= tile.z <= pyramid.highest and max(map(len, prefixes)) <= TOWNSHIP:
            return _counted_before(source, pyramid, prefixes)
        return _counted_now(source, tile, prefixes)
    features = _features(source, layer.kind, tile, prefixes)
    return f"SELECT ({features}) || ({_labels(source, tile, prefixes)})" if source.label else features


def _features(source: TileSource, kind: str, tile: Tile, prefixes: Sequence[str]) -> str:
    shape = f"t.{source.shape}"
    drawn = shape if kind == "point" else f"ST_Simplify({shape}, %(tolerance)s, true)"
    order = f"ORDER BY {source.order}" if source.order else ""
    return f"""
        SELECT ST_AsMVT(f, %(key)s, {EXTENT}, 'shape', 'fid') FROM (
            SELECT ST_AsMVTGeom({drawn}, {BOX}, {EXTENT}, {BUFFER}) AS shape, t.id AS fid, t.id, {_named(source.fields)}
            FROM {source.table} WHERE t.{source.shape} && {WIDE} AND {_kept(source, tile, prefixes)}
            {order} LIMIT {source.most}
        ) f WHERE shape IS NOT NULL"""  # noqa: S608  a source's words are the program's own


def _labels(source: TileSource, tile: Tile, prefixes: Sequence[str]) -> str:
    """Return a layer of points: each name once, in the tile where it stands."""
    point = f"t.{source.label}"
    return f"""
        SELECT ST_AsMVT(f, %(labels)s, {EXTENT}, 'shape', 'fid') FROM (
            SELECT ST_AsMVTGeom({point}, {BOX}, {EXTENT}, 0) AS shape, t.id AS fid, t.id, {_named(source.fields)}
            FROM {source.table} WHERE t.{source.shape} && {BOX} AND {point} && {BOX}
            AND {_kept(source, tile, prefixes)} LIMIT {source.most}
        ) f WHERE shape IS NOT NULL"""  # noqa: S608


def _counted_now(source: TileSource, tile: Tile, prefixes: Sequence[str]) -> str:
    """Return the points of a square as one that tells how many they are and the worst; one alone stays itself."""
    x, y = f"ST_X(t.{source.shape})", f"ST_Y(t.{source.shape})"
    alone = {name: f"CASE WHEN count(*) = 1 THEN min({value}) END" for name, value in source.fields.items()}
    sums = {name: f"CASE WHEN count(*) > 1 THEN sum({value})::float8 END" for name, value in source.sums.items()}
    return _squares(
        source=f"{source.table} WHERE t.{source.shape} && {BOX} AND {_kept(source, tile, prefixes)}",
        by=f"floor(({x} - %(west)s) / %(square)s), floor(({y} - %(south)s) / %(square)s)",
        at=(f"avg({x})", f"avg({y})"),
        told={"id": "CASE WHEN count(*) = 1 THEN min(t.id) END", **alone, **_crowd("count(*)", source.worst), **sums},
    )


def _counted_before(source: TileSource, pyramid: Pyramid, prefixes: Sequence[str]) -> str:
    """Return the same from squares that were counted beforehand, township by township."""
    count = "sum(t.count)"
    alone = {source.worst_of: f"CASE WHEN {count} = 1 THEN max(t.worst) END"} if source.worst_of else {}
    sums = {name: f"CASE WHEN {count} > 1 THEN sum(t.{name})::float8 END" for name in source.sums}
    return _squares(
        source=f"{pyramid.table} t WHERE t.cell >= %(first)s AND t.cell < %(after)s AND {_within('t.code', prefixes)}",
        by="t.cell",
        at=(f"sum(t.x) / {count}", f"sum(t.y) / {count}"),
        told={"id": f"CASE WHEN {count} = 1 THEN min(t.only_id) END", **alone, **_crowd(count, "t.worst"), **sums},
    )


def _crowd(count: str, worst: str) -> dict[str, str]:
    return {
        "cluster": f"nullif({count} > 1, false)",
        "count": f"nullif({count}, 1)::int",
        "worst": f"CASE WHEN {count} > 1 THEN max({worst}) END",
    }


def _squares(*, source: str, by: str, at: tuple[str, str], told: Mapping[str, str]) -> str:
    place = f"ST_SetSRID(ST_MakePoint({at[0]}, {at[1]}), 3857)"
    return f"""
        SELECT ST_AsMVT(f, %(key)s, {EXTENT}, 'shape', 'fid') FROM (
            SELECT ST_AsMVTGeom({place}, {BOX}, {EXTENT}, {BUFFER}) AS shape, {told["id"]} AS fid, {_named(told)}
            FROM {source} GROUP BY {by}
        ) f WHERE shape IS NOT NULL"""  # noqa: S608


def _named(fields: Mapping[str, str]) -> str:
    return ", ".join(f"{value} AS {name}" for name, value in fields.items())


def _kept(source: TileSource, tile: Tile, prefixes: Sequence[str]) -> str:
    reach = _within_counties(source, prefixes) if source.is_county_wide else _within(source.code, prefixes)
    least = next((condition for below, condition in source.least if tile.z < below), "true")
    return f"{reach} AND ({source.where}) AND ({least})"


def _within(code: str, prefixes: Sequence[str]) -> str:
    return "(" + " OR ".join(f"{code} LIKE %(within{place})s" for place, _prefix in enumerate(prefixes)) + ")"


def _within_counties(source: TileSource, prefixes: Sequence[str]) -> str:
    """Return the condition of rows that know only their county: a part of it gets what meets its box."""
    reach = []
    for place, prefix in enumerate(prefixes):
        inside = f"{source.code} LIKE %(county{place})s"
        if len(prefix) > COUNTY:
            boxes = f"SELECT ST_Extent(outline_3857)::geometry FROM places_division WHERE code = %(part{place})s"  # noqa: S608
            inside += f" AND t.{source.shape} && (SELECT ST_SetSRID(({boxes}), 3857))"
        reach.append(f"({inside})")
    return f"({' OR '.join(reach)})"
