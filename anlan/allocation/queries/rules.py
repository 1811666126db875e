"""The rules in force, and the problem that they make of an assessment."""

from collections.abc import Mapping

from django.db.models import QuerySet

from anlan.allocation.core.classes import DecisionTable, table_from_content
from anlan.allocation.core.measures import Catalogue, catalogue_from_content
from anlan.allocation.core.options import Built, build_problem
from anlan.allocation.core.settings import Earmarked, Rules, Settings
from anlan.allocation.core.strategies import Strategy, strategy_from_content
from anlan.allocation.models import RuleKind, RuleVersion, UnitClass
from anlan.allocation.queries.facts import distances_within
from anlan.assessment.queries import results, systems
from anlan.kernel.refusal import Refusal


class NoRules(Refusal):
    """The county has not taken over any rules yet."""


def versions_of(county_code: str, kind: str) -> QuerySet[RuleVersion]:
    """Return every version of the county's rules of a kind, the latest first, their content left behind."""
    return RuleVersion.objects.of(county_code, kind).defer("content").order_by("-number")


def published_version(county_code: str, kind: str) -> RuleVersion:
    """Return the version in force.

    Raises:
        NoRules: there is none.
    """
    found = RuleVersion.objects.of(county_code, kind).published().first()
    if found is None:
        raise NoRules("The county has no rules of the allocation yet; take over the default ones first")
    return found


def has_rules(county_code: str) -> bool:
    """Tell whether the county has rules of every kind in force."""
    kinds = RuleVersion.objects.filter(county_code=county_code).published().values("kind").distinct()
    return kinds.count() == len(RuleKind.values)


def table_of(county_code: str) -> DecisionTable:
    """Return the decision table in force."""
    return table_from_content(published_version(county_code, RuleKind.CLASSES).content)


def catalogue_of(county_code: str) -> Catalogue:
    """Return the catalogue of measures in force."""
    return catalogue_from_content(published_version(county_code, RuleKind.MEASURES).content)


def strategy_of(county_code: str) -> Strategy:
    """Return the strategy in force."""
    return strategy_from_content(published_version(county_code, RuleKind.STRATEGY).content)


def rules_of(county_code: str) -> Rules:
    """Return catalogue and strategy in force."""
    return Rules(catalogue_of(county_code), strategy_of(county_code))


def hashes_of(county_code: str) -> dict[str, str]:
    """Return the hashes of the rules in force by kind: a plan keeps what it was computed from."""
    rows = RuleVersion.objects.filter(county_code=county_code).published()
    return dict(rows.order_by("kind").values_list("kind", "sha256"))


def classes_of(county_code: str) -> dict[str, str]:
    """Return the class of each township and village by the decision table in force, by code."""
    version = published_version(county_code, RuleKind.CLASSES)
    return dict(UnitClass.objects.filter(rule_version=version).values_list("code", "class_key"))


def leaf_levels() -> Mapping[str, str]:
    """Return the level of each leaf of the published indicator systems, by code."""
    return dict(systems.published_leaves().values_list("code", "level"))


def problem_of(*, assessment_id: int, sources: tuple[Earmarked, ...], settings: Settings) -> Built:
    """Return the problem of spending the sources by a stored assessment and the county's rules in force.

    Raises:
        NoRules: the county has none.
        Refusal: see `core.options.build_problem`.
    """
    assessment = results.assessment_by_id(assessment_id)
    county_code = assessment.round.county_code
    return build_problem(
        result=results.result_of(assessment),
        classes=classes_of(county_code),
        rules=rules_of(county_code),
        sources=sources,
        settings=settings,
        distance_km=distances_within(county_code, assessment.round.opens_on),
    )
