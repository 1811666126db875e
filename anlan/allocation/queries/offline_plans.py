"""A plan from a workbook or from the latest assessment, without anything being stored: what the command makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anlan.allocation.core.canonical import problem_hash
from anlan.allocation.core.classes import classify, default_table
from anlan.allocation.core.facts import CHOICES, UnitFacts
from anlan.allocation.core.measures import Catalogue, Measure, default_catalogue
from anlan.allocation.core.notes import with_names
from anlan.allocation.core.options import Built, build_problem
from anlan.allocation.core.plan import Found, PlanUnit
from anlan.allocation.core.problem import Option, Unit
from anlan.allocation.core.settings import Earmarked, Rules, Settings
from anlan.allocation.core.strategies import default_strategy
from anlan.allocation.documents.plan_told import (
    ToldFairness,
    ToldFloor,
    ToldLine,
    ToldMiss,
    ToldPlan,
    ToldPrice,
    ToldUnit,
)
from anlan.allocation.queries import rules
from anlan.allocation.rule_words import name_of
from anlan.assessment.core.values import Note, Result, UnitResult
from anlan.assessment.queries import results
from anlan.places.core.values import Hazard


@dataclass(frozen=True, slots=True)
class Task:
    """What the command plans: the assessment, the problem made of it, the catalogue that names its measures."""

    result: Result
    built: Built
    catalogue: Catalogue
    newer_round: str = ""

    def named(self, note: Note) -> Note:
        """Return a note with measures by their names."""
        return with_names(note, self._names_of)

    def _names_of(self, code: str) -> dict[str, str] | None:
        measure = self.catalogue.by_code.get(code)
        return {"zh": measure.name_zh, "en": measure.name_en} if measure else None


def from_workbook(result: Result, sources: tuple[Earmarked, ...], settings: Settings) -> Task:
    """Return the task of a workbook: the project's own rules, classes by what the workbook says of the units.

    Raises:
        Refusal: see `core.options.build_problem`.
    """
    facts = [_facts(unit) for unit in result.units if unit.unit.level in CHOICES["level"]]
    classes = {each.facts.code: each.class_key for each in classify(default_table(), facts)}
    catalogue = default_catalogue()
    built = build_problem(
        result=result,
        classes=classes,
        rules=Rules(catalogue, default_strategy()),
        sources=sources,
        settings=settings,
    )
    return Task(result, built, catalogue)


def _facts(result: UnitResult) -> UnitFacts:
    unit = result.unit
    hazards = {each.value for each in Hazard} & {profile.value for profile in unit.profiles}
    return UnitFacts(
        code=unit.code,
        name=unit.name,
        level=unit.level.value,
        region_type=unit.region.value if unit.region else "",
        hazards=frozenset(hazards),
        population=unit.population or None,
        grade=result.grade.value if result.grade else "",
    )


def from_county(county_code: str, sources: tuple[Earmarked, ...], settings: Settings) -> Task | None:
    """Return the task of a county's latest published assessment and rules in force; None where there is none.

    Raises:
        NoRules: the county has no rules.
        Refusal: see `core.options.build_problem`.
    """
    assessment = results.published_of_county(county_code)
    if assessment is None:
        return None
    built = rules.problem_of(assessment_id=assessment.pk, sources=sources, settings=settings)
    return Task(results.result_of(assessment), built, rules.catalogue_of(county_code), results.newer_round(assessment))


def told_of(task: Task, found: Found, *, name: str, years: tuple[int, ...], made_on: date) -> ToldPlan:
    """Return what the documents tell of a plan that is not stored."""
    problem, result = found.problem, task.result
    names = {unit.code: unit.name for unit in problem.units}
    wanted: dict[str, int] = {}
    for need in result.needs:
        wanted[need.unit_code] = wanted.get(need.unit_code, 0) + need.cost_fen
    return ToldPlan(
        county_name=result.units[0].unit.name,
        name=name,
        survey_name=result.survey_name,
        closes_on=result.closes_on,
        years=years,
        budget_fen=found.budget_fen,
        spent_fen=found.solved.spent_fen,
        gap=found.solved.gap,
        solver=found.solved.solver,
        sha256=problem_hash(problem),
        made_on=made_on,
        approved_by="",
        approved_on=None,
        newer_round=task.newer_round,
        notes=tuple(task.named(note) for note in task.built.notes),
        lines=tuple(_lines(task, found, years, names)),
        units=tuple(_units(found, names, wanted)),
        misses=tuple(_misses(task, found)),
        prices=tuple(_prices(found, years)),
        floors=tuple(
            ToldFloor(floor.key, floor.words, floor.is_binding, floor.cost_of_rule)
            for floor in found.explanation.floors
        ),
        fairness=_fairness(found),
    )


def _lines(task: Task, found: Found, years: tuple[int, ...], names: Mapping[str, str]) -> list[ToldLine]:
    lines = []
    for line in found.lines:
        option = found.problem.options[line.option]
        unit, measure = found.problem.units[option.unit], task.catalogue.by_code[option.measure]
        lines.append(
            ToldLine(
                unit_code=unit.code,
                unit_name=unit.name,
                level=unit.level,
                township_code=unit.township_code,
                township_name=names.get(unit.township_code, ""),
                dimension=option.dimension,
                measure_code=measure.code,
                measure_name=name_of(measure),
                measure_unit=measure.unit,
                department=measure.department,
                source_name=found.problem.sources[line.source].name,
                year=years[line.year],
                pieces=line.pieces,
                unit_price_fen=option.price_fen,
                cost_fen=line.cost_fen,
                running_fen=line.running_fen,
                gain=line.gain,
                points_per_wan=line.points_per_wan,
                reasons=tuple(task.named(note) for note in line.reasons),
            )
        )
    return lines


def _units(found: Found, names: Mapping[str, str], wanted: Mapping[str, int]) -> list[ToldUnit]:
    return [_unit(found.problem.units[share.unit], share, names, wanted) for share in found.units]


def _unit(unit: Unit, share: PlanUnit, names: Mapping[str, str], wanted: Mapping[str, int]) -> ToldUnit:
    return ToldUnit(
        code=unit.code,
        name=unit.name,
        level=unit.level,
        township_code=unit.township_code,
        township_name=names.get(unit.township_code, ""),
        population=unit.population,
        is_weak=unit.is_weak,
        score_before=unit.score,
        score_after=share.score_after,
        money_fen=share.money_fen,
        needs_fen=wanted.get(unit.code, 0),
        line_count=share.line_count,
    )


def _misses(task: Task, found: Found) -> list[ToldMiss]:
    missed = []
    for miss in found.explanation.misses:
        option: Option = found.problem.options[miss.option]
        measure: Measure = task.catalogue.by_code[option.measure]
        unit = found.problem.units[option.unit]
        missed.append(
            ToldMiss(
                unit.code,
                unit.name,
                measure.code,
                name_of(measure),
                option.price_fen,
                miss.points_per_wan,
                task.named(miss.reason),
            )
        )
    return missed


def _prices(found: Found, years: tuple[int, ...]) -> list[ToldPrice]:
    sources = found.problem.sources
    return [
        ToldPrice(
            source=sources[price.source].name,
            year=years[price.year],
            budget_fen=sources[price.source].budget_fen[price.year],
            spent_fen=price.spent_fen,
            points_per_wan=price.points_per_wan,
            checked=price.checked_points_per_wan,
        )
        for price in found.explanation.prices
        if sources[price.source].budget_fen[price.year] > 0
    ]


def _fairness(found: Found) -> ToldFairness:
    units, fair = found.problem.units, found.fairness
    (low, before), (lower, after) = fair.worst_before, fair.worst_after
    return ToldFairness(fair.gini_before, fair.gini_after, (units[low].name, before), (units[lower].name, after))
