"""Single readings as lists show them: the raw value, what stands in its place and why."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from anlan.telemetry.models import Correction, Reading


def readings_of(datastream_id: int) -> QuerySet[Any]:
    """Return the readings of a datastream with the correction that stands, if any."""
    standing = Correction.objects.filter(
        datastream_id=OuterRef("datastream_id"), time=OuterRef("time"), is_current=True
    )
    told = {name: Subquery(standing.values(name)[:1]) for name in ("id", "value", "reason", "by_name")}
    return Reading.objects.filter(datastream_id=datastream_id).annotate(
        **{f"correction_{name}": found for name, found in told.items()}
    )


def reading_at(datastream_id: int, time: datetime) -> Any | None:
    """Return one reading with its correction, None where there is none."""
    return readings_of(datastream_id).filter(time=time).first()


def corrections_at(datastream_id: int, time: datetime) -> list[Correction]:
    """Return every correction of one instant, newest first."""
    return list(Correction.objects.filter(datastream_id=datastream_id, time=time).order_by("-at", "-pk"))
