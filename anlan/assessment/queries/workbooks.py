"""The workbook of a part of a round: what it asks, what it knows, and what one that came back says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from anlan.accounts.queries import Scope
from anlan.assessment.core.entry import Entered, entry_text
from anlan.assessment.core.values import Leaf
from anlan.assessment.core.workbook_sheet import NOT_YOURS
from anlan.assessment.core.workbook_values import (
    CellProblem,
    Conflict,
    Key,
    Known,
    Place,
    TypedCell,
    WorkbookReading,
    WorkbookScope,
    conflicts,
)
from anlan.assessment.documents.workbook_read import OTHER_DEPARTMENT, read_workbook
from anlan.assessment.models import Answer, Round
from anlan.assessment.queries.surveys import system_of, units_of
from anlan.kernel.codes import is_within, prefix_of
from anlan.places import queries as places


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a workbook over would do."""

    problems: tuple[CellProblem, ...]
    changes: tuple[TypedCell, ...]
    conflicts: tuple[tuple[Conflict, Leaf, str], ...]  # with leaf and unit name
    rows: tuple[tuple[TypedCell, Leaf, str], ...]  # changes without a conflict, with leaf and unit name

    @property
    def suggestions(self) -> tuple[CellProblem, ...]:
        """The problems that one click mends."""
        return tuple(problem for problem in self.problems if problem.suggestion is not None)


def workbook_scope(row: Round, code: str, department: str | None = None) -> WorkbookScope:
    """Return what the workbook of a county, a township with its villages or a village asks."""
    prefix = prefix_of(code)
    units = tuple(unit for unit in units_of(row) if is_within(unit.code, prefix))
    system = system_of(row)
    return WorkbookScope(
        system=system,
        units=tuple(unit for unit in units if system.at_level(unit.level)),
        round_name=row.name,
        closes_on=row.closes_on,
        token=str(row.pk),
        department=department,
        area=next((unit.name for unit in units if unit.code == code), ""),
        expired=places.expired_within(prefix, row.opens_on),
    )


def known_answers(row: Round, code: str) -> dict[Key, Known]:
    """Return the answers there are within the division, with their versions."""
    rows = Answer.objects.filter(round=row, division__code__startswith=prefix_of(code))
    found = rows.values_list("division__code", "leaf__code", "version", "value", "day")
    return {(unit, leaf): Known(version, Entered(value, day)) for unit, leaf, version, value, day in found}


def read_back(
    content: bytes, row: Round, code: str, fills: Scope, accepted: Mapping[Place, str] | None = None
) -> WorkbookReading:
    """Return what a workbook says: one made for any department is read as that one's.

    What the person may not fill in and changed nevertheless is a problem of its cell.

    Raises:
        BadWorkbook: the file is none of ours or cannot be opened at all.
    """
    scope = workbook_scope(row, code)
    reading = read_workbook(content, scope, accepted=accepted)
    first = reading.problems[0] if reading.problems else None
    if first and first.message == OTHER_DEPARTMENT:
        reading = read_workbook(content, replace(scope, department=first.value), accepted=accepted)
    leaves = {leaf.code: leaf for leaf in scope.system.leaves}
    return replace(reading, problems=(*reading.problems, *_trespasses(reading.changes, leaves, fills)))


def _trespasses(changes: Iterable[TypedCell], leaves: Mapping[str, Leaf], fills: Scope) -> Iterable[CellProblem]:
    for change in changes:
        leaf = leaves[change.leaf_code]
        if not fills.covers(change.unit_code, leaf.department):
            text = entry_text(leaf, change.entered) or ""
            before = entry_text(leaf, change.base.entered)
            yield CellProblem(change.sheet, change.cell, text, NOT_YOURS, {"leaf": leaf.code}, before)


def preview_of(reading: WorkbookReading, row: Round, code: str) -> Preview:
    """Return what the reading would change, and where somebody else was quicker."""
    leaves = {leaf.code: leaf for leaf in reading.scope.system.leaves}
    names = {unit.code: unit.name for unit in reading.scope.units}
    clashes = conflicts(reading.changes, known_answers(row, code))
    clashing = {clash.typed.key for clash in clashes}
    return Preview(
        reading.problems,
        reading.changes,
        tuple((clash, leaves[clash.typed.leaf_code], names[clash.typed.unit_code]) for clash in clashes),
        tuple(
            (change, leaves[change.leaf_code], names[change.unit_code])
            for change in reading.changes
            if change.key not in clashing
        ),
    )
