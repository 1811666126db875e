"""The list of one datastream's readings."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.refusal import mark
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.templatetags.sensors import quality_words
from anlan.web.tables import Column, Filter, Table

QUALITIES = (
    ("good", mark("nothing wrong")),
    ("doubtful", mark("flagged")),
    ("corrected", mark("put right")),
)


def _of_quality(rows: QuerySet[Any], quality: str) -> QuerySet[Any]:
    if quality == "corrected":
        return rows.filter(correction_id__isnull=False)
    return rows.filter(flags=Quality.GOOD) if quality == "good" else rows.exclude(flags=Quality.GOOD)


def _on_day(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(time__date=text)


READINGS = Table(
    "readings",
    (
        Column("time", mark("Time"), attrgetter("time"), cell="telemetry/cell_time.html", sort="time"),
        Column("raw", mark("Raw value"), attrgetter("value"), sort="value", is_number=True),
        Column(
            "corrected",
            mark("Put right to"),
            lambda row: row.correction_value,
            cell="telemetry/cell_correction.html",
            is_number=True,
        ),
        Column("flags", mark("Quality"), lambda row: quality_words(row.flags), sort="flags"),
        Column("arrived", mark("Arrived"), attrgetter("arrived_at"), cell="telemetry/cell_time.html", is_shown=False),
        Column("reason", mark("Reason"), attrgetter("correction_reason")),
    ),
    filters=(
        Filter("day", mark("Day (2026-07-01)"), "", narrow=_on_day),
        Filter("quality", mark("Quality"), "", QUALITIES, narrow=_of_quality),
    ),
    order=("-time",),
    page_size=100,
    file_name="readings",
)
