"""Units, scores and needs for other systems: read only, within the areas of whoever asks."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.timezone import localdate
from ninja import Field, FilterLookup, FilterSchema, Query, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.queries import results
from anlan.kernel.codes import parent_of
from anlan.kernel.refusal import mark
from anlan.places import access as places_access
from anlan.places import queries as places

router = Router(tags=["assessment"])
LevelName = Literal["province", "city", "county", "township", "village"]
DimensionName = Literal["org", "capability", "materials", "process", "digital"]
GradeName = Literal["excellent", "good", "fair", "weak"]
Prefix = Annotated[str, Field(pattern=r"^[0-9]{2,12}$", description=mark("first digits of the division code"))]


class Problem(Schema):
    """Why there is no answer."""

    detail: str


class UnitOut(Schema):
    """A county, township or village as it stands today."""

    code: str
    name: str
    level: str
    parent_code: str | None
    population: int | None
    households: int | None
    area_km2: float | None
    region_type: str
    hazards: list[str]
    valid_from: date

    @staticmethod
    def resolve_parent_code(row: Any) -> str | None:
        return parent_of(row.code)


class ScoreOut(Schema):
    """One unit's result. Scores are in [0, 1]; null is missing, never 0."""

    code: str
    name: str
    level: str
    score: float | None
    lower: float = Field(description=mark("with every missing answer at its worst"))
    upper: float = Field(description=mark("with every missing answer at its best"))
    completeness: float = Field(description=mark("answered share of the weight"))
    grade: str | None = Field(description=mark("null: answered too little to be graded"))
    is_weak: bool
    rank: int | None = Field(description=mark("among units of the level, 1 is best"))
    rank_low: int | None
    rank_high: int | None
    population: int
    region_type: str = Field(alias="region")
    dimensions: dict[str, float | None]

    @staticmethod
    def resolve_grade(row: Any) -> str | None:
        return row.grade or None

    @staticmethod
    def resolve_dimensions(row: Any) -> dict[str, float | None]:
        return {name: getattr(row, name) for name in ("org", "capability", "materials", "process", "digital")}


class LatestOut(Schema):
    """A unit's result in the county's latest published assessment."""

    assessment_id: int
    round: str
    closes_on: date
    result: ScoreOut


class UnitDetailOut(UnitOut):
    """A unit with its latest result, null where it has none."""

    latest: LatestOut | None = None


class AssessmentOut(Schema):
    """One run over a round's answers, with the hashes of what it was computed from."""

    id: int
    round: str
    county_code: str
    opens_on: date
    closes_on: date
    number: int
    method: str
    status: str
    computed_at: datetime
    published_at: datetime | None
    missing_count: int
    answers_sha256: str
    system_sha256: str
    program_version: str

    @staticmethod
    def resolve_round(row: Any) -> str:
        return str(row.round.name)

    @staticmethod
    def resolve_county_code(row: Any) -> str:
        return str(row.round.county_code)

    @staticmethod
    def resolve_opens_on(row: Any) -> date:
        return row.round.opens_on  # type: ignore[no-any-return]

    @staticmethod
    def resolve_closes_on(row: Any) -> date:
        return row.round.closes_on  # type: ignore[no-any-return]

    @staticmethod
    def resolve_answers_sha256(row: Any) -> str:
        return str(row.sha256)


class NeedOut(Schema):
    """One priced line of the needs list. Money is in fen; current, target and gap are in the indicator's unit."""

    priority: int
    unit_code: str
    unit_name: str
    township_code: str | None
    dimension: str
    leaf_code: str = Field(alias="leaf.code")
    leaf_name: str = Field(alias="leaf.name_zh")
    current: float
    target: float
    gap: float
    loss: float = Field(description=mark("what it costs the unit's score, in [0, 1]"))
    obstacle: float = Field(description=mark("its share of all that the unit loses"))
    measure: str
    unit_price_fen: int
    quantity: float
    cost_fen: int
    department: str
    due_on: date

    @staticmethod
    def resolve_township_code(row: Any) -> str | None:
        return row.township_code or None


class Narrowing(FilterSchema):
    """Filters that lists of units share."""

    level: LevelName | None = None
    within: Annotated[Prefix | None, FilterLookup("code__startswith")] = None


class ScoreNarrowing(Narrowing):
    """Filters of scores."""

    grade: GradeName | None = None
    is_weak: bool | None = None


class NeedNarrowing(FilterSchema):
    """Filters of needs."""

    within: Annotated[Prefix | None, FilterLookup("unit_code__startswith")] = None
    dimension: DimensionName | None = None
    department: str | None = None


@router.get(
    "/units",
    response=list[UnitOut],
    summary=mark("Units within your areas, by code"),
)
@paginate(LimitOffsetPagination)
def units(request: HttpRequest, narrowing: Query[Narrowing]) -> QuerySet[Any]:
    """Return the divisions that stand today."""
    prefixes = accounts.scope_of(person(request), "places.read").prefixes
    if not prefixes:
        raise Http404
    return narrowing.filter(reduce(or_, (places.units_within(prefix, localdate()) for prefix in prefixes)))


@router.get(
    "/units/{code}", response={200: UnitDetailOut, 404: Problem}, summary=mark("One unit with its latest result")
)
def unit(request: HttpRequest, code: str) -> Any:
    """Return a division and what the latest published assessment says of it."""
    asking = person(request)
    found = places_access.division_for(asking, code)
    scope = accounts.scope_of(asking, "assessment.read")
    found.latest = results.latest_of_unit(code) if scope.covers(code) else None  # type: ignore[attr-defined]
    return found


@router.get(
    "/assessments",
    response=list[AssessmentOut],
    summary=mark("Assessments, the latest round first"),
)
@paginate(LimitOffsetPagination)
def assessments(request: HttpRequest, status: Literal["draft", "published", "superseded"] | None = None) -> Any:
    """Return the assessments of the counties that your areas lie in."""
    return results.assessments_for(accounts.scope_of(person(request), "assessment.read"), status)


@router.get(
    "/assessments/{assessment_id}/scores", response=list[ScoreOut], summary=mark("Scores of an assessment, by code")
)
@paginate(LimitOffsetPagination)
def scores(request: HttpRequest, assessment_id: int, narrowing: Query[ScoreNarrowing]) -> QuerySet[Any]:
    """Return the units' results within your areas."""
    found = access.assessment_for(person(request), assessment_id)
    rows = results.scores_of(found, accounts.scope_of(person(request), "assessment.read"))
    return narrowing.filter(rows).order_by("code")


@router.get(
    "/assessments/{assessment_id}/needs", response=list[NeedOut], summary=mark("Needs, the first priority first")
)
@paginate(LimitOffsetPagination)
def needs(request: HttpRequest, assessment_id: int, narrowing: Query[NeedNarrowing]) -> QuerySet[Any]:
    """Return the priced needs within your areas."""
    found = access.assessment_for(person(request), assessment_id)
    rows = results.needs_of(found, accounts.scope_of(person(request), "assessment.read"))
    return narrowing.filter(rows)


def person(request: HttpRequest) -> Any:
    """Return whoever the token or the session belongs to."""
    return request.auth  # type: ignore[attr-defined]
