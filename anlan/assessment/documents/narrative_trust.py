"""What a report says of how far it can be relied on, and of the change since the last round."""

from collections.abc import Mapping, Sequence

from anlan.assessment.core.names import GRADE_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Grade, Result, UnitResult
from anlan.assessment.documents.narrative import (
    Paragraph,
    Sentence,
    Value,
    listed,
    name_within,
    percent,
    points,
    within,
)
from anlan.kernel.refusal import mark

STEADY = 0.0005  # a change that is not seen in points with one decimal


def reliability(result: Result, unit: UnitResult) -> tuple[Paragraph, ...]:
    """Say the completeness, the bounds, what is missing, what records confirm and what they contradict."""
    return (Paragraph((_completeness(unit), *_missing(result, unit))), Paragraph(_evidence(result, unit)))


def _completeness(unit: UnitResult) -> Sentence:
    values: dict[str, Value] = {
        "completeness": percent(unit.completeness),
        "lower": points(unit.lower),
        "upper": points(unit.upper),
    }
    if unit.completeness >= 1:
        return Sentence(mark("Everything that was asked was answered; the score has no open bounds."))
    return Sentence(
        mark(
            "%(completeness)s of the weight was answered. With every missing answer at its worst the score would be "
            "%(lower)s, at its best %(upper)s points."
        ),
        values,
    )


def _missing(result: Result, unit: UnitResult) -> tuple[Sentence, ...]:
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    codes = {other.unit.code: other for other in within(result, unit.unit.code)}
    own = [leaves[leaf] for code, leaf in result.missing if code == unit.unit.code]
    below = sum(code in codes for code, _ in result.missing)
    ungraded = [name_within(result, other.unit.code, unit.unit.code) for other in codes.values() if other.grade is None]
    sentences = []
    if own:
        values: dict[str, Value] = {"count": len(own), "leaves": listed(own), "unit": unit.unit.name}
        sentences.append(Sentence(mark("%(unit)s itself left %(count)d answers open: %(leaves)s."), values))
    if below:
        sentences.append(Sentence(mark("The units within left %(count)d answers open."), {"count": below}))
    if own or below:
        sentences.append(
            Sentence(mark("Missing answers are asked for again; they count neither as zero nor as a priced need."))
        )
    if ungraded:
        count: dict[str, Value] = {"count": len(ungraded), "names": listed(ungraded)}
        sentences.append(Sentence(mark("%(count)d units stay ungraded for lack of answers: %(names)s."), count))
    return tuple(sentences)


def _evidence(result: Result, unit: UnitResult) -> tuple[Sentence, ...]:
    units = (unit, *within(result, unit.unit.code))
    answered = sum(found.score is not None for other in units for found in other.leaves)
    shown = [found for other in units for found in other.leaves if found.evidence_value is not None]
    if not shown:
        return (
            Sentence(
                mark("No answer could be compared with records; all %(count)d are scored as reported."),
                {"count": answered},
            ),
        )
    doubtful = sum(found.is_doubtful for found in shown)
    values: dict[str, Value] = {
        "answered": answered,
        "shown": len(shown),
        "verified": len(shown) - doubtful,
        "doubtful": doubtful,
    }
    compared = Sentence(
        mark(
            "Of %(answered)d answers %(shown)d could be compared with records: %(verified)d agree, %(doubtful)d differ."
        ),
        values,
    )
    return (compared, _doubts(result, units)) if doubtful else (compared,)


def _doubts(result: Result, units: Sequence[UnitResult]) -> Sentence:
    leaves = {leaf.code: leaf for leaf in result.system.leaves}
    named = [
        Sentence(
            mark("%(leaf)s of %(unit)s"),
            {"leaf": leaves[found.leaf_code], "unit": name_within(result, unit.unit.code, units[0].unit.code)},
        )
        for unit in units
        for found in unit.leaves
        if found.is_doubtful
    ]
    return Sentence(
        mark("Where they differ, the records were scored and the answer is to be checked: %(doubts)s."),
        {"doubts": listed(named, most=4)},
    )


