"""What came of an assessment or an index, as tables for a terminal."""

from collections import Counter
from math import isnan

from django.utils.translation import gettext
from rich.console import Console
from rich.table import Table

from anlan.assessment.core.names import GRADE_NAMES, LEVEL_NAMES
from anlan.assessment.core.values import Result, UnitResult
from anlan.assessment.documents.index import ComputedIndex
from anlan.kernel.codes import Level
from anlan.kernel.money import wan_text

MOST_UNITS = 30
NONE = "–"


def print_result(result: Result, console: Console) -> None:
    """Print the ranking of the level below the first unit, and what was left out of it."""
    townships = [unit for unit in result.units if unit.unit.level is Level.TOWNSHIP]
    ranked = sorted(townships or result.units, key=lambda unit: (unit.rank or len(result.units), unit.unit.code))
    table = Table(title=result.survey_name)
    table.add_column(gettext("Rank"), justify="right")
    table.add_column(gettext("Name"))
    for heading in (gettext("Score"), gettext("Bounds"), gettext("Grade"), gettext("Completeness"), gettext("Needs")):
        table.add_column(heading, justify="right")
    table.add_column(gettext("Cost (10 000 yuan)"), justify="right")
    for unit in ranked[:MOST_UNITS]:
        table.add_row(*_row(unit, result))
    console.print(table)
    console.print(_totals(result))
    if result.missing:
        console.print(_missing(result))


def _row(found: UnitResult, result: Result) -> list[str]:
    within = [need for need in result.needs if found.unit.code in {need.unit_code, need.township_code}]
    return [
        str(found.rank or NONE),
        found.unit.name,
        NONE if found.score is None else f"{found.score * 100:.1f}",
        f"{found.lower * 100:.1f}–{found.upper * 100:.1f}",
        gettext(GRADE_NAMES[found.grade]) if found.grade else NONE,
        f"{found.completeness:.0%}",
        str(len(within)),
        wan_text(sum(need.cost_fen for need in within)),
    ]


def _totals(result: Result) -> str:
    levels = Counter(unit.unit.level for unit in result.units)
    words = ", ".join(f"{gettext(LEVEL_NAMES[level])} {count}" for level, count in levels.items())
    values = {
        "units": words,
        "needs": len(result.needs),
        "cost": wan_text(sum(need.cost_fen for need in result.needs)),
        "weak": sum(unit.is_weak for unit in result.units),
    }
    return gettext("%(units)s; %(weak)d weak units; %(needs)d needs for %(cost)s × 10 000 yuan") % values


def _missing(result: Result) -> str:
    units = Counter(code for code, _leaf in result.missing)
    values = {"count": len(result.missing), "units": len(units)}
    return gettext("%(count)d answers of %(units)d units are missing; assessment.xlsx lists them") % values


def print_index(computed: ComputedIndex, console: Console) -> None:
    """Print the first units of an index, and how its table was read."""
    hierarchy, index = computed.hierarchy, computed.index
    table = Table(title=hierarchy.name)
    table.add_column(gettext("Rank"), justify="right")
    table.add_column(gettext("Name"))
    shown = (hierarchy.root, *hierarchy.root.children)
    for node in shown:
        table.add_column(node.name, justify="right")
    table.add_column(gettext("Completeness"), justify="right")
    for place in computed.ranking()[:MOST_UNITS]:
        values = [index.values[node.key][place] for node in shown]
        figures = [NONE if isnan(value) else f"{value:.3g}" for value in values]
        rank = str(index.ranks[place] or NONE)
        table.add_row(rank, computed.names[place], *figures, f"{index.completeness[place]:.0%}")
    console.print(table)
    values = {"encoding": computed.table.encoding, "sample": computed.table.sample}  # type: ignore[assignment]
    if computed.table.sample:
        text = gettext("The table was read as %(encoding)s; it should say: %(sample)s")
    else:
        text = gettext("The table was read as %(encoding)s")
    console.print(text % values, markup=False)
