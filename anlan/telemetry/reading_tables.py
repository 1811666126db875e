"""The list of one datastream's readings."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.refusal import mark
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.documents.readings_file import quality_words
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


def _columns(correction: str) -> tuple[Column, ...]:
    return (
        Column("time", mark("Time"), attrgetter("time"), cell="telemetry/cell_time.html", sort="time"),
        Column("raw", mark("Raw value"), attrgetter("value"), sort="value", is_number=True),
        Column("corrected", mark("Put right to"), attrgetter("correction_value"), cell=correction, is_number=True),
        Column("flags", mark("Quality"), lambda row: quality_words(row.flags), sort="flags"),
        Column("arrived", mark("Arrived"), attrgetter("arrived_at"), cell="telemetry/cell_time.html", is_shown=False),
        Column("reason", mark("Reason"), attrgetter("correction_reason")),
        Column("by", mark("Put right by"), attrgetter("correction_by_name"), is_shown=False),
    )


READ_ONLY = Table(
    "readings",
    _columns("telemetry/cell_corrected.html"),
    filters=(
        Filter("day", mark("Day (2026-07-01)"), "", narrow=_on_day),
        Filter("quality", mark("Quality"), "", QUALITIES, narrow=_of_quality),
    ),
    order=("-time",),
    page_size=100,
    file_name="readings",
)
READINGS = replace(READ_ONLY, columns=_columns("telemetry/cell_correction.html"))