def comparison(result: Result, unit: UnitResult, previous: Result | None) -> tuple[Paragraph, ...]:
    """Say what changed since the last round, or that there was none."""
    before = _units(previous).get(unit.unit.code)
    if previous is None or before is None:
        return (
            Paragraph(
                (
                    Sentence(
                        mark("There is no earlier assessment of this unit; this is the first, nothing is compared.")
                    ),
                )
            ),
        )
    if unit.score is None or before.score is None:
        values: dict[str, Value] = {"survey": previous.survey_name}
        return (
            Paragraph((Sentence(mark("The score cannot be compared with “%(survey)s”: one is missing."), values),)),
        )
    sentences = [_total_change(unit, before, previous), *_grade_change(unit, before), *_dimension_changes(unit, before)]
    if result.system_sha256 != previous.system_sha256:
        sentences.append(
            Sentence(mark("The two rounds used different versions of the indicator system: compare with caution."))
        )
    return (Paragraph(tuple(sentences)), *_movers(result, unit, previous))


def _units(result: Result | None) -> Mapping[str, UnitResult]:
    return {unit.unit.code: unit for unit in result.units} if result else {}


def _total_change(unit: UnitResult, before: UnitResult, previous: Result) -> Sentence:
    change = (unit.score or 0.0) - (before.score or 0.0)
    values: dict[str, Value] = {
        "survey": previous.survey_name,
        "before": points(before.score or 0.0),
        "now": points(unit.score or 0.0),
        "change": points(abs(change)),
    }
    if abs(change) < STEADY:
        return Sentence(mark("Against “%(survey)s” the score is unchanged at %(now)s points."), values)
    if change > 0:
        return Sentence(
            mark("Against “%(survey)s” the score rose by %(change)s points, from %(before)s to %(now)s."), values
        )
    return Sentence(
        mark("Against “%(survey)s” the score fell by %(change)s points, from %(before)s to %(now)s."), values
    )


def _grade_change(unit: UnitResult, before: UnitResult) -> tuple[Sentence, ...]:
    if unit.grade is None or before.grade is None or unit.grade == before.grade:
        return ()
    order = list(Grade)
    values: dict[str, Value] = {
        "before": Sentence(GRADE_NAMES[before.grade]),
        "now": Sentence(GRADE_NAMES[unit.grade]),
    }
    if order.index(unit.grade) < order.index(before.grade):
        return (Sentence(mark("The grade rose from “%(before)s” to “%(now)s”."), values),)
    return (Sentence(mark("The grade fell from “%(before)s” to “%(now)s”."), values),)


def _dimension_changes(unit: UnitResult, before: UnitResult) -> tuple[Sentence, ...]:
    earlier = {scored.dimension: scored.score for scored in before.dimensions}
    changes = [
        (scored.dimension, scored.score - (earlier[scored.dimension] or 0.0))
        for scored in unit.dimensions
        if scored.score is not None and earlier.get(scored.dimension) is not None
    ]
    named = tuple(
        Sentence(
            mark("%(name)s %(change)s"),
            {"name": Sentence(DIMENSION_NAMES[dimension]), "change": f"{change * 100:+.1f}"},
        )
        for dimension, change in changes
    )
    return (Sentence(mark("By dimension, in points: %(changes)s."), {"changes": named}),) if named else ()


def _movers(result: Result, unit: UnitResult, previous: Result) -> tuple[Paragraph, ...]:
    earlier = _units(previous)
    changes = [
        (other.score - (earlier[other.unit.code].score or 0.0), other.unit.name)
        for other in within(result, unit.unit.code)
        if other.unit.parent_code == unit.unit.code
        and other.score is not None
        and other.unit.code in earlier
        and earlier[other.unit.code].score is not None
    ]
    risen = sorted((change for change in changes if change[0] >= STEADY), key=lambda change: (-change[0], change[1]))
    fallen = sorted(change for change in changes if change[0] <= -STEADY)
    values: dict[str, Value] = {"risen": len(risen), "fallen": len(fallen), "count": len(changes)}
    if not changes:
        return ()
    sentences = [Sentence(mark("Of %(count)d units directly below, %(risen)d rose and %(fallen)d fell."), values)]
    if risen:
        sentences.append(Sentence(mark("Most gained: %(names)s."), {"names": _moved(risen)}))
    if fallen:
        sentences.append(Sentence(mark("Most lost: %(names)s."), {"names": _moved(fallen)}))
    return (Paragraph(tuple(sentences)),)


def _moved(changes: Sequence[tuple[float, str]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(mark("%(name)s %(change)s"), {"name": name, "change": f"{change * 100:+.1f}"})
        for change, name in changes[:3]
    )
