"""Rivers and roads as they stand on the map of the county: cut at its border, named, in degrees."""

from collections.abc import Mapping, Sequence

import shapely
from shapely import LineString, MultiLineString, Point, Polygon

from anlan.demo.core import names
from anlan.demo.core.divisions import in_degrees
from anlan.demo.core.grid import Grid
from anlan.demo.core.rivers import Stream, clipped, worth_a_name
from anlan.demo.core.roads import RoadClass, Route, Stretch
from anlan.demo.core.values import DivisionFact, RiverFact, RoadFact
from anlan.kernel.codes import Level

_LETTERS = {RoadClass.PROVINCIAL: "S9", RoadClass.COUNTY: "X9", RoadClass.TOWNSHIP: "Y", RoadClass.VILLAGE: "C"}


def draw_rivers(
    grid: Grid, streams: Sequence[Stream], outline_m: Polygon, divisions: Sequence[DivisionFact]
) -> tuple[RiverFact, ...]:
    """Return the rivers inside the outline, the greatest first."""
    lines = {place: clipped(stream, outline_m) for place, stream in enumerate(streams)}
    kept = [place for place in lines if worth_a_name(lines[place])]
    kept.sort(key=lambda place: -streams[place].drained_km2)
    titles = _river_names(kept, {place: in_degrees(grid, lines[place]) for place in kept}, divisions)
    return tuple(
        RiverFact(
            name=titles[place],
            into=titles.get(into) if (into := streams[place].into) is not None else None,
            drained_km2=round(streams[place].drained_km2, 1),
            lines=in_degrees(grid, lines[place]),
        )
        for place in kept
    )


def _river_names(
    kept: Sequence[int], lines: Mapping[int, MultiLineString], divisions: Sequence[DivisionFact]
) -> dict[int, str]:
    """Name the main river, then each by the town or village whose seat it passes nearest."""
    titles, taken = {kept[0]: names.MAIN_RIVER}, {names.MAIN_RIVER}
    towns = [division for division in divisions if division.level is Level.TOWNSHIP]
    villages = [division for division in divisions if division.urban_rural_code in {"220", "122"}]
    for rank, place in enumerate(kept[1:]):
        by_distance = sorted(towns if rank < len(towns) // 3 else villages, key=lambda d: _away(d, lines[place]))
        options = (_river_name(division) for division in by_distance)
        titles[place] = next(title for title in options if title not in taken)
        taken.add(titles[place])
    return titles


def _away(division: DivisionFact, line: MultiLineString) -> float:
    return float(line.distance(Point(division.seat)))


def _river_name(division: DivisionFact) -> str:
    if division.level is Level.TOWNSHIP:
        return division.name.removesuffix("街道").rstrip("镇乡") + "河"
    return division.name.removesuffix("村")[:2] + "溪"


def draw_roads(
    grid: Grid, stretches: Sequence[Stretch], outline_m: Polygon, seats: Mapping[int, DivisionFact]
) -> tuple[RoadFact, ...]:
    """Return the roads inside the outline, the highest class first; `seats` maps cells to villages."""
    titles = _road_names(stretches, seats)
    drawn = []
    for stretch in stretches:
        ends = [int(stretch.cells[0]), int(stretch.cells[-1])]
        code = road_code(stretch.route)
        for piece in shapely.get_parts(LineString(stretch.points_m).intersection(outline_m)):
            if piece.geom_type == "LineString" and piece.length > grid.cell_m / 4:
                joins = tuple(seats[end].code for end in ends if end in seats)
                drawn.append(RoadFact(code, titles[stretch.route], stretch.route.kind, in_degrees(grid, piece), joins))
    order = list(RoadClass)
    return tuple(sorted(drawn, key=lambda road: (order.index(road.kind), road.code, road.line.wkt)))


def road_code(route: Route) -> str:
    """Return the road's number as it stands on signs; the nines are given to no road in service."""
    width = 2 if route.kind in {RoadClass.PROVINCIAL, RoadClass.COUNTY} else 3
    return f"{_LETTERS[route.kind]}{route.number:0{width}d}"


def _road_names(stretches: Sequence[Stretch], seats: Mapping[int, DivisionFact]) -> dict[Route, str]:
    """Name each road by the first and last seat along it."""
    passed: dict[Route, list[str]] = {}
    for stretch in stretches:
        for end in (int(stretch.cells[0]), int(stretch.cells[-1])):
            if end in seats and seats[end].name not in passed.setdefault(stretch.route, []):
                passed[stretch.route].append(seats[end].name)
    return {stretch.route: _road_name(stretch.route, passed.get(stretch.route, [])) for stretch in stretches}


def _road_name(route: Route, passed: Sequence[str]) -> str:
    shorts = [name.removesuffix("社区").removesuffix("村") for name in passed]
    if not shorts:
        return road_code(route)
    return "—".join(dict.fromkeys([shorts[0], shorts[-1]])) + "路"
