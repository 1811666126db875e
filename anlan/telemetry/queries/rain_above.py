"""Which rain tells of a level: the gauges at the stations named upstream, else those of the county; the nearest few."""

from django.contrib.gis.db.models.functions import Distance
from django.db.models import QuerySet

from anlan.telemetry.core.properties import Property
from anlan.telemetry.models import Datastream, Station

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
