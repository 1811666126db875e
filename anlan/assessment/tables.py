"""The lists of results: how rankings and needs are shown, narrowed, sorted and exported."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from anlan.assessment.core.names import DEPARTMENT_NAMES, GRADE_NAMES, PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Grade, Leaf, Region
from anlan.assessment.documents.report_words import leaf_text
from anlan.assessment.documents.workbook_words import department_name, in_chinese, leaf_name
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_WAN, FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.web.tables import Column, Filter, Table
from anlan.web.templatetags import shown

CELLS = "assessment/cells.html"
NARROW = f"{CELLS}#narrow"
YES_NO = (("1", mark("yes")), ("0", mark("no")))
SHORT_NAMES = {
    Dimension.ORG: mark("Org."),
    Dimension.CAPABILITY: mark("Capab."),
    Dimension.MATERIALS: mark("Mater."),
    Dimension.PROCESS: mark("Rules"),
    Dimension.DIGITAL: mark("Digit."),
}
Rows = QuerySet[Any, Any]


def points(name: str) -> Callable[[Any], float | None]:
    """Return what reads a score of a row as points of 100."""
    read = attrgetter(name)

    def value(row: Any) -> float | None:
        found = read(row)
        return None if found is None else round(found * 100, 6)

    return value


def one_decimal(value: float | None) -> str:
    """Return points with one decimal."""
    return shown.NONE if value is None else f"{value:.1f}"


def with_sign(value: float | None) -> str:
    """Return a change of points with its sign."""
    return shown.NONE if value is None else f"{value:+.1f}"


def whole_percent(value: float | None) -> str:
    """Return a figure of 100 as percent."""
    return shown.percent(None if value is None else value / 100)


def chance_of_grade(row: Any) -> float | None:
    """Return the probability of the row's grade in percent."""
    return round(100 * row.chances.get(row.grade, 0.0), 1) if row.grade else None


def rank_interval(row: Any) -> str:
    """Return the ranks that 95 % of the shaken weights give: 2–4."""
    if row.rank_low is None:
        return ""
    return f"{row.rank_low}" if row.rank_low == row.rank_high else f"{row.rank_low}–{row.rank_high}"  # noqa: RUF001


def bounds(row: Any) -> str:
    """Return the score's bounds in points: 61.2–70.4; one figure where nothing is missing."""
    low, high = f"{row.lower * 100:.1f}", f"{row.upper * 100:.1f}"
    return low if low == high else f"{low}–{high}"  # noqa: RUF001


def graded(rows: Rows, value: str) -> Rows:
    """Return the rows of a grade, or those without."""
    return rows.filter(grade="" if value == "none" else value)


RANKING_FILTERS = (
    Filter("name", mark("Name"), "name__icontains"),
    Filter("region", mark("Region type"), "region", tuple((region.value, REGION_NAMES[region]) for region in Region)),
    Filter(
        "hazard",
        mark("Hazard"),
        "profiles",
        tuple((profile.value, name) for profile, name in PROFILE_NAMES.items()),
        narrow=lambda rows, value: rows.filter(profiles__contains=[value]),
    ),
    Filter(
        "grade",
        mark("Grade"),
        "grade",
        (*((grade.value, GRADE_NAMES[grade]) for grade in Grade), ("none", mark("not graded"))),
        narrow=graded,
    ),
    Filter("weak", mark("Weak unit"), "is_weak", YES_NO),
)
RANKING_COLUMNS = (
    Column("rank", mark("Rank"), attrgetter("rank"), sort="rank", is_number=True),
    Column("name", mark("Name"), attrgetter("name"), cell=f"{CELLS}#unit", sort="name"),
    Column("township", mark("Township"), attrgetter("parent_name"), sort="parent_name"),
    Column("score", mark("Score"), points("score"), sort="score", is_number=True, cell=f"{CELLS}#score"),
    Column("change", mark("Since last round"), points("change"), sort="change", is_number=True, shown=with_sign),
    Column("grade", mark("Grade"), lambda row: grade_name(row.grade), sort="score", cell=f"{CELLS}#grade"),
    Column("chance", mark("Chance of the grade"), chance_of_grade, is_number=True, shown=whole_percent),
    *(
        Column(each.value, SHORT_NAMES[each], points(each.value), sort=each.value, is_number=True, shown=one_decimal)
        for each in Dimension
    ),
    Column(
        "completeness",
        mark("Completeness"),
        points("completeness"),
        sort="completeness",
        is_number=True,
        shown=whole_percent,
    ),
    Column("bounds", mark("Bounds"), bounds, sort="lower", is_number=True),
    Column("ranks", mark("Rank interval"), rank_interval, sort="rank_low", is_number=True),
    Column("weak", mark("Weak unit"), attrgetter("is_weak"), sort="is_weak", is_shown=False),
    Column("region", mark("Region type"), lambda row: region_name(row.region), sort="region", is_shown=False),
    Column(
        "population", mark("Population"), attrgetter("population"), sort="population", is_number=True, is_shown=False
    ),
    Column("code", mark("Division code"), attrgetter("code"), sort="code", is_shown=False),
)


