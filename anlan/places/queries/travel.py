"""How long and how far it is from place to place, by road or along straight lines.

What is not known is infinitely far, never near: an island village, a unit without a place on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

import numpy as np
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models.functions import Coalesce

from anlan.kernel.codes import Level, prefix_of
from anlan.kernel.refusal import Refusal
from anlan.places.core.metres import Floats
from anlan.places.core.road_graph import Measure, Mode, RoadGraph, from_bytes
from anlan.places.core.road_travel import MOST_SNAP_M, Snapper, Travel, straight_matrix, travel_matrix
from anlan.places.core.road_values import Speeds, speeds_from
from anlan.places.models import Division, RoadNet

Place = str | tuple[float, float]  # a division's code, or longitude and latitude
Method = Literal["road", "straight"]
NETS_IN_MEMORY = 2


class NoRoadNet(Refusal):
    """The county's roads are not on record as a network."""


def travel_minutes(
    county_code: str,
    origins: Sequence[Place],
    targets: Sequence[Place],
    *,
    method: Method = "road",
    mode: Mode = "car",
    most_snap_m: float = MOST_SNAP_M,
) -> Floats:
    """Return (O, T) the minutes from each origin to each target; infinite where no way is known.

    By road a place is walked from or to at 4 km/h where it lies off the road, at most `most_snap_m`. Straight lines,
    lengthened by the detour, are the caller's explicit choice, never a fallback.

    Raises:
        NoRoadNet: asked by road, and no network is on record.
    """
    return _travel(county_code, (origins, targets), method, mode, "minutes", most_snap_m)


def travel_metres(
    county_code: str,
    origins: Sequence[Place],
    targets: Sequence[Place],
    *,
    method: Method = "road",
    mode: Mode = "foot",
    most_snap_m: float = MOST_SNAP_M,
) -> Floats:
    """Return (O, T) the metres of the shortest way, as `travel_minutes` tells the minutes."""
    return _travel(county_code, (origins, targets), method, mode, "metres", most_snap_m)


def _travel(  # noqa: PLR0913  what both ways to ask have in common
    county_code: str,
    places: tuple[Sequence[Place], Sequence[Place]],
    method: Method,
    mode: Mode,
    measure: Measure,
    most_snap_m: float,
) -> Floats:
    origins, targets = _points(*places)
    net = _net(county_code)
    speeds = speeds_from(net.speeds) if net else Speeds()
    travel = Travel(speeds, mode, measure, most_snap_m)
    if method == "straight":
        return straight_matrix(origins, targets, travel)
    if net is None:
        raise NoRoadNet(
            "No road network is on record for %(county)s; bring in roads, or choose straight lines", county=county_code
        )
    graph, snapper = _opened(net.pk, net.sha256, mode)
    return travel_matrix(graph, snapper, origins, targets, travel)


def remoteness_minutes(county_code: str) -> dict[str, float]:
    """Return the minutes by car from the county seat to each township and village of today, by code.

    Infinite where the county has no seat or no network on record, and where no road leads.
    """
    levels = [Level.TOWNSHIP.value, Level.VILLAGE.value]
    units = Division.objects.valid_today().within(prefix_of(county_code)).filter(level__in=levels)
    codes = list(units.order_by("code").values_list("code", flat=True))
    seat = Division.objects.valid_today().filter(code=county_code).values_list("seat", flat=True).first()
    if seat is None or not codes or _net(county_code) is None:
        return dict.fromkeys(codes, float("inf"))
    minutes = travel_minutes(county_code, [(seat.x, seat.y)], codes)[0]
    return dict(zip(codes, minutes.tolist(), strict=True))


def spots_of(codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of each division of today: its seat, else a point within its boundary."""
    rows = Division.objects.valid_today().filter(code__in=list(codes))
    spots = rows.annotate(spot=Coalesce("seat", PointOnSurface("boundary"))).values_list("code", "spot")
    return {code: (spot.x, spot.y) for code, spot in spots if spot is not None}


def _points(*sides: Sequence[Place]) -> list[Floats]:
    """Return each side as (n, 2) degrees; a division whose place is not known is not a number."""
    codes = sorted({place for side in sides for place in side if isinstance(place, str)})
    spots = spots_of(codes) if codes else {}
    nowhere = (np.nan, np.nan)
    return [
        np.array(
            [spots.get(place, nowhere) if isinstance(place, str) else place for place in side], dtype=np.float64
        ).reshape(-1, 2)
        for side in sides
    ]


def _net(county_code: str) -> RoadNet | None:
    return RoadNet.objects.filter(county_code=county_code).defer("content").first()


@lru_cache(maxsize=NETS_IN_MEMORY)
def _graph(net_id: int, sha256: str) -> RoadGraph:
    return from_bytes(bytes(RoadNet.objects.values_list("content", flat=True).get(pk=net_id, sha256=sha256)))


@lru_cache(maxsize=2 * NETS_IN_MEMORY)
def _opened(net_id: int, sha256: str, mode: Mode) -> tuple[RoadGraph, Snapper]:
    """Return the network, kept in memory while its content is the same."""
    graph = _graph(net_id, sha256)
    return graph, Snapper(graph, mode)


def opened_graph(county_code: str) -> tuple[str, RoadGraph] | None:
    """Return the county's network with the hash of its content; None where there is none."""
    net = _net(county_code)
    return (net.sha256, _graph(net.pk, net.sha256)) if net else None


@dataclass(frozen=True, slots=True)
class RoadQuality:
    """How good a county's network is: its size, in how many heaps it lies, and whom it does not reach."""

    county_code: str
    version: int
    origin: str
    origin_key: str
    file_name: str
    made_at: datetime
    node_count: int
    piece_count: int
    heap_count: int
    length_km: float
    speeds: Speeds
    unreached: list[tuple[str, str]]  # code and name of villages
    has_seat: bool


def road_quality(county_code: str) -> RoadQuality | None:
    """Return how good the county's network is; None where there is none."""
    net = _net(county_code)
    if net is None:
        return None
    minutes = remoteness_minutes(county_code)
    villages = Division.objects.valid_today().within(prefix_of(county_code)).filter(level=Level.VILLAGE.value)
    names = villages.order_by("code").values_list("code", "name")
    return RoadQuality(
        county_code=county_code,
        version=net.version,
        origin=net.get_origin_display(),
        origin_key=net.origin,
        file_name=net.file_name,
        made_at=net.made_at,
        node_count=net.node_count,
        piece_count=net.piece_count,
        heap_count=net.heap_count,
        length_km=net.length_km,
        speeds=speeds_from(net.speeds),
        unreached=[(code, name) for code, name in names if np.isinf(minutes.get(code, np.inf))],
        has_seat=Division.objects.valid_today().filter(code=county_code, seat__isnull=False).exists(),
    )
