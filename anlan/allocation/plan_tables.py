"""The lists of plans: plans, lines, units, and what was missed."""

from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from anlan.allocation.core.notes import note_from
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.documents.plan_told import note_text, reasons_text
from anlan.allocation.models import Plan
from anlan.allocation.rule_words import name_of
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_WAN, FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.places.core.values import LEVEL_NAMES
from anlan.web.tables import Column, Filter, Table

CELLS = "allocation/plan_cells.html"
STATES = (
    (PlanState.DRAFT.value, mark("draft")),
    (PlanState.REVIEWED.value, mark("put forward")),
    (PlanState.APPROVED.value, mark("approved")),
    (PlanState.SUPERSEDED.value, mark("superseded")),
)
LEVELS = tuple((each.value, LEVEL_NAMES[each]) for each in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE))
DIMENSIONS = Filter(
    "dimension",
    mark("Dimension"),
    "dimension",
    tuple((each.value, DIMENSION_NAMES[each]) for each in Dimension),
)


def _wan(row: Any, name: str) -> float | None:
    found = getattr(row, name)
    return None if found is None else round(found / FEN_PER_WAN, 2)


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"  # noqa: RUF001


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"  # noqa: RUF001


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"  # noqa: RUF001


PLANS = Table(
    "plans",
    (
        Column("number", mark("No."), attrgetter("number"), sort="number", is_number=True),
        Column("name", mark("Plan"), attrgetter("name"), cell=f"{CELLS}#plan", sort="name"),
        Column("years", mark("Years"), lambda row: years_text(row), sort="first_year"),
        Column("state", mark("State"), lambda row: row.get_state_display(), cell=f"{CELLS}#state", sort="state"),
        Column(
            "budget",
            mark("Budget"),
            lambda row: _wan(row, "budget_fen") if row.is_solved else None,
            sort="budget_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown=_two,
        ),
        Column(
            "spent",
            mark("Given"),
            lambda row: _wan(row, "spent_fen") if row.is_solved else None,
            sort="spent_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown=_two,
        ),
        Column("assessment", mark("Assessment"), lambda row: row.assessment.round.name),
        Column("made", mark("Made by"), attrgetter("made_by_name"), sort="made_by_name"),
        Column("made_at", mark("Made at"), attrgetter("made_at"), sort="made_at"),
        Column("approved", mark("Approved by"), attrgetter("approved_by_name"), sort="approved_by_name"),
    ),
    filters=(Filter("name", mark("Plan"), "name__icontains"), Filter("state", mark("State"), "state", STATES)),
    order=("-number", "pk"),
    row_url=lambda row: reverse("plan", args=[row.pk]),
    is_stacked=True,
)


def years_text(plan: Plan) -> str:
    """Return the plan's years: 2026, or 2026–2028."""
    first, last = plan.first_year, plan.last_year
    return str(first) if first == last else f"{first}–{last}"  # noqa: RUF001


LINE_COLUMNS = (
    Column("position", mark("No."), attrgetter("position"), sort="position", is_number=True),
    Column("township", mark("Township"), attrgetter("township_name"), sort="township_name"),
    Column("unit", mark("Unit"), attrgetter("unit_name"), cell=f"{CELLS}#unit", sort="unit_code"),
    Column("level", mark("Level"), lambda row: gettext(LEVEL_NAMES[Level(row.level)]), is_shown=False),
    Column("measure", mark("Measure"), lambda row: name_of(row.measure), cell=f"{CELLS}#measure"),
    Column(
        "dimension",
        mark("Dimension"),
        lambda row: gettext(DIMENSION_NAMES[Dimension(row.dimension)]),
        sort="dimension",
        is_shown=False,
    ),
    Column("pieces", mark("Quantity"), attrgetter("pieces"), cell=f"{CELLS}#pieces", sort="pieces"),
    Column("year", mark("Year"), lambda row: str(row.year), sort="year"),
    Column(
        "cost",
        mark("Cost"),
        lambda row: row.total_fen / FEN_PER_YUAN,
        sort="cost_fen",
        is_number=True,
        unit=mark("yuan"),
        shown=_two,
    ),
    Column("source", mark("Source of funds"), attrgetter("source_name"), sort="source_name"),
    Column(
        "gain",
        mark("Gain (points)"),
        lambda row: round(row.gain * 100, 4),
        sort="gain",
        is_number=True,
        shown=_two,
    ),
    Column(
        "rate",
        mark("Weighted points per 10 000 yuan"),
        lambda row: round(row.points_per_wan, 6),
        sort="points_per_wan",
        is_number=True,
        shown=_three,
    ),
    Column(
        "why",
        mark("Why"),
        lambda row: reasons_text(note_from(note) for note in row.reasons),
        cell=f"{CELLS}#why",
    ),
)