def grade_name(grade: str) -> str:
    """Return the grade's name, or that there is none."""
    return gettext(GRADE_NAMES[Grade(grade)]) if grade else gettext("not graded")


def region_name(region: str) -> str:
    """Return the region type's name."""
    return gettext(REGION_NAMES[Region(region)]) if region else ""


def ranking_table(level: str) -> Table:
    """Return the ranking of a level; above villages there is no township to name."""
    has_parent = level == Level.VILLAGE
    return Table(
        "ranking",
        tuple(column for column in RANKING_COLUMNS if has_parent or column.key != "township"),
        RANKING_FILTERS,
        order=("rank", "code", "pk"),
        row_url=lambda row: reverse("unit-score", args=[row.assessment_id, row.code]),
        file_name=f"ranking-{level}",
        keeps=("level", "unit"),
    )


def needs_table(leaves: Mapping[str, Leaf], townships: list[tuple[str, str]]) -> Table:
    """Return the needs list; amounts and targets are worded by the system's leaves."""

    def measured(name: str) -> Callable[[Any], str]:
        return lambda need: leaf_text(leaves[need.leaf.code], getattr(need, name))

    columns = (
        Column("priority", mark("Priority"), attrgetter("priority"), sort="priority", is_number=True),
        Column("township", mark("Township"), attrgetter("township_name"), sort="township_code"),
        Column("unit", mark("Unit"), attrgetter("unit_name"), cell=f"{CELLS}#need_unit", sort="unit_code"),
        Column("leaf", mark("Indicator"), lambda need: leaf_name(need.leaf), cell=f"{CELLS}#need_leaf"),
        Column("dimension", mark("Dimension"), lambda need: dimension_name(need.dimension), NARROW, sort="dimension"),
        Column("current", mark("Current"), measured("current"), is_number=True),
        Column("target", mark("Target"), measured("target"), is_number=True),
        Column("gap", mark("Gap"), lambda need: gap_text(leaves[need.leaf.code], need.gap), is_number=True),
        Column(
            "cost",
            mark("Cost"),
            lambda need: need.cost_fen / FEN_PER_WAN,
            sort="cost_fen",
            is_number=True,
            unit=mark("10 000 yuan"),
            shown=two_decimals,
        ),
        Column(
            "loss", mark("Loss"), points("loss"), sort="loss", is_number=True, unit=mark("points"), shown=two_decimals
        ),
        Column("obstacle", mark("Obstacle"), points("obstacle"), sort="obstacle", is_number=True, shown=whole_percent),
        Column(
            "measure", mark("Measure"), lambda need: measure_of(need, leaves[need.leaf.code]), cell=f"{CELLS}#words"
        ),
        Column("quantity", mark("Quantity"), attrgetter("quantity"), is_number=True, is_shown=False),
        Column(
            "price",
            mark("Unit price"),
            lambda need: need.unit_price_fen / FEN_PER_YUAN,
            sort="unit_price_fen",
            is_number=True,
            unit=mark("yuan"),
            is_shown=False,
        ),
        Column("department", mark("Responsible"), lambda need: department_name(need.department), sort="department"),
        Column("due", mark("Deadline"), attrgetter("due_on"), cell=f"{CELLS}#day", sort="due_on"),
        Column("code", mark("Division code"), attrgetter("unit_code"), sort="unit_code", is_shown=False),
    )
    return Table("needs", columns, needs_filters(townships), order=("priority", "unit_code", "pk"), file_name="needs")


def needs_filters(townships: list[tuple[str, str]]) -> tuple[Filter, ...]:
    """Return the filters of the needs list."""
    return (
        Filter("unit", mark("Unit"), "unit_name__icontains"),
        Filter("township", mark("Township"), "township_code", tuple(townships)),
        Filter(
            "dimension",
            mark("Dimension"),
            "dimension",
            tuple((each.value, DIMENSION_NAMES[each]) for each in Dimension),
        ),
        Filter("department", mark("Responsible"), "department", tuple(DEPARTMENT_NAMES.items())),
        Filter("leaf", mark("Indicator code"), "leaf__code__iexact"),
    )


def dimension_name(dimension: str) -> str:
    """Return the dimension's name."""
    return gettext(DIMENSION_NAMES[Dimension(dimension)])


def gap_text(leaf: Leaf, gap: float) -> str:
    """Return how much is missing to the target; of a yes-or-no the whole."""
    return gettext("all of it") if leaf.kind == "boolean" else leaf_text(leaf, gap)


def measure_of(need: Any, leaf: Leaf) -> str:
    """Return what would close the gap, in the reader's language."""
    return str(need.measure) if in_chinese() else leaf.measure_en or str(need.measure)


def two_decimals(value: float) -> str:
    """Return a figure with separators and two decimals."""
    return f"{value:,.2f}"
