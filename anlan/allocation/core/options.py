"""From an assessment, classes, measures, strategy and money to the allocation problem.

The same builder serves the database and the workbook: it takes values only.

Source: docs/methods/measures.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from math import ceil

from anlan.allocation.core.aims import Distance, Ground, ground_of, unknown_distance
from anlan.allocation.core.floors import floors_of
from anlan.allocation.core.measures import Measure
from anlan.allocation.core.problem import Effect, Option, Problem, Source
from anlan.allocation.core.settings import Earmarked, Rules, Settings, check_money
from anlan.allocation.core.shared import Reach, reach_of
from anlan.allocation.core.steps import score_step
from anlan.allocation.core.strategies import Cell, Stance
from anlan.assessment.core.values import Note, Result
from anlan.kernel.refusal import Refusal, mark

MET_FROM = 0.5  # a prerequisite counts as there from half its target on
PREFERRED = mark("The strategy for this class prefers it")
REQUIRED = mark("The strategy for this class requires it")
BARRED = mark("The strategy for this class bars it")
IS_WEAK = mark("The unit is weak")
WEAKEST = mark("It raises the unit's weakest dimension")
SERVES = mark("It serves several units")
FEW_SOURCES = mark("Only some sources may pay for it")
NO_SOURCE = mark("No source may pay for the measure %(measure)s")
IDLE_SOURCE = mark("The earmark of %(source)s fits nothing that is needed: its money stays")
SILENT = mark("%(unit)s has answered nothing and gets nothing planned")
NO_DISTANCE = mark(
    "How far %(unit)s lies (%(count)s such distances in all) is not known: %(measure)s is not planned to serve it"
)
NOT_KNOWN = mark("Whether %(unit)s has %(measure)s is not known; %(other)s is offered as if it had")
NO_LEAF = mark("The measure %(measure)s raises %(leaf)s, which this assessment does not ask for")
NO_LINE = mark("%(measure)s cannot be kept for %(unit)s: it would raise nothing there, or no source may pay for it")
_EPSILON = 1e-9


class NothingToBuy(Refusal):
    """No measure helps anybody."""


@dataclass(frozen=True, slots=True)
class Built:
    """The problem, and what a reader must know of how it came about."""

    problem: Problem
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Draft:
    """Options as they are gathered; `places` is (unit, measure code) → place of the option."""

    ground: Ground
    rules: Rules
    sources: tuple[Earmarked, ...]
    distance_km: Distance
    options: list[Option] = field(default_factory=list)
    places: dict[tuple[int, str], int] = field(default_factory=dict)
    barred: list[int] = field(default_factory=list)
    notes: dict[tuple[str, ...], Note] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)  # measure → units that lie nobody knows how far

    def note(self, message: str, **values: str) -> None:
        self.notes.setdefault((message, *values.values()), Note(message, values))


def build_problem(
    *,
    result: Result,
    classes: Mapping[str, str],
    rules: Rules,
    sources: tuple[Earmarked, ...],
    settings: Settings,
    distance_km: Distance = unknown_distance,
) -> Built:
    """Return the problem of spending the sources on the units of an assessment.

    Args:
        result: the assessment, from the database (`assessment.queries`) or from `assess`.
        classes: the class of each township and village, by code.
        rules: catalogue and strategy.
        sources: pots of money with what they may pay for.
        settings: years, priorities, floors, pinned and barred lines.
        distance_km: km along the roads between two units; None is unknown.

    Raises:
        BadBudget: there is no money.
        NoClass: a township or village has no class.
        NothingToBuy: no measure helps anybody, or no source may pay for any that does.
        FloorBarred: a floor asks a gain of a unit that only barred measures could give.

    Source: docs/methods/measures.md.
    """
    check_money(sources, settings)
    ground = ground_of(result, classes, settings)
    draft = _Draft(ground, rules, sources, distance_km)
    for measure in _prerequisites_first(rules):
        for leaf in measure.leaves():
            if leaf not in ground.leaves:
                draft.note(NO_LEAF, measure=measure.code, leaf=leaf)
        for unit in range(len(ground.units)):
            if ground.units[unit].level == measure.level:
                _offer(draft, measure, unit)
    if not draft.options:
        raise NothingToBuy("No measure that the sources may pay for would raise any unit's score")
    return _built(draft, settings)


def _built(draft: _Draft, settings: Settings) -> Built:
    ground = draft.ground
    for name in ground.silent:
        draft.note(SILENT, unit=name)
    for measure, units in draft.unknown.items():
        if units:
            draft.note(NO_DISTANCE, measure=measure, unit=units[0], count=str(len(units)))
    used = {source for option in draft.options for source in option.sources}
    for number, source in enumerate(draft.sources):
        if number not in used:
            draft.note(IDLE_SOURCE, source=source.name)
    named = {(ground.units[unit].code, code): place for (unit, code), place in draft.places.items()}
    for unit, measure in sorted(set(settings.pinned) - set(named)):
        place = ground.places.get(unit)
        draft.note(NO_LINE, measure=measure, unit=unit if place is None else ground.units[place].name)
    barred = {*draft.barred, *(named[line] for line in settings.barred if line in named)}
    problem = Problem(
        units=ground.units,
        aims=ground.aims,
        options=tuple(draft.options),
        sources=tuple(Source(source.key, source.name, source.budget_fen) for source in draft.sources),
        year_weights=settings.year_weights,
        exclusions=tuple(_exclusions(draft)),
        pinned=tuple(sorted((named[line], pieces) for line, pieces in settings.pinned.items() if line in named)),
        barred=tuple(sorted(barred)),
    )
    floors, notes = floors_of(problem, settings)
    return Built(replace(problem, floors=floors), (*draft.notes.values(), *notes))


def _prerequisites_first(rules: Rules) -> list[Measure]:
    """Return the measures so that each stands after those that it requires."""
    ordered: dict[str, Measure] = {}

    def put(measure: Measure) -> None:
        for code in chain.from_iterable(measure.requires):
            if code not in ordered:
                put(rules.catalogue.by_code[code])
        ordered.setdefault(measure.code, measure)

    for measure in rules.catalogue.measures:
        put(measure)
    return list(ordered.values())


def _offer(draft: _Draft, measure: Measure, unit: int) -> None:
    """Put the measure at the unit among the options, if it would help, may be paid for and can be had."""
    reach = reach_of(measure, unit, draft.ground, draft.distance_km)
    draft.unknown.setdefault(measure.code, []).extend(reach.unknown)
    effects = tuple(_effects(draft.ground, unit, measure, reach))
    if not effects:
        return
    code = draft.ground.units[unit].code
    sources = tuple(number for number, source in enumerate(draft.sources) if source.allows(measure, code))
    if not sources:
        draft.note(NO_SOURCE, measure=measure.code)
        return
    requires = _requires(draft, measure, unit)
    if requires is None:
        return
    place = len(draft.options)
    draft.places[unit, measure.code] = place
    draft.options.append(_option(draft, measure, unit, effects, (sources, requires)))
    if _cell(draft, measure, unit).stance is Stance.BARRED:
        draft.barred.append(place)


def _effects(ground: Ground, unit: int, measure: Measure, reach: Reach) -> Iterator[Effect]:
    raised = [(unit, leaf, by) for leaf, by in measure.effects.items()]
    if measure.serves:
        raised += [(other, leaf, by) for other in reach.units for leaf, by in measure.serves.effects.items()]
    for other, leaf, by in raised:
        aim = ground.aim_places.get((other, leaf))
        if aim is not None:
            yield Effect(aim, score_step(ground.leaves[leaf], ground.found[other, leaf], by))


def _requires(draft: _Draft, measure: Measure, unit: int) -> tuple[tuple[int, ...], ...] | None:
    """Return the groups of options of which one each must be bought, without those met already; None: cannot be had."""
    groups = []
    for group in measure.requires:
        if any(_is_met(draft, code, unit, measure) for code in group):
            continue
        holders = [(draft.ground.holders(unit, draft.rules.catalogue.by_code[code].level), code) for code in group]
        offered = tuple(
            draft.places[holder, code]
            for holder, code in holders
            if holder is not None and (holder, code) in draft.places
        )
        if not offered:
            return None
        groups.append(offered)
    return tuple(groups)


def _is_met(draft: _Draft, code: str, unit: int, wanted: Measure) -> bool:
    """Tell whether the unit, or the one above it, has what the measure gives: from half the target of a leaf on."""
    required, ground = draft.rules.catalogue.by_code[code], draft.ground
    holder = ground.holders(unit, required.level)
    if holder is None:
        return False
    scores = [ground.found[holder, leaf].score for leaf in required.effects if (holder, leaf) in ground.found]
    if scores and all(score is None for score in scores):
        name = ground.units[holder].name
        draft.note(NOT_KNOWN, unit=name, measure=required.code, other=wanted.code)
        return True
    return any(score is not None and score >= MET_FROM for score in scores)


def _option(
    draft: _Draft,
    measure: Measure,
    unit: int,
    effects: tuple[Effect, ...],
    bounds: tuple[tuple[int, ...], tuple[tuple[int, ...], ...]],
) -> Option:
    sources, requires = bounds
    cell, most = _cell(draft, measure, unit), _most_pieces(draft.ground, measure, unit, effects)
    return Option(
        unit=unit,
        measure=measure.code,
        dimension=measure.dimension.value,
        price_fen=measure.unit_price_fen,
        running_fen=measure.running_fen,
        least=min(measure.least, most),
        most=most,
        effects=effects,
        sources=sources,
        lead_years=max(ceil(measure.lead_months / 12) - 1, 0),
        life_years=measure.life_years,
        multiplier=cell.multiplier,
        serves_most=measure.serves.most if measure.serves else None,
        is_required=cell.stance is Stance.REQUIRED,
        requires=requires,
        reasons=tuple(_reasons(draft, measure, unit, cell, len(sources))),
    )


def _most_pieces(ground: Ground, measure: Measure, unit: int, effects: tuple[Effect, ...]) -> int:
    """Return how many pieces may be bought at most: no more than help, no more than the measure's limits."""
    if measure.serves and measure.serves.most:
        served = {ground.aims[effect.aim].unit for effect in effects}
        useful = ceil(len(served) / measure.serves.most)
    else:
        useful = max(ceil(ground.aims[effect.aim].room / effect.step - _EPSILON) for effect in effects)
    limit = measure.most
    if measure.most_per_1000 is not None and ground.units[unit].population > 0:
        by_people = ceil(measure.most_per_1000 * ground.units[unit].population / 1000 - _EPSILON)
        limit = min(limit, max(by_people, measure.least))
    return max(min(useful, limit), 1)


def _cell(draft: _Draft, measure: Measure, unit: int) -> Cell:
    return draft.rules.strategy.of(draft.ground.units[unit].unit_class, measure.code)


def _reasons(draft: _Draft, measure: Measure, unit: int, cell: Cell, sources: int) -> Iterator[str]:
    told = {Stance.PREFERRED: PREFERRED, Stance.REQUIRED: REQUIRED, Stance.BARRED: BARRED}
    if cell.stance in told:
        yield told[cell.stance]
    if draft.ground.units[unit].is_weak:
        yield IS_WEAK
    if draft.ground.weakest.get(unit) == measure.dimension.value and measure.effects:
        yield WEAKEST
    if measure.serves:
        yield SERVES
    if sources < len(draft.sources):
        yield FEW_SOURCES


def _exclusions(draft: _Draft) -> Iterator[tuple[int, ...]]:
    for (unit, code), place in draft.places.items():
        for other in draft.rules.catalogue.by_code[code].excludes:
            found = draft.places.get((unit, other))
            mutual = code in draft.rules.catalogue.by_code[other].excludes
            if found is not None and (place < found or not mutual):
                yield tuple(sorted((place, found)))
