"""Any index over any table of units: read, computed, written as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isnan

import numpy as np
from django.utils.translation import gettext

from anlan.assessment.core.arrays import Floats
from anlan.assessment.core.hierarchy import Hierarchy, Index, compute_index
from anlan.assessment.core.hierarchy_content import hierarchy_from_yaml
from anlan.assessment.core.workbook_values import CellProblem
from anlan.assessment.documents.offline import Faulty, File, as_problem
from anlan.assessment.documents.tables import NO_SUCH_COLUMN, UnitTable, decode, read_table
from anlan.assessment.documents.workbook_words import said
from anlan.kernel.refusal import Refusal, mark
from anlan.web.sheets import Cell, Column, Look, Table, workbook_bytes

FACTS = mark("%(index)s over %(units)d units; %(missing)d values are missing; read as %(encoding)s")


@dataclass(frozen=True, slots=True)
class ComputedIndex:
    """An index over a table: `columns` hold each leaf's numbers as read, NaN where missing."""

    hierarchy: Hierarchy
    table: UnitTable
    names: tuple[str, ...]
    codes: tuple[str, ...]
    columns: dict[str, Floats]
    index: Index

    @property
    def missing(self) -> int:
        """How many of the numbers asked for are missing."""
        return sum(int(np.isnan(values).sum()) for values in self.columns.values())

    def ranking(self) -> list[int]:
        """Return the units' places in the table in the order of their rank, those without one last."""
        ranks = self.index.ranks
        return sorted(range(len(ranks)), key=lambda place: (ranks[place] or len(ranks) + 1, place))


def index_of(content: bytes, system: bytes) -> ComputedIndex:
    """Return the index that a YAML file describes, computed over a table in CSV or .xlsx.

    Raises:
        Faulty: a file cannot be read, a column is missing, or a cell holds no number; all of them at once.
    """
    try:
        hierarchy = hierarchy_from_yaml(decode(system).text)
        table = read_table(content)
        problems = _absent_columns(hierarchy, table)
        if problems:
            raise Faulty(problems)
        names, problems = table.names(hierarchy.unit_column)
        codes = table.names(hierarchy.code_column)[0] if hierarchy.code_column else names
        columns, faults = _numbers(hierarchy, table)
        if problems or faults:
            raise Faulty([*problems, *faults])
        return ComputedIndex(hierarchy, table, names, codes, columns, compute_index(hierarchy, columns))
    except Faulty:
        raise
    except Refusal as refused:
        raise Faulty([as_problem(refused)]) from refused


def _absent_columns(hierarchy: Hierarchy, table: UnitTable) -> list[CellProblem]:
    wanted = [hierarchy.unit_column, hierarchy.code_column, *hierarchy.columns]
    known = ", ".join(table.columns)
    return [
        CellProblem(table.sheet, "", "", NO_SUCH_COLUMN, {"name": name, "columns": known})
        for name in wanted
        if name and name not in table.columns
    ]


def _numbers(hierarchy: Hierarchy, table: UnitTable) -> tuple[dict[str, Floats], list[CellProblem]]:
    columns: dict[str, Floats] = {}
    faults: list[CellProblem] = []
    for name in hierarchy.columns:
        numbers, problems = table.numbers(name)
        columns[name] = np.array([np.nan if number is None else number for number in numbers], dtype=float)
        faults += problems
    return columns, faults


def index_documents(computed: ComputedIndex, *, made_on: date) -> Iterator[File]:
    """Yield the workbook of an index: ranking with every node, and the system it was computed by."""
    facts = said(
        FACTS,
        {
            "index": computed.hierarchy.name,
            "units": len(computed.names),
            "missing": computed.missing,
            "encoding": computed.table.encoding,
        },
    )
    tables = [_ranking(computed, facts), _system(computed, facts)]
    yield "index.xlsx", workbook_bytes(tables, title=computed.hierarchy.name, made_on=made_on)


def _ranking(computed: ComputedIndex, facts: str) -> Table:
    nodes = list(computed.hierarchy.root.walk())
    has_codes = bool(computed.hierarchy.code_column)
    columns = [Column(gettext("Rank"), 7, Look.NUMBER)]
    columns += [Column(gettext("Code"), 14)] if has_codes else []
    columns += [Column(gettext("Name"), 28), Column(gettext("Completeness"), 10, Look.PERCENT)]
    columns += [Column(node.name, 14, Look.FINE) for node in nodes]
    rows: list[list[Cell]] = []
    for place in computed.ranking():
        rank = int(computed.index.ranks[place]) or None
        named = [computed.codes[place], computed.names[place]] if has_codes else [computed.names[place]]
        values = [_shown(computed.index.values[node.key][place]) for node in nodes]
        rows.append([rank, *named, float(computed.index.completeness[place]), *values])
    return Table(
        gettext("Ranking"), computed.hierarchy.name, facts, columns, rows, frozen_columns=3 if has_codes else 2
    )


def _shown(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _system(computed: ComputedIndex, facts: str) -> Table:
    columns = [
        Column(gettext("Node"), 40),
        Column(gettext("Weight"), 9, Look.FINE),
        Column(gettext("Column"), 30),
        Column(gettext("Normalisation"), 16),
        Column(gettext("Made from its parts by"), 20),
    ]
    rows: list[list[Cell]] = [
        [
            node.name,
            node.weight,
            node.column,
            node.scaling.kind.value if node.column else "",
            "" if node.column else node.aggregate.value,
        ]
        for node in computed.hierarchy.root.walk()
    ]
    return Table(gettext("Index system"), computed.hierarchy.name, facts, columns, rows)
