"""How the survey's values read on a page: names of leaves and departments, answers, flags, states."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from anlan.assessment.core.entry import Entered, entry_text
from anlan.assessment.core.names import METHOD_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Kind, Leaf
from anlan.assessment.documents import workbook_words as words
from anlan.assessment.documents.workbook_marks import reason_of
from anlan.web.templatetags.shown import NONE, day

register = template.Library()
COLOURS = {
    "draft": "secondary",
    "open": "blue",
    "closed": "secondary",
    "submitted": "azure",
    "returned": "red",
    "verified": "green",
    "confirmed": "green",
    "corrected": "green",
}

register.filter("department_name", words.department_name)
register.filter("target_text", words.target_text)
register.filter("name_of", words.leaf_name)
register.filter("reason_text", reason_of)


@register.filter
def dimension_name(dimension: str) -> str:
    """Return the dimension's name in the reader's language."""
    return gettext(DIMENSION_NAMES[Dimension(dimension)])


@register.filter
def unit_name(leaf: Leaf) -> str:
    """Return what a leaf is counted in; a ratio is written as one, so it says how."""
    return "0–1" if leaf.kind is Kind.RATIO else words.unit_name(leaf.unit)


@register.filter
def answer_text(answer: Any) -> str:
    """Return an answer as it reads: yes, 12, 37%, a day."""
    return entered_text(Entered(answer.value, answer.day), answer.leaf) if answer else NONE


@register.filter
def entered_text(entered: Entered | None, leaf: Any) -> str:
    """Return an entry as it reads beside its leaf."""
    if entered is None or entered == Entered():
        return NONE
    if entered.day:
        return day(entered.day)
    return _shown(entered.value or 0.0, leaf.kind)


def _shown(value: float, kind: str) -> str:
    if kind == Kind.BOOLEAN:
        return gettext("yes") if value else gettext("no")
    if kind == Kind.RATIO:
        return f"{value * 100:.4g}%"
    return number_format(f"{value:.10g}", force_grouping=True) if abs(value) < 1e10 else f"{value:g}"


@register.filter
def entered_input(entered: Entered | None, leaf: Leaf) -> str:
    """Return the text that a field would hold for the entry."""
    return (entry_text(leaf, entered) or "") if entered else ""


@register.filter
def flag_text(flag: Any) -> str:
    """Return what the check doubts, in the reader's language."""
    return words.said(flag.message, {name: _told(name, value, flag.answer.leaf) for name, value in flag.values.items()})


def _told(name: str, value: Any, leaf: Any) -> Any:
    if name == "other":
        return gettext(words.LABELS[value]) if value in words.LABELS else value
    if leaf.kind == Kind.BOOLEAN and name in {"value", "previous"}:
        return gettext("yes") if value else gettext("no")
    return f"{value:g}" if isinstance(value, float) else value


@register.filter
def method_name(method: str) -> str:
    """Return how the weights of an assessment were found."""
    return gettext(METHOD_NAMES[method])


@register.filter
def state_colour(status: str) -> str:
    """Return the colour of a state's mark."""
    return COLOURS.get(status, "secondary")
