"""Rules as pages show them."""

from django import template
from django.utils.translation import gettext

from anlan.allocation import rule_words
from anlan.allocation.core.strategies import STANCE_NAMES, Cell, Stance
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.codes import Level
from anlan.places.core.values import LEVEL_NAMES

register = template.Library()
SIGNS = {Stance.PREFERRED: "+", Stance.REQUIRED: "★", Stance.BARRED: "×", Stance.NEUTRAL: ""}

register.filter("named", rule_words.name_of)
register.filter("row_note", rule_words.note_of)
register.filter("conditions", rule_words.conditions_text)
register.filter("example", rule_words.example_text)
register.filter("facts", rule_words.facts_of)
register.filter("measure_unit", rule_words.unit_name)
register.filter("department", rule_words.department_name)


@register.filter
def dimension(key: str) -> str:
    """Return the name of a dimension."""
    return gettext(DIMENSION_NAMES[Dimension(key)])


@register.filter
def level(key: str) -> str:
    """Return the name of a level."""
    return gettext(LEVEL_NAMES[Level(key)])


@register.filter
def stance_sign(cell: Cell) -> str:
    """Return the sign of what the strategy says; the word stands beside it for readers of screens."""
    return SIGNS[cell.stance]


@register.filter
def stance(cell: Cell) -> str:
    """Return what the strategy says in words."""
    return gettext(STANCE_NAMES[cell.stance])


@register.filter
def row_part(number: int) -> str:
    """Return the editor's name of a row."""
    return f"row.{number}"


@register.filter
def measure_part(code: str) -> str:
    """Return the editor's name of a measure."""
    return f"measure.{code}"


@register.filter
def class_part(key: str) -> str:
    """Return the editor's name of a class's strategy."""
    return f"class.{key}"
