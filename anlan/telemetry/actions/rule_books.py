"""Editing and publishing a county's alarm rules; a change is a new version.

The process that judges reads a new version by itself; what fires by a rule that is gone or off is cleared by it.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Max

from anlan.ground.audit import audit
from anlan.ground.publishing import PublishStatus
from anlan.ground.versions import check_version, save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.rule_content import book_content, book_from_content, default_rules
from anlan.telemetry.core.rules import Rule, RuleBook
from anlan.telemetry.models import RuleBookVersion
from anlan.telemetry.queries.books import draft_book, published_book, rules_of
from anlan.web.http import Person


class NoDraft(Refusal):
    """There is no draft of the rules: it was published or discarded meanwhile."""


class NoSuchRule(Refusal):
    """The draft has no rule of that key."""


@transaction.atomic
def load_default_rules(*, county_code: str, at: datetime, actor: Person | None = None) -> RuleBookVersion | None:
    """Publish the project's own rules where a county has none; return them, None where it has."""
    if RuleBookVersion.objects.filter(county_code=county_code).exists():
        return None
    draft = _new_draft(county_code, default_rules())
    return _publish(actor, draft, at)


@transaction.atomic
def start_draft(*, actor: Person, county_code: str, at: datetime) -> RuleBookVersion:
    """Return the draft of a county's rules, copied from the published version if there is none.

    Raises:
        NoRules: the county has none yet.
    """
    current = RuleBookVersion.objects.select_for_update().get(pk=published_book(county_code).pk)
    draft = draft_book(county_code)
    if draft is not None:
        return draft
    draft = _new_draft(county_code, rules_of(current))
    audit(actor, "alarm rules begun", draft, at=at)
    return draft


@transaction.atomic
def save_rule(*, actor: Person, county_code: str, rule: Rule, expected_version: int, at: datetime) -> RuleBookVersion:
    """Put a rule into the draft, in the place of the one with the same key, else at the end.

    Raises:
        NoDraft: there is none.
        Conflict: somebody else edited it.
        BadRules: the rule is none.
    """
    draft = _draft(county_code, expected_version)
    rules = rules_of(draft).rules
    if any(each.key == rule.key for each in rules):
        changed = [rule if each.key == rule.key else each for each in rules]
    else:
        changed = [*rules, rule]
    return _edit(actor, draft, changed, rule.key, at)


@transaction.atomic
def delete_rule(
    *, actor: Person, county_code: str, rule_key: str, expected_version: int, at: datetime
) -> RuleBookVersion:
    """Take a rule out of the draft.

    Raises:
        NoDraft: there is none.
        Conflict: somebody else edited it.
        NoSuchRule: the draft has no such rule.
    """
    draft = _draft(county_code, expected_version)
    rules = rules_of(draft).rules
    kept = [each for each in rules if each.key != rule_key]
    if len(kept) == len(rules):
        raise NoSuchRule("The rules have no rule %(rule)s", rule=rule_key)
    return _edit(actor, draft, kept, rule_key, at)


@transaction.atomic
def publish_rules(*, actor: Person, county_code: str, expected_version: int, at: datetime) -> RuleBookVersion:
    """Publish the draft; the version before it is superseded.

    Raises:
        NoDraft: there is none.
        Conflict: somebody else edited it.
    """
    return _publish(actor, _draft(county_code, expected_version), at)


@transaction.atomic
def discard_draft(*, actor: Person, county_code: str, expected_version: int, at: datetime) -> None:
    """Throw the draft away; published versions stay.

    Raises:
        NoDraft: there is none.
        Conflict: somebody else edited it.
    """
    draft = _draft(county_code, expected_version)
    audit(actor, "alarm rules discarded", draft, at=at)
    draft.delete()


def _draft(county_code: str, expected_version: int) -> RuleBookVersion:
    found = (
        RuleBookVersion.objects.select_for_update().filter(county_code=county_code, status=PublishStatus.DRAFT).first()
    )
    if found is None:
        raise NoDraft("There is no draft of the alarm rules; it was published or discarded meanwhile")
    check_version(found, expected_version)
    return found


def _new_draft(county_code: str, book: RuleBook) -> RuleBookVersion:
    content = book_content(book)
    versions = RuleBookVersion.objects.filter(county_code=county_code)
    return RuleBookVersion.objects.create(
        county_code=county_code,
        number=(versions.aggregate(Max("number"))["number__max"] or 0) + 1,
        content=content,
        sha256=sha256_of(content),
    )


def _edit(actor: Person, draft: RuleBookVersion, rules: Iterable[Rule], rule_key: str, at: datetime) -> RuleBookVersion:
    content = book_content(RuleBook(tuple(rules)))
    draft.content = book_content(book_from_content(content))  # read back: that checks the whole
    draft.sha256 = sha256_of(draft.content)
    save_version(draft, ["content", "sha256"])
    audit(actor, "alarm rules edited", draft, at=at, detail={"rule": rule_key, "sha256": draft.sha256})
    return draft


def _publish(actor: Person | None, draft: RuleBookVersion, at: datetime) -> RuleBookVersion:
    others = RuleBookVersion.objects.filter(county_code=draft.county_code, status=PublishStatus.PUBLISHED)
    others.update(status=PublishStatus.SUPERSEDED)
    draft.status, draft.published_at = PublishStatus.PUBLISHED, at
    draft.published_by_id = actor.pk if actor else None
    draft.published_by_name = str(actor.name) if actor else ""
    save_version(draft, ["status", "published_at", "published_by_id", "published_by_name"])
    audit(actor, "alarm rules published", draft, at=at, detail={"sha256": draft.sha256})
    return draft


def new_key(taken: Iterable[str]) -> str:
    """Return a key that no rule of a county has."""
    keys = set(taken)
    return next(key for key in (f"own-{number}" for number in count(1)) if key not in keys)
