"""Which rain tells of a level: the gauges at the stations named upstream, else those of the county; the nearest few."""

from collections.abc import Sequence

from django.contrib.gis.db.models.functions import Distance
from django.db.models import QuerySet

from anlan.telemetry.core.forecast.hours import Hours, hours_until, origin_of
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.rain import Pieces, pieces_of_counter, pieces_of_increments
from anlan.telemetry.core.series import HOUR, Series
from anlan.telemetry.models import Datastream, Station
from anlan.telemetry.queries.judged import readings_between

MOST_GAUGES = 4
COUNTY_DIGITS = 6
MOST_STEPS_UP = 20  # a register that goes round in a circle ends too


def levels() -> QuerySet[Datastream]:
    """Return the water levels in use, which forecasts are made for."""
    found = Datastream.objects.filter(property=Property.LEVEL, unit="m", is_in_use=True, station__is_in_use=True)
    return found.select_related("station").order_by("pk")


def gauges_above(level: Datastream) -> list[Datastream]:
    """Return the datastreams of rain that a level's forecast looks at, nearest first."""
    above = stations_above(level.station)
    rain = Datastream.objects.filter(property=Property.RAIN, unit="mm", is_in_use=True, station__is_in_use=True)
    named = rain.filter(station__in=above | {level.station_id})
    if not named.filter(station__in=above).exists():
        named = rain.filter(station__division_code__startswith=level.station.division_code[:COUNTY_DIGITS])
    far = Distance("station__place_3857", level.station.place_3857)
    return list(named.annotate(far=far).order_by("far", "pk")[:MOST_GAUGES])


def stations_above(station: Station) -> set[int]:
    """Return the ids of the stations named upstream, and of those named upstream of them."""
    found: set[int] = set()
    newest = {station.pk}
    for _step in range(MOST_STEPS_UP):
        rows = Station.objects.filter(downstream__in=newest).values_list("pk", flat=True)
        newest = set(rows) - found - {station.pk}
        if not newest:
            break
        found |= newest
    return found


def pieces_of(gauge: Datastream, readings: Series) -> Pieces:
    """Return rain as it fell, from readings of a gauge."""
    if gauge.is_counter:
        return pieces_of_counter(readings, interval_s=gauge.interval_s, wraps_at=gauge.wraps_at)
    return pieces_of_increments(readings, interval_s=gauge.interval_s)


def history_of(level: Datastream, gauges: Sequence[Datastream], since: float, until: float) -> Hours | None:
    """Return the hours of a level and its rain from its first reading in a span on, None where it has none.

    Args:
        level: water level.
        gauges: of rain.
        since: seconds since 1970.
        until: seconds since 1970.
    """
    series = readings_between([level.pk, *(gauge.pk for gauge in gauges)], since, until)
    known = series[level.pk].known().times
    if not len(known):
        return None
    rain = [pieces_of(gauge, series[gauge.pk]) for gauge in gauges]
    return hours_until(float(known[-1]), int((known[-1] - known[0]) // HOUR) + 1, series[level.pk], rain)


def recent_hours(level: Series, rain: Sequence[Pieces], at: float, count: int) -> Hours:
    """Return the hours that a forecast made at an instant looks at."""
    return hours_until(origin_of(level, rain, at), count, level, rain)
