"""What one survey workbook holds: what it asks, what was typed into it and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isclose
from typing import Any

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Answer, Survey, System, Unit

Key = tuple[str, str]  # unit code, leaf code
Place = tuple[str, str]  # sheet, cell; the cell is empty for the sheet as a whole
OFFLINE = "offline"  # token of a workbook that belongs to no round in a database


@dataclass(frozen=True, slots=True)
class WorkbookScope:
    """What a workbook asks of whom. The same scope makes the workbook and reads it back.

    `token` names the round, so that a workbook of another one is refused. A department restricts
    what may be changed to its own leaves; None lets every leaf be filled in. `expired` maps a code that
    was valid once to the name of what it became.
    """

    system: System
    units: tuple[Unit, ...]
    round_name: str
    closes_on: date
    token: str
    department: str | None = None
    area: str = ""
    expired: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_offline(self) -> bool:
        """Whether the workbook is its own survey: its divisions and closing date count as written."""
        return self.token == OFFLINE


@dataclass(frozen=True, slots=True)
class Known:
    """An answer as the system holds it; version 0 is none yet."""

    version: int = 0
    entered: Entered = field(default_factory=Entered)


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One answer found in a workbook, beside the one that was printed into it."""

    unit_code: str
    leaf_code: str
    entered: Entered
    base: Known
    sheet: str
    cell: str

    @property
    def key(self) -> Key:
        """Unit code and leaf code."""
        return self.unit_code, self.leaf_code

    @property
    def is_cleared(self) -> bool:
        """Whether the answer is to be taken away."""
        return self.entered == Entered()

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what was printed into the workbook."""
        return not same_entry(self.entered, self.base.entered)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why a cell cannot be read, and the text that could where it can be guessed.

    An empty `cell` means the sheet as a whole, an empty `sheet` the workbook.
    """

    sheet: str
    cell: str
    value: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestion: str | None = None

    @property
    def place(self) -> Place:
        """Sheet and cell."""
        return self.sheet, self.cell


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet's cells as they came: text, number, truth or date; formulas as their text."""

    name: str
    rows: tuple[tuple[object, ...], ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """All that a workbook says. With problems, none of it may be used."""

    scope: WorkbookScope
    cells: tuple[TypedCell, ...]
    problems: tuple[CellProblem, ...]

    @property
    def changes(self) -> tuple[TypedCell, ...]:
        """The cells that somebody changed."""
        return tuple(cell for cell in self.cells if cell.is_changed)

    def survey(self) -> Survey:
        """Return the answers as a survey of their own."""
        answers = {cell.key: Answer(cell.entered.value, cell.entered.day) for cell in self.cells if not cell.is_cleared}
        return Survey(self.scope.round_name, self.scope.closes_on, self.scope.units, answers)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell changed in the workbook and in the system since the workbook was made."""

    typed: TypedCell
    current: Known


def same_entry(one: Entered, other: Entered) -> bool:
    """Tell whether two entries say the same; a spreadsheet keeps sixteen digits of a number."""
    if one.value is None or other.value is None:
        return one == other
    return isclose(one.value, other.value, rel_tol=1e-12, abs_tol=1e-12)


def conflicts(changes: Iterable[TypedCell], current: Mapping[Key, Known]) -> tuple[Conflict, ...]:
    """Return the changes whose answer became another one in the system meanwhile.

    Args:
        changes: what was changed in the workbook.
        current: what the system holds now; absent means no answer yet.
    """
    found = []
    for change in changes:
        now = current.get(change.key, Known())
        if now.version != change.base.version and not same_entry(now.entered, change.entered):
            found.append(Conflict(change, now))
    return tuple(found)


def suggestions_of(problems: Iterable[CellProblem]) -> dict[Place, str]:
    """Return what every suggestion would write where: accept all, or a person's choice of them."""
    return {problem.place: problem.suggestion for problem in problems if problem.suggestion is not None}
