"""What a report says, as messages with values: pure, so that a claim can be tested before it is worded.

A `Sentence` is a catalogue id with values: text, figures written out, leaves (named in the reader's
language), other sentences, or tuples of these (listed). `report_words.say` words it.
This page holds what every report opens with; `narrative_findings`, `narrative_trust` and
`narrative_measures` hold its other parts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from anlan.assessment.core.names import GRADE_NAMES, LEVEL_NAMES, METHOD_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, DimensionScore, Grade, Leaf, Result, UnitResult
from anlan.kernel.codes import Level, ancestor_at, is_within, level_of, prefix_of
from anlan.kernel.refusal import mark

Value: TypeAlias = "str | int | float | date | Leaf | Measured | Measure | Sentence | tuple[Value, ...]"
LISTED = 6
COUNTED = {Level.TOWNSHIP: mark("%(count)d townships"), Level.VILLAGE: mark("%(count)d villages")}
BELOW = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}
ORDINALS = (mark("(1)"), mark("(2)"), mark("(3)"))
COORDINATION = (
    (0.1, mark("extreme imbalance")),
    (0.2, mark("severe imbalance")),
    (0.3, mark("moderate imbalance")),
    (0.4, mark("slight imbalance")),
    (0.5, mark("near imbalance")),
    (0.6, mark("bare coordination")),
    (0.7, mark("primary coordination")),
    (0.8, mark("intermediate coordination")),
    (0.9, mark("good coordination")),
    (1.0, mark("excellent coordination")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A leaf's value, to be written with its unit: 37%, 4 persons, yes."""

    leaf: Leaf
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """The measure that closes a leaf's gap, in the reader's language."""

    leaf: Leaf
    text_zh: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of the catalogue and the values that go into it."""

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together, after a lead if there is one."""

    sentences: tuple[Sentence, ...]
    lead: Sentence | None = None


def points(score: float) -> str:
    """Return a score in [0, 1] as points of 100."""
    return f"{score * 100:.1f}"


def percent(share: float) -> str:
    """Return a share with one decimal; never 100 % before it is whole."""
    return f"{min(share * 100, 99.9) if share < 1 else 100:.1f}%"


def listed(names: Sequence[Value], *, most: int = LISTED) -> Sentence:
    """Return the names, the first few of them where there are many."""
    if len(names) <= most:
        return Sentence("%(names)s", {"names": tuple(names)})
    values: dict[str, Value] = {"names": tuple(names[:most]), "total": len(names)}
    return Sentence(mark("%(names)s and others, %(total)d in all"), values)


def within(result: Result, code: str) -> tuple[UnitResult, ...]:
    """Return the results of the units that lie in the one with that code, itself left out."""
    prefix = prefix_of(code)
    return tuple(unit for unit in result.units if unit.unit.code != code and is_within(unit.unit.code, prefix))


def name_within(result: Result, code: str, viewer: str) -> str:
    """Return a unit's name as the viewer's report writes it: a village seen from its county after its township."""
    names = {unit.unit.code: unit.unit.name for unit in result.units}
    if level_of(code) == Level.VILLAGE and level_of(viewer) == Level.COUNTY:
        return names.get(ancestor_at(code, Level.TOWNSHIP), "") + names[code]
    return names[code]


def scope(result: Result, unit: UnitResult) -> Paragraph:
    """Say what was surveyed, by what, and how it was scored."""
    counts = Counter(below.unit.level for below in within(result, unit.unit.code))
    below = tuple(Sentence(COUNTED[level], {"count": counts[level]}) for level in COUNTED if counts[level])
    covered = Sentence("%(unit)s", {"unit": unit.unit.name})
    if below:
        covered = Sentence(mark("%(unit)s and its %(below)s"), {"unit": unit.unit.name, "below": below})
    sentence = Sentence(
        mark(
            "This report assesses the grassroots emergency capability of %(covered)s. It rests on the survey "
            "“%(survey)s”, closed on %(day)s, and on %(leaves)d indicators in five dimensions: %(dimensions)s; "
            "scored with the %(method)s."
        ),
        {
            "covered": covered,
            "survey": result.survey_name,
            "day": result.closes_on,
            "leaves": len(result.system.leaves),
            "dimensions": tuple(Sentence(name) for name in DIMENSION_NAMES.values()),
            "method": Sentence(METHOD_NAMES[result.method]),
        },
    )
    return Paragraph((sentence,))


