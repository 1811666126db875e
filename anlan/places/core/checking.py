"""What is wrong with rows that are to become divisions: every fault, each at its row and column."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.codes import BadCode, Level, check_code, level_of, parent_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.values import URBAN_RURAL_NAMES, DivisionRow, Hazard, Landform, RegionType

LONGEST_NAME = 60
HAS_A_PARENT = frozenset({Level.TOWNSHIP, Level.VILLAGE})  # above the county nothing need be recorded
KNOWN: Mapping[str, AbstractSet[str]] = {
    "landform": set(Landform),
    "urban_rural_code": set(URBAN_RURAL_NAMES),
    "region_type": set(RegionType),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One fault: its row as the file counts (1 is the head), the column, what stands there and why it cannot."""

    row: int
    column: str
    value: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


class BadRows(Refusal):
    """Rows cannot be loaded; nothing was."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        first = problems[0]
        super().__init__(
            "%(count)d faults in the rows; nothing was loaded. The first: row %(row)d, %(column)s, %(value)s",
            count=len(problems),
            row=first.row,
            column=first.column,
            value=first.value,
        )
        self.problems = tuple(problems)


def problems_in(rows: Mapping[int, DivisionRow], known: AbstractSet[str]) -> list[RowProblem]:
    """Return every fault of the rows, by the number of each row in its file.

    Args:
        rows: number in the file → row.
        known: codes on record that stand at the time of the load.
    """
    given = {row.code for row in rows.values()}
    first_at: dict[str, int] = {}
    problems: list[RowProblem] = []
    for number, row in rows.items():
        problems += _code_faults(number, row, given | known)
        if row.code in first_at:
            problems.append(
                RowProblem(
                    number, "code", row.code, mark("given twice, first in row %(row)d"), {"row": first_at[row.code]}
                )
            )
        first_at.setdefault(row.code, number)
        problems += fact_problems(number, row)
    return problems


def _code_faults(number: int, row: DivisionRow, codes: AbstractSet[str]) -> Iterator[RowProblem]:
    try:
        code = check_code(row.code)
    except BadCode as fault:
        yield RowProblem(number, "code", row.code, fault.message, fault.values)
        return
    parent = parent_of(code)
    if level_of(code) in HAS_A_PARENT and parent not in codes:
        message = mark("the division above, %(parent)s, is neither in the file nor on record")
        yield RowProblem(number, "code", code, message, {"parent": parent})


def fact_problems(number: int, row: DivisionRow) -> list[RowProblem]:
    """Return what is wrong with the row's facts by themselves."""
    return list(_fact_faults(number, row))


def _fact_faults(number: int, row: DivisionRow) -> Iterator[RowProblem]:
    if not row.name or len(row.name) > LONGEST_NAME:
        yield RowProblem(number, "name", row.name, mark("a name has 1 to %(most)d characters"), {"most": LONGEST_NAME})
    for column in ("population", "households", "area_km2"):
        value = getattr(row, column)
        if value is not None and value < 0:
            yield RowProblem(number, column, str(value), mark("must not be negative"))
    yield from household_faults(number, row.population, row.households)
    words = [(column, getattr(row, column), allowed) for column, allowed in KNOWN.items()]
    words += [("hazards", hazard, set(Hazard)) for hazard in row.hazards or ()]
    for column, word, allowed in words:
        if word and word not in allowed:
            yield RowProblem(number, column, word, mark("is not one of: %(allowed)s"), {"allowed": _listed(allowed)})


def household_faults(number: int, population: int | None, households: int | None) -> Iterator[RowProblem]:
    """Yield the fault of more households than people."""
    if population is not None and households is not None and households > population:
        message = mark("more households than people (%(population)d)")
        yield RowProblem(number, "households", str(households), message, {"population": population})


def _listed(words: AbstractSet[str]) -> str:
    return ", ".join(sorted(words))
