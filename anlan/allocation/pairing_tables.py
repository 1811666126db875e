"""The lists of pairing: agreements, the pairs of a proposal, and over all agreements what is owed and who visited."""

from operator import attrgetter, methodcaller
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.allocation.core.pairing_life import AGREEMENT_NAMES, DUTY_NAMES
from anlan.allocation.models import Agreement, DutyKind
from anlan.allocation.pairing_words import notes_text
from anlan.kernel.money import FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.web.tables import Column, Filter, Table
from anlan.web.templatetags.shown import score

CELLS = "allocation/pairing_cells.html"
PINNED = (("1", mark("pinned by hand")), ("0", mark("found by the solver")))


def _named(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    return rows.filter(Q(helper_name__icontains=text) | Q(helped_name__icontains=text))


def _paired_named(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    return rows.filter(Q(helper__name__icontains=text) | Q(helped__name__icontains=text))


def _kilometres(row: Any) -> float | None:
    return None if row.distance_km is None else round(row.distance_km, 1)


def _yuan(name: str) -> Any:
    def value(row: Agreement) -> float | None:
        fen = getattr(row, name)
        return fen / FEN_PER_YUAN if fen else None

    return value


AGREEMENTS = Table(
    "pairings",
    (
        Column("helper", mark("Who helps"), attrgetter("helper_name"), cell=f"{CELLS}#helper", sort="helper_name"),
        Column("helped", mark("Who is helped"), attrgetter("helped_name"), sort="helped_name"),
        Column("state", mark("State"), methodcaller("get_state_display"), cell=f"{CELLS}#state", sort="state"),
        Column("starts_on", mark("From"), attrgetter("starts_on"), cell=f"{CELLS}#day", sort="starts_on"),
        Column("ends_on", mark("Until"), attrgetter("ends_on"), cell=f"{CELLS}#day", sort="ends_on"),
        Column("visits", mark("Visits"), attrgetter("visits_made"), sort="visits_made", is_number=True),
        Column("overdue", mark("Overdue"), attrgetter("duties_overdue"), sort="duties_overdue", is_number=True),
        Column("given", mark("Given"), _yuan("given_fen"), sort="given_fen", is_number=True, unit=mark("yuan")),
        Column("received", mark("Came back"), _yuan("received_fen"), sort="received_fen", is_number=True,
               unit=mark("yuan")),
        Column("distance", mark("Distance"), _kilometres, sort="distance_km", is_number=True, unit="km",
               is_shown=False),
        Column("why", mark("Why these two"), lambda row: notes_text(row.reasons), cell=f"{CELLS}#words",
               is_shown=False),
        Column("close_reason", mark("Reason of the end"), attrgetter("close_reason"), is_shown=False),
    ),
    filters=(
        Filter("unit", mark("Unit"), "helper_name", narrow=_named),
        Filter("state", mark("State"), "state", tuple((str(key), name) for key, name in AGREEMENT_NAMES.items())),
    ),
    order=("-proposed_at", "-pk"),
    row_url=lambda row: reverse("pairing", args=[row.pk]),
    file_name="pairings",
    is_stacked=True,
)  # fmt: skip

PAIRS = Table(
    "pairs",
    (
        Column("helper", mark("Who helps"), attrgetter("helper.name"), cell=f"{CELLS}#pair_helper",
               sort="helper__name"),
        Column("helper_score", mark("Score"), attrgetter("helper.score"), sort="helper__score", is_number=True,
               shown=score),
        Column("helped", mark("Who is helped"), attrgetter("helped.name"), cell=f"{CELLS}#pair_helped",
               sort="helped__name"),
        Column("helped_score", mark("Score"), attrgetter("helped.score"), sort="helped__score", is_number=True,
               shown=score),
        Column("distance", mark("Distance"), _kilometres, sort="distance_km", is_number=True, unit="km"),
        Column("value", mark("Value of the pair"), lambda row: round(row.value, 3), sort="value", is_number=True),
        Column("why", mark("Why these two"), lambda row: notes_text(row.reasons), cell=f"{CELLS}#why"),
        Column("next", mark("Next best helper"), attrgetter("next_best_name"), is_shown=False),
        Column("by_hand", mark("By hand"), attrgetter("is_pinned"), cell=f"{CELLS}#change", sort="is_pinned"),
    ),
    filters=(
        Filter("unit", mark("Unit"), "helper__name", narrow=_paired_named),
        Filter("pinned", mark("By hand"), "is_pinned", PINNED),
    ),
    order=("helped__code", "helper__code", "pk"),
    file_name="pairs",
    is_stacked=True,
)  # fmt: skip


def _of_pair_named(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    return rows.filter(Q(agreement__helper_name__icontains=text) | Q(agreement__helped_name__icontains=text))


def _of_agreement(row: Any) -> str:
    return reverse("pairing", args=[row.agreement_id])


KINDS = ((DutyKind.TASK.value, mark("task")), (DutyKind.DELIVERABLE.value, mark("deliverable")))
WHOSE = Filter("unit", mark("Unit"), "agreement", narrow=_of_pair_named)
DUTIES = Table(
    "duties",
    (
        Column("title", mark("Task or deliverable"), attrgetter("title"), sort="title"),
        Column("kind", mark("Of what kind"), methodcaller("get_kind_display"), sort="kind"),
        Column("owes", mark("Who owes it"), lambda row: row.agreement.name_of(row.side)),
        Column("for", mark("For whom"), lambda row: row.agreement.name_of(row.other_side)),
        Column("due", mark("Due on"), attrgetter("due_on"), cell=f"{CELLS}#day", sort="due_on"),
        Column("state", mark("State"), methodcaller("get_state_display"), cell=f"{CELLS}#state", sort="state"),
        Column("delivered", mark("Delivered"), attrgetter("delivered_on"), cell=f"{CELLS}#day", sort="delivered_on"),
        Column("accepted", mark("Accepted"), attrgetter("accepted_on"), cell=f"{CELLS}#day", sort="accepted_on"),
        Column("remark", mark("Remark"), attrgetter("remark"), is_shown=False),
    ),
    filters=(
        WHOSE,
        Filter("kind", mark("Of what kind"), "kind", KINDS),
        Filter("state", mark("State"), "state", tuple((str(key), name) for key, name in DUTY_NAMES.items())),
    ),
    order=("due_on", "pk"),
    row_url=_of_agreement,
    file_name="pairing-duties",
    is_stacked=True,
)

VISITS = Table(
    "visits",
    (
        Column("day", mark("Day of the visit"), attrgetter("visited_on"), cell=f"{CELLS}#visit_day", sort="visited_on"),
        Column("who", mark("Who came"), lambda row: row.agreement.name_of(row.side)),
        Column("pair", mark("The two units"), lambda row: str(row.agreement)),
        Column("people", mark("People who came"), attrgetter("people"), sort="people", is_number=True),
        Column("summary", mark("What was done"), attrgetter("summary"), cell=f"{CELLS}#words"),
        Column("outside", mark("Place outside"), attrgetter("is_outside"), sort="is_outside"),
        Column("longitude", mark("Longitude"), attrgetter("longitude"), is_number=True, is_shown=False),
        Column("latitude", mark("Latitude"), attrgetter("latitude"), is_number=True, is_shown=False),
        Column("by", mark("Recorded by"), attrgetter("author_name"), sort="author_name", is_shown=False),
    ),
    filters=(
        WHOSE,
        Filter("outside", mark("Place outside"), "is_outside", (("1", mark("place outside")), ("0", mark("in place")))),
    ),
    order=("-visited_on", "-pk"),
    row_url=lambda row: f"{_of_agreement(row)}#visit-{row.pk}",
    file_name="pairing-visits",
    is_stacked=True,
)
