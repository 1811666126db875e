"""What the pages of the rules show."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts.queries import Scope
from anlan.allocation.core.classes import DecisionTable, table_from_content
from anlan.allocation.core.decision import Findings, findings_of
from anlan.allocation.core.measures import Catalogue, Measure, catalogue_from_content
from anlan.allocation.core.strategies import Strategy, strategy_from_content
from anlan.allocation.models import RuleKind, RuleVersion, UnitClass
from anlan.allocation.queries import rules
from anlan.allocation.rule_words import class_names, name_of
from anlan.assessment.core.values import Dimension
from anlan.assessment.queries import systems
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level, prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places

MAPPED_LEVELS = {Level.TOWNSHIP: mark("Townships"), Level.VILLAGE: mark("Villages")}
QUIET = ("rivers", "roads")
NO_CLASS = "#ECEEF1"


def classes_within(version: RuleVersion, scope: Scope) -> QuerySet[UnitClass]:
    """Return the units that the version has judged, within the scope."""
    return UnitClass.objects.filter(scope.q("code"), rule_version=version)


def classes_page(county_code: str, scope: Scope, level: str) -> dict[str, Any]:
    """Return the map coloured by class, how many units each class has, and how old the judgement is."""
    version = rules.published_version(county_code, RuleKind.CLASSES)
    table = table_from_content(version.content)
    names = class_names(table)
    rows = list(classes_within(version, scope).order_by("code").values_list("class_key", "level", "classified_at"))
    counts = Counter((class_key, at_level) for class_key, at_level, _at in rows)
    shown = level if level in MAPPED_LEVELS else Level.VILLAGE.value
    return {
        "version": version,
        "table_of_rules": table,
        "county_code": county_code,
        "map": classes_map(county_code, table, shown),
        "level": shown,
        "levels": [(each.value, name) for each, name in MAPPED_LEVELS.items()],
        "counts": [
            (each, names[each.key], counts[each.key, Level.TOWNSHIP], counts[each.key, Level.VILLAGE])
            for each in table.classes
        ],
        "classified_at": max((at for _key, _level, at in rows), default=None),
    }


def classes_map(county_code: str, table: DecisionTable, level: str) -> dict[str, Any]:
    """Return the map's settings: units coloured by class, rivers and roads quiet below them."""
    settings: dict[str, Any] = {
        "layers": [
            *places.ground_layers(county_code, QUIET),
            *(_class_layer(county_code, table, each, is_visible=each == level) for each in MAPPED_LEVELS),
        ],
        "legend": [[each.colour, name_of(each)] for each in table.classes],
    }
    bounds = places.bounds_of(prefix_of(county_code))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def _class_layer(county_code: str, table: DecisionTable, level: Level, *, is_visible: bool) -> dict[str, Any]:
    return {
        "key": level.value,
        "title": _(MAPPED_LEVELS[level]),
        "kind": "fill",
        "url": reverse("unit-classes-data", args=[county_code, level.value]),
        "visible": is_visible,
        "label": "name",
        "link": reverse("unit-class", args=[0]).replace("/0/", "/{pk}/"),
        "card": [[_("Class"), "class"], [_("Row"), "row"]],
        "colour": {
            "property": "class_number",
            "stops": [[number, each.colour] for number, each in enumerate(table.classes)],
            "missing": NO_CLASS,
        },
    }


def classes_features(county_code: str, scope: Scope, level: str) -> dict[str, Any]:
    """Return the units of a level as GeoJSON features that carry their class."""
    version = rules.published_version(county_code, RuleKind.CLASSES)
    table = table_from_content(version.content)
    names, numbers = class_names(table), {each.key: number for number, each in enumerate(table.classes)}
    rows = list(classes_within(version, scope).filter(level=level).order_by("code"))
    shapes = places.boundaries_of([row.division_id for row in rows])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": int(row.code[-9:]),
                "geometry": shapes[row.division_id],
                "properties": {
                    "pk": row.pk,
                    "code": row.code,
                    "name": row.name,
                    "class": names.get(row.class_key, row.class_key),
                    "class_number": numbers.get(row.class_key),
                    "row": row.row_number,
                },
            }
            for row in rows
            if row.division_id in shapes
        ],
    }


