"""The list of sources."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from anlan.funds.core.values import GIVER_NAMES, GivenBy
from anlan.funds.models import Source
from anlan.kernel.money import FEN_PER_WAN
from anlan.kernel.refusal import mark
from anlan.web.tables import Column, Filter, Table

STATES = (("received", mark("In the account")), ("promised", mark("Promised")), ("withdrawn", mark("Withdrawn")))
BOUND = (("bound", mark("Earmarked")), ("free", mark("Free")))


def state_of(row: Source) -> str:
    """Return in one word whether the money is there."""
    if row.withdrawn_at:
        return "withdrawn"
    return "received" if row.received_on else "promised"


def _in_state(rows: QuerySet[Source], state: str) -> QuerySet[Source]:
    if state == "withdrawn":
        return rows.filter(withdrawn_at__isnull=False)
    return rows.filter(withdrawn_at__isnull=True, received_on__isnull=state == "promised")


def _bound(rows: QuerySet[Source], wanted: str) -> QuerySet[Source]:
    return rows.filter(earmarks__isnull=wanted == "free").distinct()


def _purposes(row: Any) -> str:
    return gettext("free") if not row.earmark_count else str(row.earmark_count)


SOURCES = Table(
    "sources",
    (
        Column("name", mark("Name"), attrgetter("name"), sort="name"),
        Column("year", mark("Year"), attrgetter("year"), sort="year", shown=str),
        Column(
            "given_by",
            mark("Level of the giver"),
            lambda row: gettext(GIVER_NAMES[GivenBy(row.given_by)]),
            sort="given_by",
        ),
        Column(
            "amount",
            mark("Amount"),
            lambda row: row.amount_fen / FEN_PER_WAN,
            sort="amount_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown="{:,.2f}".format,
        ),
        Column("purposes", mark("Purposes"), _purposes),
        Column("state", mark("State"), lambda row: gettext(dict(STATES)[state_of(row)])),
        Column("received_on", mark("Received on"), attrgetter("received_on"), sort="received_on"),
        Column("document", mark("Document number"), attrgetter("document_number"), sort="document_number"),
        Column("account", mark("Budget account"), attrgetter("account_code"), sort="account_code", is_shown=False),
    ),
    filters=(
        Filter("name", mark("Name"), "name__icontains"),
        Filter("year", mark("Year"), "year"),
        Filter(
            "given_by",
            mark("Level of the giver"),
            "given_by",
            tuple((key.value, name) for key, name in GIVER_NAMES.items()),
        ),
        Filter("bound", mark("Purposes"), "", BOUND, narrow=_bound),
        Filter("state", mark("State"), "", STATES, narrow=_in_state),
    ),
    order=("-year", "-amount_fen", "pk"),
    row_url=lambda row: reverse("source", args=[row.pk]),
    file_name="sources",
    is_stacked=True,
)
