"""The words of the survey workbook, in the language of whoever makes it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from anlan.assessment.core.names import DEPARTMENT_NAMES, UNIT_NAMES
from anlan.assessment.core.values import Direction, Kind, Leaf
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

COVER = mark("How to fill in")
UNITS = mark("Divisions")
NOTES = mark("Indicators")
PROBLEMS = mark("Problems")
HIDDEN = "_anlan"
LEVEL_SHEETS = {
    Level.COUNTY: mark("County indicators"),
    Level.TOWNSHIP: mark("Township indicators"),
    Level.VILLAGE: mark("Village indicators"),
}
LABELS = {
    "code": mark("Division code"),
    "name": mark("Name"),
    "level": mark("Level"),
    "parent": mark("Belongs to"),
    "population": mark("Population"),
    "households": mark("Households"),
    "region": mark("Region type"),
    "hazards": mark("Hazards"),
}
HOW = {
    Kind.BOOLEAN: mark("choose yes or no"),
    Kind.NUMBER: mark("number"),
    Kind.RATIO: mark("ratio: 37% or 0.37"),
    Kind.DATE: mark("date: 2026-03-01"),
}
NUMBER_OF = mark("number (%(unit)s)")
AT_LEAST = mark("at least %(amount)s")
AT_MOST = mark("at most %(amount)s")
WITHIN = mark("within %(days)d days before the closing date")


def said(message: str, values: Mapping[str, Any] | None = None) -> str:
    """Return a catalogue message in the reader's language."""
    text = gettext(message)
    return text % values if values else text


def department_name(key: str) -> str:
    """Return the department's name; one that a county added itself keeps its key."""
    return gettext(DEPARTMENT_NAMES.get(key, key))


def unit_name(unit: str) -> str:
    """Return the unit of measure in words; one that a county added itself stays as it is."""
    name = UNIT_NAMES.get(unit, unit)
    return gettext(name) if name else ""


def how_to_fill(leaf: Leaf) -> str:
    """Return what to write into a leaf's column."""
    unit = unit_name(leaf.unit)
    if leaf.kind is Kind.NUMBER and unit:
        return said(NUMBER_OF, {"unit": unit})
    return gettext(HOW[leaf.kind])


def target_text(leaf: Leaf) -> str:
    """Return what counts as reached, in words: at least 6, at most 30 minutes, within 3 years."""
    if leaf.kind is Kind.BOOLEAN:
        return gettext("yes")
    if leaf.kind is Kind.DATE:
        return said(WITHIN, {"days": round(leaf.target)})
    amount = f"{leaf.target:.4g}"
    if leaf.kind is Kind.RATIO:
        amount = f"{leaf.target * 100:.4g}%"
    return said(AT_LEAST if leaf.direction is Direction.POSITIVE else AT_MOST, {"amount": amount})


def leaf_name(leaf: Leaf) -> str:
    """Return the leaf's name in the reader's language."""
    return leaf.name_zh if in_chinese() else leaf.name_en


def in_chinese() -> bool:
    """Tell whether the reader's language is Chinese."""
    return (get_language() or "zh").startswith("zh")
