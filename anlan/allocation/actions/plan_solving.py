"""Solving a plan in a worker, and keeping the answer with the problem that it answers."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.allocation.actions.plans import SOLUTION, draft_of
from anlan.allocation.core.asked import asked_from_content
from anlan.allocation.core.canonical import problem_content
from anlan.allocation.core.notes import note_content, with_names
from anlan.allocation.core.plan import Found, Progress, find_plan, quietly
from anlan.allocation.models import Measure, Plan, PlanLine, PlanMiss, PlanUnit, RuleKind
from anlan.allocation.queries import plan_inputs, rules
from anlan.assessment.actions.results import ids_of_units
from anlan.assessment.core.values import Note
from anlan.assessment.queries import results
from anlan.ground.audit import audit
from anlan.ground.versions import save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import mark
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job

MOST_MISSES = 2000
BATCH = 1000


@transaction.atomic
def request_solution(*, actor: Person, plan_id: int, expected_version: int, at: datetime) -> Job:
    """Have a worker look for the best plan; the job's page shows how far it is.

    Raises:
        NotADraftPlan: it was put forward or approved meanwhile.
        Conflict: somebody else changed it.
    """
    plan = draft_of(plan_id, expected_version)
    return request_job(
        actor=actor,
        task="allocation.solve",
        title=mark("The best plan for %(plan)s"),
        values={"plan": plan.name},
        at=at,
        plan_id=plan.pk,
        version=plan.version,
        actor_id=actor.pk,
    )


def solve_plan(
    *, actor: Person | None, plan_id: int, expected_version: int, at: datetime, progress: Progress = quietly
) -> Plan:
    """Look for the best plan and keep it; what was changed meanwhile is not overwritten.

    Raises:
        NotADraftPlan, Conflict: it changed while the solver was at work.
        FloorsClash: the rules cannot be kept with this money.
        Refusal: the problem cannot be built (`core.options.build_problem`).
    """
    plan = Plan.objects.plain().select_related("assessment__round").get(pk=plan_id)
    asked = asked_from_content(plan.asked)
    built = plan_inputs.built_for(plan, asked)
    found = find_plan(built.problem, gap=asked.gap, progress=progress)
    with transaction.atomic():
        held = draft_of(plan_id, expected_version)
        _keep(held, found, built.notes, at)
        audit(actor, "plan solved", held, at=at, detail={"sha256": held.sha256})
    return held


def _keep(plan: Plan, found: Found, notes: tuple[Note, ...], at: datetime) -> None:
    content = problem_content(found.problem)
    plan.content, plan.sha256 = content, sha256_of(content)
    plan.rule_hashes = rules.hashes_of(plan.county_code)
    plan.newer_round = results.newer_round(plan.assessment)
    plan.figures = figures_content(found)
    plan.solver, plan.solved_at = found.solved.solver, at
    plan.objective, plan.bound, plan.gap = found.solved.objective, found.solved.bound, found.solved.gap
    plan.budget_fen, plan.spent_fen = found.budget_fen, found.solved.spent_fen
    writer = _Writer(plan, found)
    plan.notes = [writer.note(note) for note in notes]
    save_version(plan, list(SOLUTION))
    for rows in (plan.units, plan.lines, plan.misses):
        rows.all().delete()
    PlanUnit.objects.bulk_create(writer.units(), batch_size=BATCH)
    PlanLine.objects.bulk_create(writer.lines(), batch_size=BATCH)
    PlanMiss.objects.bulk_create(writer.misses(), batch_size=BATCH)


def figures_content(found: Found) -> dict[str, Any]:
    """Return what the answer's pages show beside its rows: prices, floors, fairness."""
    problem, fair = found.problem, found.fairness
    names = {unit.code: unit.name for unit in problem.units}
    return {
        "prices": [
            {
                "source": problem.sources[price.source].name,
                "key": problem.sources[price.source].key,
                "year": price.year,
                "budget_fen": problem.sources[price.source].budget_fen[price.year],
                "spent_fen": price.spent_fen,
                "points_per_wan": price.points_per_wan,
                "checked": price.checked_points_per_wan,
            }
            for price in found.explanation.prices
            if problem.sources[price.source].budget_fen[price.year] > 0
        ],
        "floors": [
            {
                "key": floor.key,
                "words": note_content(floor.words),
                "is_binding": floor.is_binding,
                "cost": floor.cost_of_rule,
            }
            for floor in found.explanation.floors
        ],
        "fairness": {
            "gini_before": fair.gini_before,
            "gini_after": fair.gini_after,
            "worst_before": [problem.units[fair.worst_before[0]].name, fair.worst_before[1]],
            "worst_after": [problem.units[fair.worst_after[0]].name, fair.worst_after[1]],
            "per_head": [[code, names.get(code, code), fen] for code, fen in fair.per_head],
        },
    }


