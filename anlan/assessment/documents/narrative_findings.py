"""What a report says of strengths and of the three main obstacles, and where they lie."""

from collections import defaultdict
from collections.abc import Sequence

from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Kind, Result, UnitResult
from anlan.assessment.documents.narrative import (
    ORDINALS,
    Measured,
    Paragraph,
    Sentence,
    Value,
    by_score,
    listed,
    percent,
    points,
)
from anlan.assessment.documents.report_losses import LeafPart, Obstacle, obstacles_of
from anlan.kernel.codes import Level, ancestor_at
from anlan.kernel.refusal import mark

PLACES = 3
STRONG = 0.8


def main_obstacles(result: Result, code: str) -> tuple[Obstacle, ...]:
    """Return the three leaves that cost the unit most; fewer where less is lost."""
    return tuple(obstacle for obstacle in obstacles_of(result, code)[: len(ORDINALS)] if obstacle.lost > 0)


def strengths(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    """Say which dimensions and which leaves stand well; where none does, which stand best."""
    ordered = by_score(unit)
    if not ordered:
        return (Paragraph((Sentence(mark("Without answers no strength can be named.")),)),)
    return (Paragraph((_strong_dimensions(result, unit),)), *_strong_leaves(result, unit.unit.code))


def _strong_dimensions(result: Result, unit: UnitResult) -> Sentence:
    good = result.system.grades.good
    strong = [scored for scored in by_score(unit) if (scored.score or 0.0) >= good]
    named: tuple[Value, ...] = tuple(
        Sentence(
            mark("%(dimension)s (%(score)s points)"),
            {"dimension": Sentence(DIMENSION_NAMES[scored.dimension]), "score": points(scored.score or 0.0)},
        )
        for scored in (strong or by_score(unit)[:1])
    )
    values: dict[str, Value] = {"named": named, "good": f"{good * 100:g}"}
    if strong:
        return Sentence(mark("%(good)s points are reached in %(named)s."), values)
    return Sentence(mark("No dimension reaches %(good)s points yet; %(named)s stands best."), values)


def _strong_leaves(result: Result, code: str) -> tuple[Paragraph, ...]:
    kept = [obstacle for obstacle in obstacles_of(result, code) if obstacle.score >= STRONG]
    best = sorted(kept, key=lambda kept: (kept.lost - kept.possible, kept.leaf.code))[: len(ORDINALS)]
    if not best:
        return ()
    named = tuple(
        Sentence(mark("%(leaf)s (%(score)s points)"), {"leaf": obstacle.leaf, "score": points(obstacle.score)})
        for obstacle in best
    )
    return (Paragraph((Sentence(mark("The indicators that carry the score most are %(named)s."), {"named": named}),)),)


def obstacles(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    """Say what is lost in all, the three main obstacles one by one with their places, and the dimensions' shares."""
    found = main_obstacles(result, unit.unit.code)
    if unit.score is None:
        return (Paragraph((Sentence(mark("Without answers no obstacle can be named.")),)),)
    if not found:
        return (Paragraph((Sentence(mark("Every answered indicator reaches its target; no obstacle was found.")),)),)
    opening = Sentence(
        mark("%(lost)s points are lost in all. The first %(count)d obstacles make up %(share)s of them: %(leaves)s."),
        {
            "lost": points(1 - unit.score),
            "count": len(found),
            "share": percent(sum(obstacle.share for obstacle in found)),
            "leaves": tuple(obstacle.leaf for obstacle in found),
        },
    )
    each = (_obstacle(result, unit, obstacle, ordinal) for ordinal, obstacle in zip(ORDINALS, found, strict=False))
    return (Paragraph((opening,)), *each, Paragraph((_dimension_shares(result, unit.unit.code),)))


def _obstacle(result: Result, unit: UnitResult, obstacle: Obstacle, ordinal: str) -> Paragraph:
    lead = Sentence(mark("%(ordinal)s %(leaf)s."), {"ordinal": Sentence(ordinal), "leaf": obstacle.leaf})
    facts = Sentence(
        mark("Dimension: %(dimension)s; obstacle degree %(share)s, %(lost)s points lost, mean score %(score)s points."),
        {
            "dimension": Sentence(DIMENSION_NAMES[obstacle.leaf.dimension]),
            "share": percent(obstacle.share),
            "lost": points(obstacle.lost),
            "score": points(obstacle.score),
        },
    )
    return Paragraph((facts, _where(result, unit, obstacle)), lead)


def _where(result: Result, unit: UnitResult, obstacle: Obstacle) -> Sentence:
    part = obstacle.parts[0]
    if part.unit.unit.code == unit.unit.code:
        return _own_value(part)
    losing = [part for part in obstacle.parts if part.lost > 0]
    values: dict[str, Value] = {
        "places": listed([name for name, _ in places_of(result, unit, losing)], most=PLACES),
        "losing": len(losing),
        "count": len(obstacle.parts),
    }
    return Sentence(
        mark("%(losing)d of %(count)d answering units miss the target; most is lost in %(places)s."), values
    )


def _own_value(part: LeafPart) -> Sentence:
    """The leaf is asked of the unit itself: its value beside the target says it all."""
    if part.leaf.kind is Kind.BOOLEAN:
        return Sentence(mark("%(unit)s itself does not have it."), {"unit": part.unit.unit.name})
    values: dict[str, Value] = {
        "unit": part.unit.unit.name,
        "value": Measured(part.leaf, part.found.value or 0.0),
        "target": Measured(part.leaf, part.leaf.target),
    }
    return Sentence(mark("%(unit)s itself has %(value)s, the target is %(target)s."), values)


def places_of(result: Result, unit: UnitResult, losing: Sequence[LeafPart]) -> list[tuple[str, float]]:
    """Return the units one level below in which the parts are lost, and how much: most first."""
    names = {other.unit.code: other.unit.name for other in result.units}
    lost: dict[str, float] = defaultdict(float)
    level = Level.TOWNSHIP if unit.unit.level == Level.COUNTY else Level.VILLAGE
    for part in losing:
        lost[names[ancestor_at(part.unit.unit.code, level)]] += part.lost
    return sorted(lost.items(), key=lambda place: (-place[1], place[0]))


def _dimension_shares(result: Result, code: str) -> Sentence:
    shares: dict[Dimension, float] = defaultdict(float)
    for obstacle in obstacles_of(result, code):
        shares[obstacle.leaf.dimension] += obstacle.share
    ordered = sorted(shares.items(), key=lambda share: -share[1])
    named = tuple(
        Sentence(mark("%(name)s %(share)s"), {"name": Sentence(DIMENSION_NAMES[dimension]), "share": percent(share)})
        for dimension, share in ordered
        if share > 0
    )
    return Sentence(mark("By dimension the loss lies in %(named)s."), {"named": named})
