"""Editing and publishing the rules of the allocation; a change is a new version. Judging units by them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from anlan.allocation.core.classes import (
    check_publishable,
    classify,
    default_table,
    table_content,
    table_from_content,
)
from anlan.allocation.core.measures import (
    Catalogue,
    catalogue_content,
    catalogue_from_content,
    default_catalogue,
)
from anlan.allocation.core.strategies import (
    check_strategy,
    default_strategy,
    strategy_content,
    strategy_from_content,
    without_measures,
)
from anlan.allocation.models import Measure, RuleKind, RuleVersion, UnitClass
from anlan.allocation.queries import rules as queries
from anlan.allocation.queries.facts import facts_content, facts_within
from anlan.ground.audit import audit
from anlan.ground.publishing import PublishStatus
from anlan.ground.versions import check_version, save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person

Content = dict[str, Any]


class NotADraft(Refusal):
    """Only a draft can be edited."""


def _checked_classes(_county_code: str, content: Mapping[str, Any]) -> Content:
    return table_content(table_from_content(content))


def _checked_measures(_county_code: str, content: Mapping[str, Any]) -> Content:
    return catalogue_content(catalogue_from_content(content, queries.leaf_levels() or None))


def _checked_strategy(county_code: str, content: Mapping[str, Any]) -> Content:
    strategy = strategy_from_content(content)
    table, catalogue = queries.table_of(county_code), queries.catalogue_of(county_code)
    check_strategy(strategy, [each.key for each in table.classes], catalogue)
    return strategy_content(strategy)


CHECKED: Mapping[str, Callable[[str, Mapping[str, Any]], Content]] = {
    RuleKind.CLASSES: _checked_classes,
    RuleKind.MEASURES: _checked_measures,
    RuleKind.STRATEGY: _checked_strategy,
}


@transaction.atomic
def load_default_rules(*, actor: Person | None, county_code: str, at: datetime) -> list[RuleVersion]:
    """Publish the project's own table, catalogue and strategy where the county has none; return what was published."""
    defaults = {
        RuleKind.CLASSES: table_content(default_table()),
        RuleKind.MEASURES: catalogue_content(default_catalogue()),
        RuleKind.STRATEGY: strategy_content(default_strategy()),
    }
    published = []
    for kind, content in defaults.items():
        if not RuleVersion.objects.of(county_code, kind).exists():
            draft = _new_draft(county_code, kind, content)
            published.append(publish_rules(actor=actor, version_id=draft.pk, expected_version=draft.version, at=at))
    return published


@transaction.atomic
def start_draft(*, actor: Person, county_code: str, kind: str, at: datetime) -> RuleVersion:
    """Return the draft of the county's rules of a kind, copied from the published version if there is none.

    Raises:
        NoRules: the county has no rules of the kind yet.
    """
    current = queries.published_version(county_code, kind)
    RuleVersion.objects.select_for_update().get(pk=current.pk)
    draft = RuleVersion.objects.of(county_code, kind).draft().first()
    if draft:
        return draft
    content = current.content
    if kind == RuleKind.STRATEGY:
        content = without_measures(content, queries.catalogue_of(county_code).by_code)
    draft = _new_draft(county_code, kind, content)
    audit(actor, "rules begun", draft, at=at)
    return draft


@transaction.atomic
def edit_rules(
    *, actor: Person, version_id: int, content: Mapping[str, Any], expected_version: int, at: datetime
) -> RuleVersion:
    """Replace a draft's content after checking the whole of it.

    Raises:
        NotADraft: it was published meanwhile.
        Conflict: somebody else edited it.
        BadTable, BadCatalogue, BadStrategy: the content is none.
    """
    version = _draft(version_id, expected_version)
    version.content = CHECKED[version.kind](version.county_code, content)
    version.sha256 = sha256_of(version.content)
    save_version(version, ["content", "sha256"])
    _write_measures(version)
    audit(actor, "rules edited", version, at=at, detail={"sha256": version.sha256})
    return version


