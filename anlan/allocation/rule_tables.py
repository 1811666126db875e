"""The lists of the rules: units with their classes, and measures."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from anlan.allocation import rule_words
from anlan.allocation.core.classes import DecisionTable
from anlan.allocation.core.facts import CHOICES
from anlan.assessment.core.names import DEPARTMENT_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.places.core.values import LEVEL_NAMES
from anlan.web.tables import Column, Filter, Table

CELLS = "allocation/rule_cells.html"
MEASURE_LEVELS = tuple((each.value, LEVEL_NAMES[each]) for each in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE))


def _fact(name: str) -> Column:
    titles = {"minutes": mark("Minutes to the county seat"), "density": mark("People per km²")}
    return Column(name, titles[name], lambda row: row.facts.get(name), sort=f"facts__{name}", is_number=True)


def classes_table(table: DecisionTable) -> Table:
    """Return the list of units with the row that gave each its class."""
    names = rule_words.class_names(table)
    whys = {number: rule_words.conditions_text(row) for number, row in enumerate(table.rows, 1)}
    return Table(
        "classes",
        (
            Column("name", mark("Unit"), attrgetter("name"), cell=f"{CELLS}#unit", sort="name"),
            Column("level", mark("Level"), lambda row: gettext(LEVEL_NAMES[Level(row.level)]), sort="level"),
            Column("class", mark("Class"), lambda row: names.get(row.class_key, row.class_key), sort="class_key"),
            Column("row", mark("Row"), attrgetter("row_number"), sort="row_number", is_number=True),
            Column("why", mark("Why"), lambda row: whys.get(row.row_number, ""), cell=f"{CELLS}#words"),
            _fact("minutes"),
            _fact("density"),
            Column(
                "grade",
                mark("Capability grade"),
                lambda row: rule_words.value_text("grade", row.facts.get("grade", "")),
            ),
            Column(
                "hazards",
                mark("Hazards"),
                lambda row: rule_words.value_text("hazards", row.facts.get("hazards", ())),
                is_shown=False,
            ),
            Column("code", mark("Code"), attrgetter("code"), sort="code", is_shown=False),
        ),
        filters=(
            Filter("name", mark("Name"), "name__icontains"),
            Filter(
                "level", mark("Level"), "level", tuple((each, LEVEL_NAMES[Level(each)]) for each in CHOICES["level"])
            ),
            Filter("class", mark("Class"), "class_key", tuple(names.items())),
            Filter("row", mark("Row"), "row_number"),
        ),
        order=("code", "pk"),
        row_url=_unit_url,
        file_name="unit-classes",
    )


def _unit_url(row: Any) -> str:
    return reverse("unit-class", args=[row.pk])


MEASURE_FILTERS = (
    Filter("name", mark("Name"), "name_zh__icontains"),
    Filter(
        "dimension",
        mark("Dimension"),
        "dimension",
        tuple((each.value, DIMENSION_NAMES[each]) for each in Dimension),
    ),
    Filter("level", mark("Level"), "level", MEASURE_LEVELS),
    Filter("department", mark("Responsible"), "department", tuple(DEPARTMENT_NAMES.items())),
)


def measures_table(raised: Mapping[str, str], examples: frozenset[str]) -> Table:
    """Return the list of measures; `raised` says what each raises, `examples` whose prices are examples."""
    return Table(
        "measures",
        (
            Column("code", mark("Code"), attrgetter("code"), sort="code", is_shown=False),
            Column("name", mark("Measure"), rule_words.name_of, cell=f"{CELLS}#measure", sort="name_zh"),
            Column(
                "dimension",
                mark("Dimension"),
                lambda row: gettext(DIMENSION_NAMES[Dimension(row.dimension)]),
                sort="dimension",
            ),
            Column("level", mark("Level"), lambda row: gettext(LEVEL_NAMES[Level(row.level)]), sort="level"),
            Column("raises", mark("Raises"), lambda row: raised.get(row.code, ""), cell=f"{CELLS}#words"),
            Column("unit", mark("Counted in"), lambda row: rule_words.unit_name(row.unit)),
            Column(
                "price",
                mark("Unit price"),
                lambda row: row.unit_price_fen / FEN_PER_YUAN,
                sort="unit_price_fen",
                is_number=True,
                unit=mark("yuan"),
            ),
            Column(
                "running",
                mark("Running cost a year"),
                lambda row: row.running_fen / FEN_PER_YUAN,
                sort="running_fen",
                is_number=True,
                unit=mark("yuan"),
            ),
            Column(
                "example", mark("Price"), lambda row: gettext("example") if row.code in examples else gettext("own")
            ),
            Column("department", mark("Responsible"), lambda row: rule_words.department_name(row.department)),
        ),
        filters=MEASURE_FILTERS,
        order=("position", "pk"),
        page_size=100,
        row_url=_measure_url,
        file_name="measures",
    )


def _measure_url(row: Any) -> str:
    return reverse("measure", args=[row.rule_version_id, row.code])
