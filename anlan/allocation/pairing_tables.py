"""The lists of pairing: agreements, and the pairs of a proposal."""

from operator import attrgetter, methodcaller
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.allocation.core.pairing_life import AGREEMENT_NAMES
from anlan.allocation.models import Agreement
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
