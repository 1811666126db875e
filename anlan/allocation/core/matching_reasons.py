"""Why two units are a pair, why not the next best, and why somebody has no helper, as notes."""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.allocation.core.matching_values import PairValues, Party
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Note
from anlan.kernel.refusal import mark

TOLD_DIMENSIONS = 2
AHEAD = mark("%(dimension)s: %(strong).0f points against %(weak).0f")
APART = mark("%(km).1f km apart")
NO_WAY_KNOWN = mark("no way between them is known; it counts as the farthest")
PROVED = mark("earlier pairs of the two went well")
ROTATES = mark("the two were a pair before; others would go first")
ONLY = mark("no other helper may help it")
NEXT_BEST = mark("next would be %(other)s, worth %(less).3f less")
AS_GOOD = mark("%(other)s would be worth as much")
BETTER_ELSEWHERE = mark("%(other)s would be worth %(more).3f more here, but is worth more elsewhere")
LOSES = mark("%(other)s would be worth %(more).3f more here, but all pairs together would lose at least %(loss).3f")
LEAVES_ALONE = mark("%(other)s would be worth %(more).3f more here, but another unit would be left without help")
NOBODY_MAY = mark("none of the %(helpers)d helpers may help it: conflict, no known way, or nothing to compare")
ALL_FULL = mark("all %(able)d helpers that may help it are full")
ALL_SERVE = mark("it has all %(has)d helpers that may help it")


@dataclass(frozen=True, slots=True)
class Choice:
    """A pair beside the next best helper of the same unit.

    loss: what all pairs together would lose at least with the other helper, NaN where nobody reckoned it; from `alone`
    on somebody would be left without help.
    """

    helper: Party
    helped: Party
    value: float
    other: Party | None
    other_value: float
    loss: float | None
    alone: float


def reasons_of(choice: Choice, told: PairValues | None, place: tuple[int, int]) -> Iterator[Note]:
    """Yield what speaks for the pair, and why not the next best."""
    yield from _strengths(choice)
    if told is not None:
        yield from _surroundings(told, place)
    yield _next_best(choice)


def _strengths(choice: Choice) -> Iterator[Note]:
    both = zip(Dimension, choice.helper.dimensions, choice.helped.dimensions, strict=False)
    ahead = [(key, 100 * a, 100 * b) for key, a, b in both if a is not None and b is not None and a > b]
    for key, strong, weak in sorted(ahead, key=lambda each: each[2] - each[1])[:TOLD_DIMENSIONS]:
        yield Note(AHEAD, {"dimension": DIMENSION_NAMES[key], "strong": float(strong), "weak": float(weak)})


def _surroundings(told: PairValues, place: tuple[int, int]) -> Iterator[Note]:
    km, past = float(told.distance_km[place]), float(told.parts["history"][place])
    yield Note(NO_WAY_KNOWN, {}) if km == float("inf") else Note(APART, {"km": km})
    if past:
        yield Note(PROVED if past > 0 else ROTATES, {})


def _next_best(choice: Choice) -> Note:
    if choice.other is None or choice.loss is None:
        return Note(ONLY, {})
    more, name = choice.other_value - choice.value, choice.other.name
    if abs(more) < 5e-4:
        return Note(AS_GOOD, {"other": name})
    if more < 0:
        return Note(NEXT_BEST, {"other": name, "less": -more})
    if choice.loss >= choice.alone / 2:
        return Note(LEAVES_ALONE, {"other": name, "more": more})
    if choice.loss >= 5e-4:
        return Note(LOSES, {"other": name, "more": more, "loss": choice.loss})
    return Note(BETTER_ELSEWHERE, {"other": name, "more": more})


def why_alone(able: int, has: int, helpers: int) -> Note:
    """Return why a unit has fewer helpers than it wants.

    Args:
        able: helpers that may help it.
        has: helpers that it has.
        helpers: helpers in all.
    """
    if not able:
        return Note(NOBODY_MAY, {"helpers": helpers})
    if able == has:
        return Note(ALL_SERVE, {"has": has})
    return Note(ALL_FULL, {"able": able})
