"""The ranking's page: a level's units in their order, and the pictures beside them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.core.values import System
from anlan.assessment.models import Assessment, UnitScore
from anlan.assessment.queries import comparison, pictures, results
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

RANKED = {Level.TOWNSHIP: mark("Townships"), Level.VILLAGE: mark("Villages"), Level.COUNTY: mark("County")}


def ranked(assessment: Assessment, scope: Scope, level: str) -> QuerySet[UnitScore]:
    """Return a level's units with their change since the round before and the chances of each grade."""
    rows = results.scores_of(assessment, scope).filter(level=level)
    return comparison.with_change(rows, assessment).annotate(chances=F("detail__grade_probability"))


class RankingPage:
    """What stands around the ranking; each part is asked for when the page shows it."""

    def __init__(self, assessment: Assessment, scope: Scope, query: Mapping[str, str]) -> None:
        self.assessment = assessment
        self.scope = scope
        self.wanted_level = query.get("level", "")
        self.wanted_unit = query.get("unit", "")

    @cached_property
    def system(self) -> System:
        return system_of(self.assessment.round)

    @cached_property
    def levels(self) -> list[tuple[str, str]]:
        """Return the levels that the reader sees units of, with their names."""
        rows = results.scores_of(self.assessment, self.scope)
        present = set(rows.order_by().values_list("level", flat=True).distinct())
        return [(level.value, name) for level, name in RANKED.items() if level.value in present]

    @cached_property
    def level(self) -> str:
        """Return the level asked for, else the first that the reader sees units of."""
        present = [level for level, _name in self.levels]
        return self.wanted_level if self.wanted_level in present else next(iter(present), Level.TOWNSHIP.value)

    @cached_property
    def chosen(self) -> UnitScore | None:
        """Return the unit of the radar: the one asked for, else the first of the ranking."""
        rows = results.scores_of(self.assessment, self.scope).filter(level=self.level)
        return rows.filter(code=self.wanted_unit).first() or rows.filter(rank__isnull=False).first() or rows.first()

    @cached_property
    def radar(self) -> dict[str, Any] | None:
        return pictures.radar_of(self.chosen) if self.chosen else None

    @cached_property
    def radar_table(self) -> Sequence[tuple[str, Sequence[float | None]]]:
        return pictures.table_of(self.radar) if self.radar else []

    @cached_property
    def map(self) -> dict[str, Any]:
        return pictures.score_map(self.assessment, self.scope, self.system.grades, level=self.level)

    @cached_property
    def others(self) -> list[Assessment]:
        """Return every assessment of the county that a reader may choose instead."""
        return list(results.siblings_of(self.assessment))
