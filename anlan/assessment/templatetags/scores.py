"""How results read on a page: values beside their leaves, grades, chances, region and hazard names in words."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext, pgettext

from anlan.assessment.core.names import GRADE_NAMES, LEVEL_NAMES, PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.values import Grade, Leaf, Profile, Region
from anlan.assessment.documents import report_words as words
from anlan.assessment.documents.workbook_words import in_chinese
from anlan.kernel.codes import Level
from anlan.web.templatetags.shown import NONE

register = template.Library()
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
