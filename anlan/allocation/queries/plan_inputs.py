"""What a plan is computed from: money with its purposes, the assessment, the rules; checked before it is solved."""

from collections.abc import Collection, Mapping

from django.db.models import F, QuerySet, Sum

from anlan.allocation.core.asked import Asked, BadWish, asked_from_content
from anlan.allocation.core.options import Built
from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.core.settings import Earmarked
from anlan.allocation.models import Plan, PlanLine
from anlan.allocation.queries import rules
from anlan.funds import queries as funds
from anlan.funds.core.values import SourceFacts


def promised_fen(county_code: str, first_year: int) -> dict[int, int]:
    """Return what approved plans of other years already take from each source, by its id."""
    lines = PlanLine.objects.filter(plan__county_code=county_code, plan__state=PlanState.APPROVED)
    return _by_source(lines.exclude(plan__first_year=first_year))


def given_by_plans(source_ids: Collection[int]) -> dict[int, int]:
    """Return what approved plans of all years take from these sources, by id."""
    return _by_source(PlanLine.objects.filter(plan__state=PlanState.APPROVED, source__in=list(source_ids)))


def _by_source(lines: QuerySet[PlanLine]) -> dict[int, int]:
    sums = lines.values("source_id").annotate(fen=Sum(F("cost_fen") + F("running_fen"))).order_by("source_id")
    return {row["source_id"]: row["fen"] for row in sums}


def usual_budgets(county_code: str, years: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return all that is left of each source in the year that it is given for, by the key of the source."""
    taken = promised_fen(county_code, years[0])
    return {
        source.key: tuple(
            max(source.amount_fen - taken.get(source.pk, 0), 0) if year == source.year else 0 for year in years
        )
        for source in funds.sources_of(county_code, years)
    }


def earmarked(county_code: str, asked: Asked) -> tuple[Earmarked, ...]:
    """Return the sources that the plan may spend, each with its budget and purposes.

    Raises:
        BadWish: a source is gone, or more is asked of it than it has left.
    """
    known = {source.key: source for source in funds.sources_of(county_code, asked.years)}
    taken = promised_fen(county_code, asked.first_year)
    for key in asked.budgets:
        if key not in known:
            raise BadWish("A source of money that the plan counts on was withdrawn; choose the sources again")
    return tuple(_earmarked(known[key], asked, budget, taken) for key, budget in sorted(asked.budgets.items()))


def _earmarked(source: SourceFacts, asked: Asked, budget: tuple[int, ...], taken: Mapping[int, int]) -> Earmarked:
    left = source.amount_fen - taken.get(source.pk, 0)
    for year, fen in zip(asked.years, budget, strict=True):
        most = left if year == source.year else 0
        if fen > most:
            raise BadWish(
                "The plan asks %(asked).2f yuan of %(source)s in %(year)s; there are %(left).2f yuan",
                asked=fen / 100,
                source=source.name,
                year=str(year),
                left=max(most, 0) / 100,
            )
    return Earmarked(source.key, source.name, asked.multiplied(budget), source.earmarks)


def built_for(plan: Plan, asked: Asked) -> Built:
    """Return the problem of a plan: its assessment, the rules in force and the sources that it may spend.

    Raises:
        Refusal: see `core.options.build_problem` and `earmarked`.
    """
    return rules.problem_of(
        assessment_id=plan.assessment_id, sources=earmarked(plan.county_code, asked), settings=asked.settings
    )


def check_money_left(plan: Plan) -> None:
    """Refuse a plan whose money is not there any more.

    Raises:
        BadWish: a source was withdrawn, another plan took its money, or the plan asks "what if there were more".
    """
    asked = asked_from_content(plan.asked)
    if asked.factor > 1:
        raise BadWish(
            "This plan asks what %(percent).0f %% of the money would bring; that money is not there",
            percent=asked.factor * 100,
        )
    earmarked(plan.county_code, asked)