def conclusion(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    """Say the score, the grade, the rank, the best and the worst dimension, and how the units below stand."""
    if unit.score is None:
        nothing = Sentence(mark("%(unit)s answered nothing; it has no score."), {"unit": unit.unit.name})
        return (Paragraph((nothing,)), *_units_below(result, unit))
    first = (_grade(result, unit), *_rank(result, unit), *_probability(unit), *_weak(result, unit))
    return (Paragraph(first), Paragraph((*_extremes(unit), *_coordination(unit))), *_units_below(result, unit))


def _grade(result: Result, unit: UnitResult) -> Sentence:
    values: dict[str, Value] = {"unit": unit.unit.name, "score": points(unit.score or 0.0)}
    if unit.grade is None:
        least = result.system.grades.least_completeness
        values |= {"completeness": percent(unit.completeness), "least": percent(least)}
        return Sentence(
            mark(
                "%(unit)s scores %(score)s of 100 points; no grade is given, as only %(completeness)s of the weight "
                "was answered (at least %(least)s is needed)."
            ),
            values,
        )
    values["grade"] = Sentence(GRADE_NAMES[unit.grade])
    return Sentence(mark("%(unit)s scores %(score)s of 100 points, grade “%(grade)s”."), values)


def _rank(result: Result, unit: UnitResult) -> tuple[Sentence, ...]:
    peers = [peer for peer in result.units if peer.unit.level == unit.unit.level and peer.rank is not None]
    if unit.rank is None or len(peers) < 2:
        return ()
    values: dict[str, Value] = {
        "rank": unit.rank,
        "count": len(peers),
        "level": Sentence(LEVEL_NAMES[unit.unit.level]),
    }
    if unit.rank_low is None or unit.rank_high is None:
        return (Sentence(mark("It ranks %(rank)d among %(count)d %(level)s units."), values),)
    values |= {"low": unit.rank_low, "high": unit.rank_high}
    return (
        Sentence(
            mark(
                "It ranks %(rank)d among %(count)d %(level)s units; when the weights vary, the rank stays between "
                "%(low)d and %(high)d (95 %%)."
            ),
            values,
        ),
    )


def _probability(unit: UnitResult) -> tuple[Sentence, ...]:
    share = unit.grade_probability.get(unit.grade) if unit.grade else None
    if share is None:
        return ()
    return (Sentence(mark("The grade holds in %(share)s of the weights drawn."), {"share": percent(share)}),)


def _weak(result: Result, unit: UnitResult) -> tuple[Sentence, ...]:
    if not unit.is_weak:
        return ()
    rule = result.system.grades
    low = tuple(
        Sentence(DIMENSION_NAMES[scored.dimension])
        for scored in unit.dimensions
        if scored.score is not None and scored.score < rule.weak_dimension
    )
    reasons: list[Value] = []
    if unit.score is not None and unit.score < rule.fair:
        reasons.append(Sentence(mark("the total is below %(limit)s points"), {"limit": f"{rule.fair * 100:g}"}))
    if low:
        limit = f"{rule.weak_dimension * 100:g}"
        reasons.append(Sentence(mark("%(low)s below %(limit)s points"), {"low": low, "limit": limit}))
    return (Sentence(mark("It counts as weak: %(reasons)s."), {"reasons": tuple(reasons)}),)


def by_score(unit: UnitResult) -> tuple[DimensionScore, ...]:
    """Return the unit's scored dimensions, best first."""
    scored = [dimension for dimension in unit.dimensions if dimension.score is not None]
    return tuple(sorted(scored, key=lambda dimension: -(dimension.score or 0.0)))


def _extremes(unit: UnitResult) -> tuple[Sentence, ...]:
    ordered = by_score(unit)
    if len(ordered) < 2:
        return ()
    best, worst = ordered[0], ordered[-1]
    if best.score == worst.score:
        return (Sentence(mark("All dimensions score alike: %(score)s points."), {"score": points(best.score or 0.0)}),)
    values: dict[str, Value] = {
        "best": Sentence(DIMENSION_NAMES[best.dimension]),
        "best_score": points(best.score or 0.0),
        "worst": Sentence(DIMENSION_NAMES[worst.dimension]),
        "worst_score": points(worst.score or 0.0),
        "apart": points((best.score or 0.0) - (worst.score or 0.0)),
    }
    return (
        Sentence(
            mark(
                "Of the dimensions, %(best)s is strongest (%(best_score)s points) and %(worst)s weakest "
                "(%(worst_score)s points), %(apart)s points apart."
            ),
            values,
        ),
    )


def _coordination(unit: UnitResult) -> tuple[Sentence, ...]:
    if unit.coupling is None:
        return ()
    degree = next((name for limit, name in COORDINATION if unit.coupling <= limit), COORDINATION[-1][1])
    values: dict[str, Value] = {"coupling": f"{unit.coupling:.2f}", "degree": Sentence(degree)}
    return (Sentence(mark("The dimensions' coupling coordination is %(coupling)s: %(degree)s."), values),)


def _units_below(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    level = BELOW.get(unit.unit.level)
    below = [other for other in within(result, unit.unit.code) if other.unit.level == level]
    if level is None or not below:
        return ()
    counts = Counter(other.grade for other in below)
    grades: list[Value] = [
        Sentence(mark("%(grade)s %(count)d"), {"grade": Sentence(GRADE_NAMES[grade]), "count": counts[grade]})
        for grade in Grade
        if counts[grade]
    ]
    if counts[None]:
        grades.append(Sentence(mark("not graded %(count)d"), {"count": counts[None]}))
    values: dict[str, Value] = {"units": Sentence(COUNTED[level], {"count": len(below)}), "grades": tuple(grades)}
    sentences = [Sentence(mark("The grades of the %(units)s are: %(grades)s."), values)]
    weak = [other for other in within(result, unit.unit.code) if other.is_weak]
    for level in COUNTED:
        mine = [other for other in weak if other.unit.level == level]
        ordered = sorted(mine, key=lambda other: (other.score or 0.0, other.unit.code))
        if ordered:
            names = [name_within(result, other.unit.code, unit.unit.code) for other in ordered]
            sentences.append(_weak_units(level, names))
    return (Paragraph(tuple(sentences)),)


def _weak_units(level: Level, names: Sequence[str]) -> Sentence:
    return Sentence(
        mark("Weak are %(units)s, weakest first: %(names)s."),
        {"units": Sentence(COUNTED[level], {"count": len(names)}), "names": listed(names)},
    )
