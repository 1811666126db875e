"""Pairing as pages show it."""

from collections.abc import Mapping
from typing import Any

from django import template

from anlan.allocation import pairing_words
from anlan.allocation.core.pairing_life import AgreementState, DutyState, PairingState

register = template.Library()
COLOURS: Mapping[str, str] = {
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


@register.filter
def state_colour(state: str) -> str:
    """Return the quiet colour of a state; the word stands beside it."""
    return COLOURS.get(state, "secondary")


@register.filter
def reason_of(unit: Any) -> str:
    """Return why a unit stayed without a partner."""
    return pairing_words.note_text([unit.reason, unit.reason_values]) if unit.reason else ""


@register.filter
def unit_of(agreement: Any, side: str) -> str:
    """Return the name of one side's unit."""
    return str(agreement.name_of(side))