def lines_table(townships: tuple[tuple[str, str], ...]) -> Table:
    """Return the list of a plan's lines; townships to choose among by code."""
    return Table(
        "plan-lines",
        LINE_COLUMNS,
        filters=(
            Filter("unit", mark("Unit"), "unit_name__icontains"),
            Filter("township", mark("Township"), "township_code", townships),
            DIMENSIONS,
            Filter("level", mark("Level"), "level", LEVELS),
        ),
        order=("position", "pk"),
        page_size=25,
        is_stacked=True,
    )


UNITS = Table(
    "plan-units",
    (
        Column("township", mark("Township"), attrgetter("township_name"), sort="township_name"),
        Column("name", mark("Unit"), attrgetter("name"), cell=f"{CELLS}#unit_name", sort="code"),
        Column("level", mark("Level"), lambda row: gettext(LEVEL_NAMES[Level(row.level)]), sort="level"),
        Column("weak", mark("Weak unit"), lambda row: gettext("yes") if row.is_weak else "", sort="is_weak"),
        Column(
            "before",
            mark("Score before"),
            lambda row: round(row.score_before * 100, 2),
            sort="score_before",
            is_number=True,
            shown=_points,
        ),
        Column(
            "after",
            mark("Score after"),
            lambda row: round(row.score_after * 100, 2),
            sort="score_after",
            is_number=True,
            shown=_points,
        ),
        Column(
            "gain",
            mark("Gain (points)"),
            lambda row: round(row.gain * 100, 3),
            sort="gained",
            is_number=True,
            shown=_two,
        ),
        Column(
            "needs",
            mark("Needs"),
            lambda row: _wan(row, "needs_fen"),
            sort="needs_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown=_two,
        ),
        Column(
            "money",
            mark("Given"),
            lambda row: _wan(row, "money_fen"),
            sort="money_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown=_two,
        ),
        Column("lines", mark("Lines"), attrgetter("line_count"), sort="line_count", is_number=True),
    ),
    filters=(
        Filter("name", mark("Unit"), "name__icontains"),
        Filter("level", mark("Level"), "level", LEVELS),
        Filter("weak", mark("Weak unit"), "is_weak", (("1", mark("yes")), ("0", mark("no")))),
    ),
    order=("code", "pk"),
    is_stacked=True,
)

MISSES = Table(
    "plan-misses",
    (
        Column("rank", mark("No."), attrgetter("rank"), sort="rank", is_number=True),
        Column("unit", mark("Unit"), attrgetter("unit_name"), cell=f"{CELLS}#unit", sort="unit_code"),
        Column("measure", mark("Measure"), lambda row: name_of(row.measure), cell=f"{CELLS}#measure"),
        Column(
            "price",
            mark("Price"),
            lambda row: row.price_fen / FEN_PER_YUAN,
            sort="price_fen",
            is_number=True,
            unit=mark("yuan"),
            shown=_two,
        ),
        Column(
            "rate",
            mark("Weighted points per 10 000 yuan"),
            lambda row: round(row.points_per_wan, 6),
            sort="points_per_wan",
            is_number=True,
            shown=_three,
        ),
        Column(
            "lacking",
            mark("Lacking"),
            lambda row: None if row.lacking_fen is None else row.lacking_fen / FEN_PER_YUAN,
            sort="lacking_fen",
            is_number=True,
            unit=mark("yuan"),
            shown=_two,
        ),
        Column("why", mark("Why not"), lambda row: note_text(note_from(row.reason))),
    ),
    filters=(
        Filter("unit", mark("Unit"), "unit_name__icontains"),
        Filter("measure", mark("Measure"), "measure__name_zh__icontains"),
    ),
    order=("rank", "pk"),
    is_stacked=True,
)
