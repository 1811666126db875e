"""The table that turns the facts of a unit into its class (分类), as content that is kept, edited and published.

Source: docs/methods/unit-classes.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anlan.allocation.core.decision import Condition, Row, Test, findings_of, first_match
from anlan.allocation.core.facts import CHOICES, HAZARDS, NUMBERS, UnitFacts
from anlan.kernel.refusal import Refusal

Content = dict[str, Any]


class BadTable(Refusal):
    """The content is no decision table."""


class TableHasHoles(Refusal):
    """Some units would be of no class."""


class NoClass(Refusal):
    """A unit fits no row."""


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class that rows may name, with the colour that maps draw it in."""

    key: str
    name_zh: str
    name_en: str
    colour: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Classes and the rows that give them."""

    classes: tuple[ClassName, ...]
    rows: tuple[Row, ...]

    def named(self, key: str) -> ClassName:
        """Return the class of that key."""
        return next(each for each in self.classes if each.key == key)


@dataclass(frozen=True, slots=True)
class Classified:
    """What the table says of one unit: the class, and the row that matched, counted from 1."""

    facts: UnitFacts
    class_key: str
    row_number: int


@cache
def default_table() -> DecisionTable:
    """Return the project's own table.

    >>> len(default_table().classes)
    9
    """
    text = (files("anlan.allocation") / "data" / "default_classes.yaml").read_text(encoding="utf-8")
    return table_from_content(yaml.safe_load(text))


def classify(table: DecisionTable, units: Iterable[UnitFacts]) -> tuple[Classified, ...]:
    """Return the class of each unit.

    Raises:
        NoClass: a unit fits no row.

    Source: docs/methods/unit-classes.md, section 1.
    """
    return tuple(_classified(table, facts) for facts in units)


def _classified(table: DecisionTable, facts: UnitFacts) -> Classified:
    number = first_match(table.rows, facts)
    if number is None:
        raise NoClass(
            "%(unit)s (%(code)s) fits no row of the decision table: it has no class. Add a row that fits it",
            unit=facts.name,
            code=facts.code,
        )
    return Classified(facts, table.rows[number - 1].class_key, number)


def check_publishable(table: DecisionTable) -> None:
    """Refuse a table that leaves units without a class.

    Raises:
        TableHasHoles: with how many kinds of facts were found that no row fits.
    """
    holes = findings_of(table.rows).holes
    if holes:
        raise TableHasHoles(
            "The decision table has holes: no row fits some units. Close them by more rows, or by a last row "
            "without conditions"
        )


def table_content(table: DecisionTable) -> Content:
    """Return the table as JSON content."""
    return {
        "classes": [
            {"key": each.key, "name_zh": each.name_zh, "name_en": each.name_en, "colour": each.colour}
            for each in table.classes
        ],
        "rows": [
            {
                "class": row.class_key,
                "note_zh": row.note_zh,
                "note_en": row.note_en,
                "when": [_condition_content(each) for each in row.conditions],
            }
            for row in table.rows
        ],
    }


def _condition_content(condition: Condition) -> Content:
    content: Content = {"fact": condition.fact, "test": condition.test.value}
    if condition.test is Test.BETWEEN:
        return content | {"least": condition.least, "most": condition.most}
    return content | {"values": list(condition.values)}


def table_from_content(content: Mapping[str, Any]) -> DecisionTable:
    """Return the table that content holds.

    Raises:
        BadTable: it holds none: no rows, an unknown class, fact or value, or a range without numbers between.
    """
    try:
        table = DecisionTable(
            classes=tuple(
                ClassName(str(each["key"]), str(each["name_zh"]), str(each["name_en"]), str(each["colour"]))
                for each in content["classes"]
            ),
            rows=tuple(_row(each) for each in content["rows"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadTable("This is no decision table: %(wrong)s", wrong=str(wrong)) from None
    _check(table)
    return table


def _row(content: Mapping[str, Any]) -> Row:
    return Row(
        class_key=str(content["class"]),
        conditions=tuple(
            Condition(
                fact=str(each["fact"]),
                test=Test(each["test"]),
                values=tuple(str(value) for value in each.get("values") or ()),
                least=_number(each.get("least")),
                most=_number(each.get("most")),
            )
            for each in content.get("when") or ()
        ),
        note_zh=str(content.get("note_zh") or ""),
        note_en=str(content.get("note_en") or ""),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _check(table: DecisionTable) -> None:
    if not table.rows:
        raise BadTable("A decision table needs at least one row")
    keys = [each.key for each in table.classes]
    for key in keys:
        if keys.count(key) > 1:
            raise BadTable("The class %(key)s stands twice", key=key)
    for number, row in enumerate(table.rows, 1):
        if row.class_key not in keys:
            raise BadTable("Row %(row)d names the class %(key)s, which there is not", row=number, key=row.class_key)
        for condition in row.conditions:
            _check_condition(number, condition)


def _check_condition(number: int, condition: Condition) -> None:
    if condition.fact in NUMBERS and condition.test is Test.BETWEEN:
        _check_range(number, condition)
        return
    is_choice = condition.fact in CHOICES and condition.test is Test.AMONG
    is_hazards = condition.fact == "hazards" and condition.test in {Test.ANY, Test.NONE}
    if not is_choice and not is_hazards:
        raise BadTable("Row %(row)d asks for %(fact)s in a way that is not known", row=number, fact=condition.fact)
    known = CHOICES.get(condition.fact, HAZARDS)
    for value in condition.values:
        if value not in known:
            raise BadTable(
                "Row %(row)d: %(value)s is no value of %(fact)s", row=number, value=value, fact=condition.fact
            )


def _check_range(number: int, condition: Condition) -> None:
    least, most = condition.least or 0.0, condition.most
    if least < 0 or (most is not None and most <= least):
        raise BadTable(
            "Row %(row)d: no number of %(fact)s is at least %(least)g and below %(most)g",
            row=number,
            fact=condition.fact,
            least=least,
            most=most or 0.0,
        )
