"""Roads out of an OpenStreetMap file (.osm.pbf, .osm.gz, .osm): every way with a highway class that people use."""

import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from anlan.kernel.refusal import Refusal
from anlan.places.core.road_graph import RoadGraph, graph_from
from anlan.places.core.road_values import WAY_OF_HIGHWAY, Use, speed_limit_of, use_of

Bounds = tuple[float, float, float, float]
FORMATS = {".pbf": "pbf", ".gz": "osm.gz", ".osm": "osm"}
ENDINGS = tuple(FORMATS)


class BadRoadFile(Refusal):
    """The file is no map, or holds no roads of the county."""


def graph_of_file(file: Path | bytes, bounds: Bounds | None = None, *, name: str = "") -> RoadGraph:
    """Return the graph of the roads in the file that touch the bounds (west, south, east, north).

    The ending of `name` tells how bytes are packed: .osm.pbf where it says nothing.

    Raises:
        BadRoadFile: it cannot be read, or has no roads there.
    """
    collected = _Collected(bounds)
    try:
        for way in _ways(file, name):
            collected.add(way)
    except (RuntimeError, OSError) as error:
        raise BadRoadFile("The file cannot be read as OpenStreetMap data: %(error)s", error=str(error)[:200]) from None
    graph = collected.graph()
    if not graph.piece_count:
        raise BadRoadFile("The file has no roads that touch the county")
    return graph


def _ways(file: Path | bytes, name: str) -> Iterator[Any]:
    packed = FORMATS.get(Path(name).suffix.lower(), "pbf")
    source = osmium.io.FileBuffer(file, packed) if isinstance(file, bytes) else str(file)
    processor = osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    ways, highways = osmium.filter.EntityFilter(osmium.osm.WAY), osmium.filter.KeyFilter("highway")
    yield from processor.with_filter(ways).with_filter(highways)


class _Collected:
    """Points and pieces as they are read, in flat arrays: a province has millions."""

    def __init__(self, bounds: Bounds | None) -> None:
        self._bounds = bounds
        self._ids = array.array("q")
        self._places = array.array("d")
        self._pieces = array.array("q")
        self._facts = array.array("B")

    def add(self, way: Any) -> None:
        """Take over a way that somebody may use, cut where a point of it is not in the file."""
        tags = {tag.k: tag.v for tag in way.tags}
        kind = WAY_OF_HIGHWAY.get(tags.get("highway", ""))
        if kind is None or tags.get("area") == "yes":
            return
        use = use_of(tags, kind)
        points = [(node.ref, node.lon, node.lat) if node.location.valid() else None for node in way.nodes]
        if use is Use.NOBODY or not self._touches(points):
            return
        facts = (int(kind), int(use), speed_limit_of(tags))
        for before, after in zip(points, points[1:], strict=False):
            if before and after:
                for point in (before, after):
                    self._pieces.append(point[0])
                    self._ids.append(point[0])
                    self._places.extend(point[1:])
                self._facts.extend(facts)

    def _touches(self, points: list[tuple[int, float, float] | None]) -> bool:
        if self._bounds is None:
            return True
        west, south, east, north = self._bounds
        return any(point and west <= point[1] <= east and south <= point[2] <= north for point in points)

    def graph(self) -> RoadGraph:
        """Return what was collected, equal points joined."""
        ids, first = np.unique(np.frombuffer(self._ids, dtype=np.int64), return_index=True)
        places = np.frombuffer(self._places, dtype=np.float64).reshape(-1, 2)[first]
        pieces = np.searchsorted(ids, np.frombuffer(self._pieces, dtype=np.int64)).reshape(-1, 2)
        facts = np.frombuffer(self._facts, dtype=np.uint8).reshape(-1, 3)
        kinds, uses, limits = facts.T.copy()
        return graph_from(places, pieces, kinds=kinds, uses=uses, limits=limits).without_idle()
