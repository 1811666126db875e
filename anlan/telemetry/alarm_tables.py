"""The list of alarms."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.refusal import mark
from anlan.telemetry.core.alarm_life import ALARM_STATE_NAMES
from anlan.telemetry.core.rules import COLOUR_NAMES, KIND_NAMES
from anlan.telemetry.core.wording import STATE_NAMES
from anlan.telemetry.models import Alarm
from anlan.telemetry.queries.alarm_words import alarm_name, value_words
from anlan.web.tables import Column, Filter, Table

STANDING = "standing"


def _colour(row: Any) -> str:
    return str(_(STATE_NAMES[row.colour]))


def _state(row: Any) -> str:
    return str(_(ALARM_STATE_NAMES[row.state]))


def _passed(row: Any) -> str:
    return " / ".join(filter(None, (value_words(row.value, row), value_words(row.limit, row))))


def _acknowledged(row: Any) -> str:
    return str(row.acknowledged_by_name)


def _place(row: Any) -> str:
    return str(row.station.site or row.station.name)


def _in_state(rows: QuerySet[Alarm], state: str) -> QuerySet[Alarm]:
    return rows.standing() if state == STANDING else rows.filter(state=state)  # type: ignore[attr-defined]


def _called(rows: QuerySet[Alarm], text: str) -> QuerySet[Alarm]:
    found = Q(station__name__icontains=text) | Q(station__site__icontains=text) | Q(station__code__iexact=text)
    return rows.filter(found | Q(rule_name_zh__icontains=text) | Q(rule_name_en__icontains=text))


ALARMS = Table(
    "alarms",
    (
        Column("colour", mark("Colour"), _colour, cell="telemetry/cell_colour.html", sort="colour"),
        Column("place", mark("Place"), _place, sort="station__name"),
        Column("rule", mark("Rule"), alarm_name, sort="rule_name_zh"),
        Column("passed", mark("Value / limit"), _passed),
        Column("state", mark("State"), _state, sort="state"),
        Column("raised_at", mark("Raised"), lambda row: row.raised_at, sort="raised_at"),
        Column("acknowledged", mark("Acknowledged by"), _acknowledged),
        Column("cleared_at", mark("Cleared"), lambda row: row.cleared_at, sort="cleared_at"),
        Column("unit", mark("Unit"), lambda row: row.station.unit_name, sort="division_code", is_shown=False),
        Column("known_at", mark("Known"), lambda row: row.known_at, sort="known_at", is_shown=False),
        Column("highest", mark("Highest"), lambda row: str(_(STATE_NAMES[row.highest])), is_shown=False),
    ),
    filters=(
        Filter("called", mark("Station, site or rule"), "", narrow=_called),
        Filter("colour", mark("Colour"), "colour", tuple((str(int(key)), name) for key, name in COLOUR_NAMES.items())),
        Filter(
            "state",
            mark("State"),
            "",
            ((STANDING, mark("not over")), *((key.value, name) for key, name in ALARM_STATE_NAMES.items())),
            narrow=_in_state,
        ),
        Filter("kind", mark("Kind"), "kind", tuple((key.value, name) for key, name in KIND_NAMES.items())),
    ),
    order=("-raised_at", "-pk"),
    row_url=lambda row: reverse("alarm", args=[row.pk]),
    file_name="alarms",
    is_stacked=True,
)
