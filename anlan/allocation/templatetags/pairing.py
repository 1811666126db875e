"""Pairing as pages show it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext

from anlan.allocation import pairing_words
from anlan.allocation.core.pairing_life import AGREEMENT_NAMES, AgreementState, DutyState, PairingState
from anlan.allocation.models import Side
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension

register = template.Library()
COLOURS = {
    PairingState.DRAFT: "secondary",
    PairingState.PROPOSED: "azure",
    PairingState.CONFIRMED: "green",
    PairingState.DROPPED: "secondary",
    AgreementState.AGREED: "azure",
    AgreementState.ACTIVE: "green",
    AgreementState.CHECKED: "azure",
    DutyState.DUE: "secondary",
    DutyState.DELIVERED: "azure",
    DutyState.ACCEPTED: "green",
}

register.filter("note_text", pairing_words.note_text)
register.filter("notes_text", pairing_words.notes_text)


@register.filter
def state_colour(state: str) -> str:
    """Return the quiet colour of a state; the word stands beside it."""
    return COLOURS.get(state, "secondary")  # type: ignore[call-overload, no-any-return]


@register.filter
def reason_of(unit: Any) -> str:
    """Return why a unit stayed without a partner."""
    return pairing_words.note_text([unit.reason, unit.reason_values]) if unit.reason else ""


@register.filter
def dimension_scores(scores: Sequence[float | None]) -> list[tuple[str, float | None]]:
    """Return the five dimensions with their scores."""
    return [(gettext(DIMENSION_NAMES[one]), score) for one, score in zip(Dimension, scores, strict=True)]


@register.filter
def part_names(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what a pair's value is made of, in words."""
    return [(gettext(name), parts[key]) for key, name in pairing_words.PART_NAMES.items() if key in parts]


@register.filter
def unit_of(agreement: Any, side: str) -> str:
    """Return the name of one side's unit."""
    return str(agreement.name_of(side))


@register.filter
def agreement_state(state: str) -> str:
    """Return the state of an agreement in words."""
    return gettext(AGREEMENT_NAMES[state])


@register.filter
def across(side: str) -> str:
    """Return the other side."""
    return Side.HELPED.value if side == Side.HELPER else Side.HELPER.value
