"""The rules in the reader's words: conditions, facts, classes, measures."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from django.utils.translation import get_language, gettext

from anlan.allocation.core.classes import DecisionTable
from anlan.allocation.core.decision import Condition, Row, Test
from anlan.allocation.core.facts import FACT_NAMES, UNKNOWN
from anlan.allocation.core.measures import UNIT_NAMES
from anlan.assessment.core.names import DEPARTMENT_NAMES, GRADE_NAMES
from anlan.assessment.core.values import Grade
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.values import (
    HAZARD_NAMES,
    LANDFORM_NAMES,
    LEVEL_NAMES,
    REGION_NAMES,
    Hazard,
    Landform,
    RegionType,
)
from anlan.web.templatetags.shown import number

VALUE_NAMES: Mapping[str, Mapping[str, str]] = {
    "level": {each.value: LEVEL_NAMES[each] for each in (Level.TOWNSHIP, Level.VILLAGE)},
    "region_type": {**{each.value: REGION_NAMES[each] for each in RegionType}, UNKNOWN: mark("not recorded")},
    "landform": {**{each.value: LANDFORM_NAMES[each] for each in Landform}, UNKNOWN: mark("not recorded")},
    "grade": {**{each.value: GRADE_NAMES[each] for each in Grade}, UNKNOWN: mark("not graded")},
    "hazards": {each.value: HAZARD_NAMES[each] for each in Hazard},
}


class Named(Protocol):
    """Whatever has a name in both languages."""

    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def name_of(one: Named) -> str:
    """Return the name in the reader's language."""
    return one.name_zh if (get_language() or "").startswith("zh") else one.name_en


def note_of(row: Row) -> str:
    """Return a row's note in the reader's language."""
    return row.note_zh if (get_language() or "").startswith("zh") else row.note_en


def class_names(table: DecisionTable) -> dict[str, str]:
    """Return the names of the classes by key."""
    return {each.key: name_of(each) for each in table.classes}


def condition_text(condition: Condition) -> str:
    """Return the condition as a person reads it: Landform: Hills, Mountains."""
    fact = gettext(FACT_NAMES[condition.fact])
    if condition.test is Test.BETWEEN:
        return gettext("%(fact)s: %(range)s") % {"fact": fact, "range": _range_text(condition)}
    values = _joined(condition.fact, condition.values)
    if condition.test is Test.NONE:
        return gettext("%(fact)s: none of %(values)s") % {"fact": fact, "values": values}
    return gettext("%(fact)s: %(values)s") % {"fact": fact, "values": values}


def _range_text(condition: Condition) -> str:
    least, most = condition.least or 0.0, condition.most
    if most is None:
        return gettext("%(least)s or more") % {"least": number(least)}
    if not least:
        return gettext("below %(most)s") % {"most": number(most)}
    return gettext("%(least)s to below %(most)s") % {"least": number(least), "most": number(most)}


def _joined(fact: str, values: Iterable[str]) -> str:
    return gettext(", ").join(gettext(VALUE_NAMES[fact][value]) for value in values)


def conditions_text(row: Row) -> str:
    """Return all conditions of a row; a row without any fits every unit."""
    told = gettext("; ").join(condition_text(each) for each in row.conditions)
    return told or gettext("every unit that no row above fits")


def fact_text(fact: str, value: Any) -> str:
    """Return one fact of a unit: Landform: Hills."""
    return gettext("%(fact)s: %(values)s") % {"fact": gettext(FACT_NAMES[fact]), "values": value_text(fact, value)}


def value_text(fact: str, value: Any) -> str:
    """Return the value of a fact in words."""
    if fact == "hazards":
        return _joined(fact, sorted(value)) or gettext("none")
    if fact in VALUE_NAMES:
        return gettext(VALUE_NAMES[fact][value])
    return gettext("not recorded") if value is None else number(value)


def example_text(example: Mapping[str, Any]) -> str:
    """Return an example of facts that some rows fit, or none."""
    return gettext("; ").join(fact_text(fact, value) for fact, value in example.items())


def facts_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and value of the facts that a unit was judged by."""
    for fact, name in FACT_NAMES.items():
        yield gettext(name), value_text(fact, content.get(fact))


def unit_name(unit: str) -> str:
    """Return the unit in which a measure is counted."""
    return gettext(UNIT_NAMES[unit]) if unit in UNIT_NAMES else unit


def department_name(key: str) -> str:
    """Return the department that does it."""
    return gettext(DEPARTMENT_NAMES[key]) if key in DEPARTMENT_NAMES else key
