"""How figures read in reports and needs lists: values of leaves, scores, names."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext

from anlan.assessment.core.names import GRADE_NAMES
from anlan.assessment.core.values import Grade, Kind, Leaf
from anlan.assessment.documents.narrative import Measure, Measured, Sentence, Value
from anlan.assessment.documents.workbook_words import in_chinese, leaf_name, said, unit_name
from anlan.kernel.refusal import mark
from anlan.web.sheets import Look, Shown

NONE = "–"
SEPARATOR_ZH = "、"
DAY = mark("%(year)d-%(month)02d-%(day)02d")


def leaf_cell(leaf: Leaf, value: float | None) -> Shown:
    """Return a leaf's value as a cell of a workbook: yes or no, percent, number, days."""
    if value is None:
        return Shown(None, Look.TEXT)
    if leaf.kind is Kind.BOOLEAN:
        return Shown(gettext("yes") if value >= 0.5 else gettext("no"), Look.TEXT)
    return Shown(value, Look.PERCENT if leaf.kind is Kind.RATIO else Look.NUMBER)


def leaf_text(leaf: Leaf, value: float | None) -> str:
    """Return a leaf's value with its unit in words: 37%, 4 persons, 1,200 days, yes."""
    if value is None:
        return NONE
    if leaf.kind is Kind.BOOLEAN:
        return gettext("yes") if value >= 0.5 else gettext("no")
    if leaf.kind is Kind.RATIO:
        return percent_text(value)
    unit = leaf_unit(leaf)
    return f"{number_text(value)}{'' if in_chinese() or not unit else ' '}{unit}"


def leaf_unit(leaf: Leaf) -> str:
    """Return the unit of a leaf's value; empty for shares and yes or no."""
    if leaf.kind is Kind.DATE:
        return gettext("days")
    return unit_name(leaf.unit) if leaf.kind is Kind.NUMBER else ""


def number_text(value: float) -> str:
    """Return a number with separators and at most two decimals, none where it is whole."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def percent_text(value: float) -> str:
    """Return a share with one decimal where it has one: 37%, 37.5%."""
    return f"{value * 100:.1f}".removesuffix(".0") + "%"


def points_text(value: float | None) -> str:
    """Return a score in [0, 1] as points of 100."""
    return NONE if value is None else f"{value * 100:.1f}"


def grade_text(grade: Grade | None) -> str:
    """Return the grade's name."""
    return gettext(GRADE_NAMES[grade]) if grade else gettext("not graded")


def day_text(day: date) -> str:
    """Return the day as the language writes it: 2026-11-23."""
    return said(DAY, {"year": day.year, "month": day.month, "day": day.day})


def measure_text(measure: Measure) -> str:
    """Return the measure that closes a leaf's gap."""
    return measure.text_zh if in_chinese() else measure.leaf.measure_en or measure.text_zh


def say(sentence: Sentence) -> str:
    """Return the sentence in the reader's language, with its values worded."""
    text = gettext(sentence.message)
    return text % {name: word(value) for name, value in sentence.values.items()} if sentence.values else text


def word(value: Value) -> str | int | float:
    """Return a value as it stands in a sentence; plain text and numbers stay as they are."""
    if isinstance(value, tuple):
        return (SEPARATOR_ZH if in_chinese() else ", ").join(str(word(item)) for item in value)
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, Leaf):
        return leaf_name(value)
    if isinstance(value, Measured):
        return leaf_text(value.leaf, value.value)
    if isinstance(value, Measure):
        return measure_text(value)
    return day_text(value) if isinstance(value, date) else value


def say_all(sentences: Iterable[Sentence]) -> str:
    """Return sentences as running text."""
    return ("" if in_chinese() else " ").join(say(sentence) for sentence in sentences)
