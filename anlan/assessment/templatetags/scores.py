"""How results read on a page: values beside their leaves, grades, chances, region and hazard names in words."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext, pgettext

from anlan.assessment.core.names import GRADE_NAMES, LEVEL_NAMES, PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Grade, Leaf, Profile, Region, Relation
from anlan.assessment.documents import report_words as words
from anlan.assessment.documents.workbook_words import in_chinese
from anlan.assessment.system_tables import FACT_NAMES, RELATION_NAMES
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.web.templatetags.shown import NONE

register = template.Library()
PART_NAMES = {
    "name_zh": mark("Chinese name"),
    "name_en": mark("English name"),
    "own_share": mark("Own part beside the units below"),
    "dimension_weights": mark("Weights of the dimensions"),
    "grades": mark("Grades"),
    "profile_factors": mark("What weighs more where"),
    "dimension_comparisons": mark("Comparisons in pairs (AHP)"),
    "contradictions": mark("Contradictions that the checks look for"),
}
FIELD_NAMES: dict[str, str] = {
    "name_zh": mark("Chinese name"),
    "name_en": mark("English name"),
    "dimension": mark("Dimension"),
    "level": mark("Asked of"),
    "kind": mark("Kind of answer"),
    "unit": mark("Unit of measure"),
    "target": mark("Target"),
    "direction": mark("Direction"),
    "weight": mark("Weight"),
    "department": mark("Filled in by"),
    "unit_price_fen": mark("Unit price (fen)"),
    "lead_days": mark("Days to mend it"),
    "minimum": mark("Least answer"),
    "maximum": mark("Most answer"),
    "evidence_zh": mark("Evidence asked for"),
    "measure_zh": mark("Measure, in Chinese"),
    "measure_en": mark("Measure, in English"),
    "excellent": mark("Excellent"),
    "good": mark("Good"),
    "fair": mark("Fair"),
    "weak_dimension": mark("weak dimension below"),
    "least_completeness": mark("no grade below a completeness of"),
}
FIRM, LIKELY, OPEN = 0.9, 0.7, 0.5


@register.filter
def of_leaf(value: float | None, leaf: Leaf) -> str:
    """Return a value with its leaf's unit: 37%, 4 persons, 1,200 days, yes."""
    return words.leaf_text(leaf, value)


@register.filter
def grade_word(grade: str | None) -> str:
    """Return the grade's name, or that there is none."""
    return gettext(GRADE_NAMES[Grade(grade)]) if grade else gettext("not graded")


@register.filter
def level_name(level: str) -> str:
    """Return the level's name."""
    return gettext(LEVEL_NAMES[Level(level)])


@register.filter
def region_word(region: str | None) -> str:
    """Return the region type's name."""
    return gettext(REGION_NAMES[Region(region)]) if region else NONE


@register.filter
def hazard_words(profiles: Iterable[str]) -> str:
    """Return the names of hazards and profiles as one list."""
    names = [gettext(PROFILE_NAMES[Profile(profile)]) for profile in profiles]
    return ("、" if in_chinese() else ", ").join(names) or NONE


@register.filter
def chance_word(chance: float | None) -> str:
    """Return how firm a grade is when the weights are shaken."""
    if chance is None:
        return NONE
    if chance >= FIRM:
        return pgettext("grade", "firm")
    if chance >= LIKELY:
        return pgettext("grade", "likely")
    return pgettext("grade", "uncertain") if chance >= OPEN else pgettext("grade", "open")


@register.filter
def in_hundred(share: float | None) -> int:
    """Return a share as cases of a hundred."""
    return round((share or 0.0) * 100)


@register.filter
def fine_percent(share: float | None) -> str:
    """Return a share in percent with one decimal where it has one."""
    return NONE if share is None else words.percent_text(share)


@register.filter
def measure_word(leaf: Leaf) -> str:
    """Return what would close the leaf's gap, in the reader's language."""
    return leaf.measure_zh if in_chinese() else leaf.measure_en or leaf.measure_zh


@register.filter
def profile_word(profile: str) -> str:
    """Return the name of a hazard or region profile."""
    return gettext(PROFILE_NAMES[Profile(profile)])


@register.filter
def relation_word(relation: str) -> str:
    """Return what a contradiction's rule says."""
    return gettext(RELATION_NAMES[Relation(relation)])


@register.filter
def fact_word(fact: str) -> str:
    """Return the name of a fact of a unit."""
    return gettext(FACT_NAMES.get(fact, fact))


@register.filter
def part_word(place: str) -> str:
    """Return the name of a part of an indicator system; a leaf's code stays."""
    return gettext(PART_NAMES.get(place, place))


@register.filter
def field_word(field: str) -> str:
    """Return the name of a field; codes and numbers stay."""
    first, dot, rest = field.partition(".")
    names = FIELD_NAMES | DIMENSION_NAMES | PROFILE_NAMES
    return f"{gettext(names.get(first, first)) if first else ''}{dot}{rest}" or "–"