class _Writer:
    """Makes the rows of a found plan."""

    def __init__(self, plan: Plan, found: Found) -> None:
        self.plan, self.found, self.problem = plan, found, found.problem
        self.ids = ids_of_units(plan.assessment.round)
        version = rules.published_version(plan.county_code, RuleKind.MEASURES)
        self.measures: Mapping[str, Measure] = {row.code: row for row in version.measures.all()}
        self.names = {unit.code: unit.name for unit in self.problem.units}
        self.years = asked_from_content(plan.asked).years

    def units(self) -> Iterator[PlanUnit]:
        wanted = results.wanted_by_units(self.plan.assessment)
        for share in self.found.units:
            unit = self.problem.units[share.unit]
            count, cost = wanted.get(unit.code, (0, 0))
            yield PlanUnit(
                plan=self.plan,
                division_id=self.ids[unit.code],
                code=unit.code,
                name=unit.name,
                level=unit.level,
                township_code=unit.township_code,
                township_name=self._township(unit.township_code),
                unit_class=unit.unit_class,
                population=unit.population,
                is_weak=unit.is_weak,
                score_before=unit.score,
                score_after=share.score_after,
                gain_from_others=share.gain_from_others,
                money_fen=share.money_fen,
                line_count=share.line_count,
                needs_fen=cost,
                needs_count=count,
            )

    def lines(self) -> Iterator[PlanLine]:
        for position, line in enumerate(self.found.lines, 1):
            option = self.problem.options[line.option]
            unit, source = self.problem.units[option.unit], self.problem.sources[line.source]
            yield PlanLine(
                plan=self.plan,
                division_id=self.ids[unit.code],
                measure=self.measures[option.measure],
                source_id=int(source.key.removeprefix("source-")),
                position=position,
                unit_code=unit.code,
                unit_name=unit.name,
                level=unit.level,
                township_code=unit.township_code,
                township_name=self._township(unit.township_code),
                dimension=option.dimension,
                source_name=source.name,
                year=self.years[line.year],
                pieces=line.pieces,
                unit_price_fen=option.price_fen,
                cost_fen=line.cost_fen,
                running_fen=line.running_fen,
                gain=line.gain,
                points_per_wan=line.points_per_wan,
                reasons=[self.note(note) for note in line.reasons],
                is_pinned=line.is_pinned,
            )

    def misses(self) -> Iterator[PlanMiss]:
        for rank, miss in enumerate(self.found.explanation.misses[:MOST_MISSES], 1):
            option = self.problem.options[miss.option]
            unit = self.problem.units[option.unit]
            yield PlanMiss(
                plan=self.plan,
                division_id=self.ids[unit.code],
                measure=self.measures[option.measure],
                rank=rank,
                unit_code=unit.code,
                unit_name=unit.name,
                township_code=unit.township_code,
                price_fen=option.price_fen,
                lacking_fen=miss.lacking_fen,
                points_per_wan=miss.points_per_wan,
                reason=self.note(miss.reason),
            )

    def note(self, note: Note) -> list[Any]:
        """Return a note as content, measures by their names in both languages."""
        return note_content(with_names(note, self._names_of))

    def _names_of(self, code: str) -> dict[str, str] | None:
        row = self.measures.get(code)
        return {"zh": row.name_zh, "en": row.name_en} if row else None

    def _township(self, code: str) -> str:
        return self.names.get(code, "")
