"""What is coming: the levels that are expected to reach one of their limits within the next hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.models import LevelForecast, Station

FRESH = timedelta(hours=3)
MOST = 8


def coming(stations: Sequence[Station], at: datetime) -> list[dict[str, Any]]:
    """Return the stations whose forecast, or its upper end, reaches a limit, the gravest and soonest first."""
    known = {station.pk: station for station in stations}
    fresh = LevelForecast.objects.filter(
        datastream__station_id__in=known, datastream__is_in_use=True, origin_at__gt=at - FRESH, is_fallback=False
    )
    rows = fresh.select_related("datastream").prefetch_related("datastream__thresholds").order_by("pk")
    found = [line for row in rows if (line := _line(row, known[row.datastream.station_id])) is not None]
    return sorted(found, key=lambda line: (-line["colour"], line["hours"], line["name"]))[:MOST]


def _line(row: LevelForecast, station: Station) -> dict[str, Any] | None:
    limits = {each.colour: each.value for each in row.datastream.thresholds.all() if each.quantity == Quantity.READING}
    reached = max((colour for colour, value in limits.items() if max(row.high_m) >= value), default=0)
    if not reached:
        return None
    place = next(hour for hour, high in enumerate(row.high_m) if high >= limits[reached])
    return {
        "id": station.pk,
        "name": station.name,
        "river": station.river,
        "hours": place + 1,
        "value": row.level_m[place],
        "low": row.low_m[place],
        "high": row.high_m[place],
        "warning": limits.get(int(Colour.YELLOW)),
        "colour": reached,
    }
