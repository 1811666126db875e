"""Plans as pages show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from anlan.allocation.core.notes import note_from
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.documents.plan_told import note_text
from anlan.allocation.plan_tables import years_text

register = template.Library()
COLOURS = {
    PlanState.DRAFT: "secondary",
    PlanState.REVIEWED: "blue",
    PlanState.APPROVED: "green",
    PlanState.SUPERSEDED: "secondary",
}

register.filter("plan_years", years_text)
register.filter("told_note", note_text)


@register.filter
def plan_colour(state: str) -> str:
    """Return the colour of a plan's state."""
    return COLOURS[PlanState(state)]


@register.filter
def told(content: Sequence[Any]) -> str:
    """Return a kept note in the reader's language."""
    return note_text(note_from(content))


@register.filter
def gap_text(gap: float | None) -> str:
    """Return a proven gap in percent, never rounded down: 0.01 %."""
    if gap is None:
        return "–"  # noqa: RUF001
    hundredths = int(gap * 10_000 + 0.999999)
    return f"{hundredths / 100:.2f} %"


@register.filter
def left_fen(price: Mapping[str, int]) -> int:
    """Return what is left of a source's money."""
    return price["budget_fen"] - price["spent_fen"]