def unit_page(row: UnitClass) -> dict[str, Any]:
    """Return why a unit has its class: every row in order, up to the first that fits."""
    table = table_from_content(row.rule_version.content)
    return {
        "row": row,
        "version": row.rule_version,
        "class": table.named(row.class_key),
        "passed": list(enumerate(table.rows[: row.row_number - 1], 1)),
        "matched": table.rows[row.row_number - 1],
    }


def version_frame(version: RuleVersion) -> dict[str, Any]:
    """Return what stands around the rules of any kind: their state and the other versions."""
    return {
        "version": version,
        "is_draft": version.status == PublishStatus.DRAFT,
        "versions": rules.versions_of(version.county_code, version.kind),
    }


def table_page(version: RuleVersion) -> dict[str, Any]:
    """Return a decision table with what was found in it."""
    table = table_from_content(version.content)
    found: Findings = findings_of(table.rows)
    crossing: dict[int, list[int]] = defaultdict(list)
    for overlap in found.overlaps:
        crossing[overlap.second].append(overlap.first)
    return version_frame(version) | {
        "rows": [
            (number, row, table.named(row.class_key), crossing.get(number, []))
            for number, row in enumerate(table.rows, 1)
        ],
        "classes": table.classes,
        "found": found,
        "last": len(table.rows),
    }


def measures_page(version: RuleVersion) -> dict[str, Any]:
    """Return what stands around a catalogue of measures."""
    catalogue = catalogue_from_content(version.content)
    leaves = leaf_names()
    return version_frame(version) | {
        "count": len(catalogue.measures),
        "examples": frozenset(measure.code for measure in catalogue.measures if measure.is_example),
        "raised": {
            measure.code: _("; ").join(leaves.get(leaf, leaf) for leaf in dict.fromkeys(measure.leaves()))
            for measure in catalogue.measures
        },
    }


def measure_page(version: RuleVersion, code: str) -> dict[str, Any]:
    """Return one measure with the names of what it raises, requires and excludes, and what the strategy says of it."""
    catalogue = catalogue_from_content(version.content)
    measure, leaves = catalogue.by_code[code], leaf_names()
    strategy, table = rules.strategy_of(version.county_code), rules.table_of(version.county_code)
    return version_frame(version) | {
        "measure": measure,
        "effects": [(leaf, leaves.get(leaf, ""), by) for leaf, by in measure.effects.items()],
        "served": [
            (leaf, leaves.get(leaf, ""), by) for leaf, by in (measure.serves.effects if measure.serves else {}).items()
        ],
        "requires": [[catalogue.by_code[other] for other in group] for group in measure.requires],
        "excludes": [catalogue.by_code[other] for other in measure.excludes],
        "stances": [
            (each, cell) for each in table.classes if (cell := strategy.of(each.key, code)).stance != "neutral"
        ],
    }


def strategy_page(version: RuleVersion) -> dict[str, Any]:
    """Return the matrix of classes and measures, by dimension."""
    strategy, table = strategy_from_content(version.content), rules.table_of(version.county_code)
    catalogue = rules.catalogue_of(version.county_code)
    return version_frame(version) | {
        "classes": table.classes,
        "groups": [(each, _matrix(catalogue, strategy, table, each)) for each in Dimension],
    }


def _matrix(
    catalogue: Catalogue, strategy: Strategy, table: DecisionTable, dimension: Dimension
) -> list[tuple[Measure, list[Any]]]:
    return [
        (measure, [strategy.of(each.key, measure.code) for each in table.classes])
        for measure in catalogue.measures
        if measure.dimension is dimension
    ]


def leaf_names() -> dict[str, str]:
    """Return the names of the published systems' leaves in the reader's language, by code."""
    return {leaf.code: name_of(leaf) for leaf in systems.published_leaves()}