@transaction.atomic
def publish_rules(*, actor: Person | None, version_id: int, expected_version: int, at: datetime) -> RuleVersion:
    """Publish a draft; the version before it is superseded. A new decision table judges all units at once.

    Raises:
        NotADraft: it was published meanwhile.
        Conflict: somebody else edited it.
        TableHasHoles: a decision table leaves units without a class.
        BadStrategy: the strategy names what there is not any more.
    """
    version = _draft(version_id, expected_version)
    CHECKED[version.kind](version.county_code, version.content)
    if version.kind == RuleKind.CLASSES:
        check_publishable(table_from_content(version.content))
    others = RuleVersion.objects.of(version.county_code, version.kind)
    others.published().update(status=PublishStatus.SUPERSEDED)
    version.status, version.published_at = PublishStatus.PUBLISHED, at
    version.published_by_id = actor.pk if actor else None
    version.published_by_name = actor.name if actor else ""
    save_version(version, ["status", "published_at", "published_by_id", "published_by_name"])
    audit(actor, "rules published", version, at=at, detail={"sha256": version.sha256})
    if version.kind == RuleKind.CLASSES:
        classify_units(actor=actor, county_code=version.county_code, at=at)
    return version


@transaction.atomic
def discard_rules(*, actor: Person, version_id: int, at: datetime) -> None:
    """Throw a draft away; published versions stay.

    Raises:
        NotADraft: it was published meanwhile.
    """
    version = _draft(version_id, None)
    audit(actor, "rules discarded", version, at=at)
    version.measures.all().delete()
    version.delete()


@transaction.atomic
def classify_units(*, actor: Person | None, county_code: str, at: datetime) -> int:
    """Judge every township and village by the published decision table and today's facts; return how many.

    Raises:
        NoRules: the county has no decision table yet.
        NoClass: a unit fits no row.
    """
    version = queries.published_version(county_code, RuleKind.CLASSES)
    RuleVersion.objects.select_for_update().get(pk=version.pk)
    facts = facts_within(county_code, localtime(at).date())
    judged = classify(table_from_content(version.content), facts.values())
    ids = {each.code: division_id for division_id, each in facts.items()}
    version.unit_classes.exclude(division__in=facts).delete()
    UnitClass.objects.bulk_create(
        (
            UnitClass(
                rule_version=version,
                division_id=ids[each.facts.code],
                code=each.facts.code,
                name=each.facts.name,
                level=each.facts.level,
                class_key=each.class_key,
                row_number=each.row_number,
                facts=facts_content(each.facts),
                classified_at=at,
            )
            for each in judged
        ),
        update_conflicts=True,
        unique_fields=["rule_version", "division"],
        update_fields=["code", "name", "level", "class_key", "row_number", "facts", "classified_at"],
    )
    audit(actor, "units classified", version, at=at, detail={"count": len(judged)})
    return len(judged)


def _draft(version_id: int, expected_version: int | None) -> RuleVersion:
    version = RuleVersion.objects.select_for_update().get(pk=version_id)
    if version.status != PublishStatus.DRAFT:
        raise NotADraft("This version is published; a change is a new version")
    if expected_version is not None:
        check_version(version, expected_version)
    return version


def _new_draft(county_code: str, kind: str, content: Mapping[str, Any]) -> RuleVersion:
    number = RuleVersion.objects.of(county_code, kind).aggregate(last=Max("number"))["last"] or 0
    draft = RuleVersion.objects.create(
        county_code=county_code, kind=kind, number=number + 1, content=dict(content), sha256=sha256_of(content)
    )
    _write_measures(draft)
    return draft


def _write_measures(version: RuleVersion) -> None:
    """Write a draft's measures as rows, so that lists show them and plan lines may point at them."""
    if version.kind != RuleKind.MEASURES:
        return
    catalogue: Catalogue = catalogue_from_content(version.content)
    version.measures.all().delete()
    Measure.objects.bulk_create(
        Measure(
            rule_version=version,
            code=measure.code,
            dimension=measure.dimension.value,
            level=measure.level.value,
            name_zh=measure.name_zh,
            name_en=measure.name_en,
            unit=measure.unit,
            unit_price_fen=measure.unit_price_fen,
            running_fen=measure.running_fen,
            department=measure.department,
            position=position,
        )
        for position, measure in enumerate(catalogue.measures)
    )
