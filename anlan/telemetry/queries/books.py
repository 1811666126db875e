"""The alarm rules of counties."""

from django.db.models import QuerySet

from anlan.ground.publishing import PublishStatus
from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.rule_content import book_from_content
from anlan.telemetry.core.rules import RuleBook
from anlan.telemetry.models import RuleBookVersion


class NoRules(Refusal):
    """The county has no alarm rules yet."""


def published_book(county_code: str) -> RuleBookVersion:
    """Return the version of the rules that holds in a county.

    Raises:
        NoRules: there is none.
    """
    found = RuleBookVersion.objects.filter(county_code=county_code, status=PublishStatus.PUBLISHED).first()
    if found is None:
        raise NoRules("The county has no alarm rules yet")
    return found


def draft_book(county_code: str) -> RuleBookVersion | None:
    """Return the draft of a county's rules, None where there is none."""
    return RuleBookVersion.objects.filter(county_code=county_code, status=PublishStatus.DRAFT).first()


def book_versions(county_code: str) -> QuerySet[RuleBookVersion]:
    """Return every version of a county's rules, newest first."""
    return RuleBookVersion.objects.filter(county_code=county_code).order_by("-number", "-id")


def rules_of(version: RuleBookVersion) -> RuleBook:
    """Return the rules of a version."""
    return book_from_content(version.content)
