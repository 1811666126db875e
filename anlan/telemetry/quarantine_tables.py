"""The list of what could not be taken in."""

from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.refusal import mark
from anlan.telemetry.core.properties import PROTOCOL_NAMES
from anlan.telemetry.models import Quarantined, QuarantineState
from anlan.web.tables import BulkAction, Column, Filter, Table

STATES = (
    (QuarantineState.WAITING.value, mark("waiting")),
    (QuarantineState.REPLAYED.value, mark("taken in")),
    (QuarantineState.DROPPED.value, mark("put aside")),
)


def reason_text(row: Quarantined) -> str:
    """Return why it could not be taken in, in the reader's language."""
    text = _(row.reason)
    try:
        return text % row.values if row.values else text
    except (KeyError, TypeError, ValueError):  # words of an older version
        return text


QUARANTINE = Table(
    "quarantine",
    (
        Column("last_at", mark("Last came"), attrgetter("last_at"), sort="last_at"),
        Column("reason", mark("Why"), reason_text, sort="reason"),
        Column("device", mark("Device"), lambda row: row.device_code or _("unknown"), sort="device_code"),
        Column("source", mark("Source"), attrgetter("source"), sort="source"),
        Column("protocol", mark("Protocol"), lambda row: row.get_protocol_display(), sort="protocol"),
        Column("times", mark("Times"), attrgetter("times"), sort="times", is_number=True),
        Column("state", mark("State"), lambda row: _(dict(STATES)[row.state]), sort="state"),
        Column("first_at", mark("First came"), attrgetter("first_at"), sort="first_at", is_shown=False),
        Column("settled_by", mark("Settled by"), attrgetter("settled_by_name"), is_shown=False),
    ),
    filters=(
        Filter("state", mark("State"), "state", STATES),
        Filter("protocol", mark("Protocol"), "protocol", tuple((p.value, name) for p, name in PROTOCOL_NAMES.items())),
        Filter("device", mark("Device"), "device_code__icontains"),
        Filter("source", mark("Source"), "source__icontains"),
    ),
    order=("-last_at", "-pk"),
    row_url=lambda row: reverse("quarantined", args=[row.pk]),
    file_name="quarantine",
    bulk=(
        BulkAction(mark("Read again"), "quarantine-replay"),
        BulkAction(
            mark("Put aside"),
            "quarantine-drop",
            confirm=mark("Put the chosen messages aside? They stay on record and ask for nobody."),
            is_dangerous=True,
        ),
    ),
    is_stacked=True,
)
