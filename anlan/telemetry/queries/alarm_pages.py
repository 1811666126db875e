"""What the pages of alarms show beside the alarms themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from anlan.telemetry.core.alarm_life import AlarmState
from anlan.telemetry.core.charts import Asked
from anlan.telemetry.core.rules import Colour, Kind
from anlan.telemetry.models import Alarm, Datastream
from anlan.telemetry.queries.series import chart_for
from anlan.telemetry.queries.station_pages import Shown, chart_content

BEFORE, AFTER = timedelta(hours=24), timedelta(hours=12)
SLOPE = timedelta(days=30)  # what creeps is seen in a longer span
CREEPING = frozenset({"speed", "acceleration", "tangent_stage"})
GRAVEST_FIRST = tuple(int(colour) for colour in sorted(Colour, reverse=True))
MOST_OTHERS, MOST_POINTS = 8, 600


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alarms stand: (colour, count) gravest first, those nobody has acknowledged, and those of devices."""

    standing: Sequence[tuple[int, int]]
    unanswered: int
    devices: int


def counts_of(rows: QuerySet[Alarm]) -> Counts:
    """Return how many of the alarms stand."""
    stands = Q(state__in=[AlarmState.RAISED, AlarmState.ACKNOWLEDGED])
    hazard = stands & Q(kind=Kind.HAZARD)
    wanted = {f"colour_{colour}": Count("pk", filter=hazard & Q(colour=colour)) for colour in GRAVEST_FIRST}
    wanted["unanswered"] = Count("pk", filter=hazard & Q(state=AlarmState.RAISED))
    wanted["devices"] = Count("pk", filter=stands & Q(kind=Kind.DEVICE))
    found = rows.order_by().aggregate(**wanted)
    standing = [(colour, found[f"colour_{colour}"]) for colour in GRAVEST_FIRST]
    return Counts(standing, found["unanswered"], found["devices"])


def chart_of(alarm: Alarm, now: datetime) -> Shown | None:
    """Return the chart of the readings around an alarm, None where no datastream tipped it."""
    if alarm.datastream is None:
        return None
    stream = Datastream.objects.prefetch_related("thresholds").get(pk=alarm.datastream.pk)
    since = alarm.raised_at - (SLOPE if alarm.quantity in CREEPING else BEFORE)
    until = max(min((alarm.cleared_at or now) + AFTER, now), alarm.raised_at)
    chart = chart_for(stream, Asked(since.timestamp(), until.timestamp(), MOST_POINTS))
    return Shown(stream, chart, chart_content(stream, chart), {}, None)


def others_at(alarm: Alarm) -> QuerySet[Alarm]:
    """Return the other alarms of the same place, newest first."""
    return (
        Alarm.objects.filter(place_key=alarm.place_key, division_code=alarm.division_code)
        .exclude(pk=alarm.pk)
        .select_related("station")
        .order_by("-raised_at", "-pk")[:MOST_OTHERS]
    )
