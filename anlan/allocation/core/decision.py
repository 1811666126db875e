"""A decision table: ordered rows of conditions, each naming a class; the first row that fits decides.

Whether every unit finds a row is no matter of samples: the values of each fact fall into a few cells between the cuts
that the conditions make, and what the rows say of all combinations of cells is enumerated exactly.

Source: docs/methods/unit-classes.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from anlan.allocation.core.facts import CHOICES, HAZARDS, UnitFacts

EXAMPLES = 3  # of one combination of rows
Example = dict[str, Any]


class Test(StrEnum):
    """How a condition looks at its fact."""

    __test__ = False  # no test of pytest's

    AMONG = "among"  # a choice is one of the values
    ANY = "any"  # at least one of the values is among the hazards
    NONE = "none"  # none of the values is among the hazards
    BETWEEN = "between"  # least ≤ number < most; an unknown number never is


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one fact."""

    fact: str
    test: Test
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def holds(self, value: Any) -> bool:
        """Tell whether the fact's value meets the condition."""
        if self.test is Test.AMONG:
            return value in self.values
        if self.test is Test.BETWEEN:
            return value is not None and (self.least or 0.0) <= value and (self.most is None or value < self.most)
        return bool(frozenset(self.values) & value) == (self.test is Test.ANY)


@dataclass(frozen=True, slots=True)
class Row:
    """Where all conditions hold the unit is of the class; a row without conditions fits every unit."""

    class_key: str
    conditions: tuple[Condition, ...] = ()
    note_zh: str = ""
    note_en: str = ""

    def fits(self, facts: UnitFacts) -> bool:
        """Tell whether all conditions hold."""
        return all(each.holds(getattr(facts, each.fact)) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows of different classes fit the same facts; the first decides. Rows are counted from 1."""

    first: int
    second: int
    example: Example


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong or doubtful in a table. Rows are counted from 1."""

    holes: tuple[Example, ...]  # facts that no row fits
    impossible: tuple[int, ...]  # rows that fit no facts at all
    covered: tuple[int, ...]  # rows that rows above leave nothing
    overlaps: tuple[Overlap, ...]  # neither row is a special case of the other


def first_match(rows: Sequence[Row], facts: UnitFacts) -> int | None:
    """Return the number, from 1, of the first row that fits, None where none does."""
    return next((number for number, row in enumerate(rows, 1) if row.fits(facts)), None)


def findings_of(rows: Sequence[Row]) -> Findings:
    """Return holes, rows that never decide, and overlaps, by exact enumeration.

    A row that is a special case above a more general one is how exceptions are written, and is no overlap.

    Source: docs/methods/unit-classes.md, section 2.
    """
    met = _combinations(rows)
    fitting = [frozenset(mask for mask in met if mask >> place & 1) for place in range(len(rows))]
    deciding = {(mask & -mask).bit_length() - 1 for mask in met if mask}
    return Findings(
        holes=tuple(met.get(0, ())),
        impossible=tuple(number for number, mine in enumerate(fitting, 1) if not mine),
        covered=tuple(number for number, mine in enumerate(fitting, 1) if mine and number - 1 not in deciding),
        overlaps=tuple(_overlaps(rows, fitting, met)),
    )


def _overlaps(
    rows: Sequence[Row], fitting: Sequence[frozenset[int]], met: Mapping[int, list[Example]]
) -> Iterator[Overlap]:
    for first, second in combinations(range(len(rows)), 2):
        both = fitting[first] & fitting[second]
        is_special_case = both in (fitting[first], fitting[second])
        if both and not is_special_case and rows[first].class_key != rows[second].class_key:
            yield Overlap(first + 1, second + 1, met[min(both)][0])


def _combinations(rows: Sequence[Row]) -> dict[int, list[Example]]:
    """Return every set of rows, as bits, that fit some facts together, with examples of such facts."""
    met: dict[int, list[Example]] = {(1 << len(rows)) - 1: [{}]}
    for fact in sorted({condition.fact for row in rows for condition in row.conditions}):
        kinds = _kinds(rows, fact)
        joined: dict[int, list[Example]] = {}
        for mask, examples in met.items():
            for bits, value in kinds:
                known = joined.setdefault(mask & bits, [])
                known += [example | {fact: value} for example in examples[: EXAMPLES - len(known)]]
        met = joined
    return met


def _kinds(rows: Sequence[Row], fact: str) -> list[tuple[int, Any]]:
    """Return the rows, as bits, that each kind of value of the fact lets stand, with a value of that kind."""
    asked = [[each for each in row.conditions if each.fact == fact] for row in rows]
    kinds: dict[int, Any] = {}
    for value in _values(fact, [condition for mine in asked for condition in mine]):
        bits = sum(1 << place for place, mine in enumerate(asked) if all(each.holds(value) for each in mine))
        kinds.setdefault(bits, value)
    return list(kinds.items())


def _values(fact: str, conditions: Iterable[Condition]) -> Iterator[Any]:
    """Yield one value from each cell between the cuts that the conditions make."""
    if fact in CHOICES:
        yield from CHOICES[fact]
    elif fact == "hazards":
        named = [hazard for hazard in HAZARDS if any(hazard in each.values for each in conditions)]
        for size in range(len(named) + 1):
            yield from (frozenset(some) for some in combinations(named, size))
    else:
        cuts = sorted({cut for each in conditions for cut in (each.least, each.most) if cut})
        yield from (0.0, *cuts, None)
