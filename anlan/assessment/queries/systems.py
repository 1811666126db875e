"""Indicator systems and their versions, as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Prefetch, QuerySet

from anlan.assessment.core.ahp import Comparison, ahp_weights, most_inconsistent_pair
from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.system_difference import Difference, differences
from anlan.assessment.core.values import DIMENSION_NAMES, Contradiction, Dimension, Leaf, Profile, System
from anlan.assessment.documents.system_file import system_workbook, system_yaml
from anlan.assessment.models import IndicatorSystem, SystemVersion
from anlan.assessment.models import Leaf as LeafRow
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


@dataclass(frozen=True, slots=True)
class Group:
    """The leaves of one dimension at one level, and the sum of their weights."""

    dimension: Dimension
    level: Level
    leaves: tuple[Leaf, ...]

    @property
    def part(self) -> str:
        """The editor's name of it."""
        return f"group.{self.dimension}.{self.level}"

    @property
    def total(self) -> float:
        """The sum of the weights, held to 1."""
        return sum(leaf.weight for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparisons of the dimensions: the matrix by row, what it says, and its least fitting pair."""

    rows: tuple[tuple[Dimension, tuple[float, ...]], ...]
    found: Comparison
    pair: tuple[str, str]

    @property
    def weights(self) -> list[tuple[Dimension, float]]:
        """The weights that the comparisons say."""
        return list(zip(Dimension, self.found.weights.tolist(), strict=True))


def systems() -> QuerySet[IndicatorSystem]:
    """Return every system by name, with its versions from the latest, their content left behind."""
    versions = SystemVersion.objects.defer("content").order_by("-number")
    return IndicatorSystem.objects.prefetch_related(Prefetch("versions", versions)).order_by("name_zh", "pk")


def version_page(version: SystemVersion) -> dict[str, Any]:
    """Return all that a version's page shows."""
    system = system_from_content(version.content)
    others = version.system.versions.exclude(pk=version.pk).defer("content").order_by("-number")
    return {
        "version": version,
        "system": system,
        "is_draft": version.status == PublishStatus.DRAFT,
        "groups": groups_of(system),
        "dimension_weights": [(each, system.dimension_weights.get(each, 0.0)) for each in Dimension],
        "compared": compared_of(system),
        "factors": factors_of(system),
        "rules": rules_of(system),
        "others": others,
        "round_count": version.rounds.count(),
        "leaf_count": len(system.leaves),
    }


def groups_of(system: System) -> list[tuple[Dimension, list[Group]]]:
    """Return the leaves by dimension and level."""
    return [
        (dimension, [group for level in LEVELS if (group := _group(system, dimension, level)).leaves])
        for dimension in Dimension
    ]


def _group(system: System, dimension: Dimension, level: Level) -> Group:
    return Group(dimension, level, tuple(leaf for leaf in system.at_level(level) if leaf.dimension == dimension))


def compared_of(system: System) -> Compared | None:
    """Return what the comparisons say; None where the system has none."""
    matrix = system.dimension_comparisons
    if matrix is None:
        return None
    found = ahp_weights(matrix)
    row, column = most_inconsistent_pair(np.asarray(matrix, dtype=float), found.weights)
    names = [DIMENSION_NAMES[each] for each in Dimension]
    return Compared(tuple(zip(Dimension, matrix, strict=True)), found, (names[row], names[column]))


def factors_of(system: System) -> list[tuple[Profile, list[tuple[Leaf, float]]]]:
    """Return by how much which leaves weigh more, by profile."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    return [
        (profile, [(leaves[code], factor) for code, factor in system.profile_factors.get(profile, {}).items()])
        for profile in Profile
    ]


def rules_of(system: System) -> list[tuple[Contradiction, Leaf, Leaf | None]]:
    """Return the contradictions with the leaves that they compare; None stands for a fact of the unit."""
    leaves = {leaf.code: leaf for leaf in system.leaves}
    return [(rule, leaves[rule.leaf], leaves.get(rule.other)) for rule in system.contradictions]


def difference_page(version: SystemVersion, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what the version says otherwise than the one asked for, else than the one before it."""
    others = version.system.versions.exclude(pk=version.pk).order_by("-number")
    wanted = query.get("with", "")
    other = others.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    other = other or others.filter(number__lt=version.number).first() or others.first()
    found: tuple[Difference, ...] = differences(other.content, version.content) if other else ()
    return {"version": version, "other": other, "others": others.defer("content"), "differences": found}


def file_of(version: SystemVersion, ending: str) -> tuple[str, str, bytes]:
    """Return name, kind and content of the version as a file; YAML unless a workbook is asked for."""
    name = f"{version.system.key}-v{version.number}"
    if ending == "xlsx":
        return f"{name}.xlsx", WORKBOOK, system_workbook(version.content)
    return f"{name}.yaml", "application/yaml", system_yaml(version.content)


def published_leaves() -> QuerySet[LeafRow]:
    """Return the leaves of all published systems in order: what measures may raise."""
    rows = LeafRow.objects.filter(system_version__status=PublishStatus.PUBLISHED)
    return rows.order_by("system_version_id", "position", "pk")
