"""A plan as its documents and the command tell it: plain values, whether it comes from rows or from a workbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from anlan.assessment.core.values import Note
from anlan.kernel.codes import Level


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of a plan. `gain` is in scores, 0 to 1."""

    unit_code: str
    unit_name: str
    level: str
    township_code: str
    township_name: str
    dimension: str
    measure_code: str
    measure_name: str
    measure_unit: str
    department: str
    source_name: str
    year: int
    pieces: int
    unit_price_fen: int
    cost_fen: int
    running_fen: int
    gain: float
    points_per_wan: float
    reasons: tuple[Note, ...]

    @property
    def total_fen(self) -> int:
        """Return all that the line costs within the plan."""
        return self.cost_fen + self.running_fen


@dataclass(frozen=True, slots=True)
class ToldUnit:
    """What one unit asked for and gets."""

    code: str
    name: str
    level: str
    township_code: str
    township_name: str
    population: int
    is_weak: bool
    score_before: float
    score_after: float
    money_fen: int
    needs_fen: int
    line_count: int


@dataclass(frozen=True, slots=True)
class ToldMiss:
    """What a unit does not get, and why."""

    unit_code: str
    unit_name: str
    measure_code: str
    measure_name: str
    price_fen: int
    points_per_wan: float
    reason: Note


@dataclass(frozen=True, slots=True)
class ToldPrice:
    """One source in one year: its money, and what 10 000 yuan more of it would buy, in weighted points."""

    source: str
    year: int
    budget_fen: int
    spent_fen: int
    points_per_wan: float
    checked: float | None


@dataclass(frozen=True, slots=True)
class ToldFloor:
    """A rule of the plan, and whether it bound; `cost` is what the rule costs the whole, in weighted points."""

    key: str
    words: Note
    is_binding: bool
    cost: float


@dataclass(frozen=True, slots=True)
class ToldFairness:
    """How evenly scores lie before and after."""

    gini_before: float
    gini_after: float
    worst_before: tuple[str, float]
    worst_after: tuple[str, float]


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """A whole plan."""

    county_name: str
    name: str
    survey_name: str
    closes_on: date
    years: tuple[int, ...]
    budget_fen: int
    spent_fen: int
    gap: float
    solver: str
    sha256: str
    made_on: date
    approved_by: str
    approved_on: date | None
    newer_round: str
    notes: tuple[Note, ...]
    lines: tuple[ToldLine, ...]
    units: tuple[ToldUnit, ...]
    misses: tuple[ToldMiss, ...]
    prices: tuple[ToldPrice, ...]
    floors: tuple[ToldFloor, ...]
    fairness: ToldFairness

    @property
    def years_text(self) -> str:
        """Return the years as one text: 2026, or 2026–2028."""
        first, last = self.years[0], self.years[-1]
        return str(first) if first == last else f"{first}–{last}"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class ToldTownship:
    """What a township and its villages get together."""

    code: str
    name: str
    population: int
    units: int
    lines: int
    needs_fen: int
    money_fen: int
    score_before: float
    score_after: float

    @property
    def per_head_fen(self) -> float | None:
        """Return the money for each inhabitant; None where nobody lives."""
        return self.money_fen / self.population if self.population else None


def townships_of(units: Iterable[ToldUnit]) -> list[ToldTownship]:
    """Return the townships with all that lies in them, by code; scores are those of the township itself."""
    groups: dict[str, list[ToldUnit]] = {}
    for unit in units:
        groups.setdefault(unit.township_code, []).append(unit)
    return [_township(code, groups[code]) for code in sorted(groups)]


def _township(code: str, units: list[ToldUnit]) -> ToldTownship:
    own = next((unit for unit in units if unit.code == code), units[0])
    return ToldTownship(
        code=code,
        name=own.name,
        population=own.population,
        units=len(units),
        lines=sum(unit.line_count for unit in units),
        needs_fen=sum(unit.needs_fen for unit in units),
        money_fen=sum(unit.money_fen for unit in units),
        score_before=own.score_before,
        score_after=own.score_after,
    )


def note_text(note: Note) -> str:
    """Return a note in the reader's language, with the notes and names among its values."""
    return gettext(note.message) % {key: _told(value) for key, value in note.values.items()}


def _told(value: Any) -> Any:
    if isinstance(value, Note):
        return note_text(value)
    if isinstance(value, Mapping):
        return value["zh" if (get_language() or "").startswith("zh") else "en"]
    return gettext(value) if isinstance(value, str) and value else value


def reasons_text(notes: Iterable[Note]) -> str:
    """Return the reasons as one text."""
    return gettext("; ").join(note_text(note) for note in notes)


def is_weak_after(unit: ToldUnit, fair: float = 0.60) -> bool:
    """Tell whether the unit's score stays below the fair grade."""
    return unit.level != Level.COUNTY and unit.score_after < fair
