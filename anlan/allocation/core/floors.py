"""The floors of a problem from what its settings ask for, each with the name by which it is told when it binds.

Source: docs/methods/measures.md, section 5; docs/methods/allocation.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from anlan.allocation.core.problem import Floor, Problem
from anlan.allocation.core.settings import Settings
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Note
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark

LESS = mark("%(unit)s can gain %(most).1f points at most; its floor of %(least).1f points is lowered to that")
_EPSILON = 1e-9


class FloorBarred(Refusal):
    """A floor asks what only barred measures could give."""


def floors_of(problem: Problem, settings: Settings) -> tuple[tuple[Floor, ...], tuple[Note, ...]]:
    """Return the floors, and notes of those that were lowered to what can be reached at all.

    Raises:
        FloorBarred: a weak unit could reach its floor by measures that are barred, and not without them.
    """
    notes: list[Note] = []
    floors = (
        *_weak_units(problem, settings, notes),
        *_townships(problem, settings),
        *_dimensions(problem, settings),
    )
    return floors, tuple(notes)


def _weak_units(problem: Problem, settings: Settings, notes: list[Note]) -> Iterator[Floor]:
    if settings.weak_gain is None and settings.weak_reaches is None:
        return
    possible, with_barred = _most_gains(problem, problem.barred), _most_gains(problem, ())
    for place, unit in enumerate(problem.units):
        wanted = max(settings.weak_gain or 0.0, (settings.weak_reaches or 0.0) - unit.score)
        if not unit.is_weak or wanted <= 0:
            continue
        least = min(wanted, possible[place])
        if least < wanted - _EPSILON:
            _check_not_barred(problem, place, wanted, with_barred[place])
            notes.append(Note(LESS, {"unit": unit.name, "most": least * 100, "least": wanted * 100}))
        if least > _EPSILON:
            yield Floor(f"gain:{unit.code}", "unit_gain", unit.name, (place,), least=least)


def _check_not_barred(problem: Problem, unit: int, wanted: float, with_barred: float) -> None:
    if with_barred < wanted - _EPSILON:
        return
    barred = sorted(
        {
            problem.options[option].measure
            for option in problem.barred
            if any(problem.aims[effect.aim].unit == unit for effect in problem.options[option].effects)
        }
    )
    raise FloorBarred(
        "%(unit)s cannot gain the %(wanted).1f points of its floor while %(measures)s is barred",
        unit=problem.units[unit].name,
        wanted=wanted * 100,
        measures=", ".join(barred),
    )


def _most_gains(problem: Problem, barred: Collection[int]) -> list[float]:
    """Return what each unit's score could gain at most by the options that are not barred, whatever they cost."""
    reached: dict[int, float] = defaultdict(float)
    out = set(barred)
    for number, option in enumerate(problem.options):
        for effect in option.effects if number not in out else ():
            pieces = 1 if option.serves_most is not None else option.most
            reached[effect.aim] += effect.step * pieces
    gains = [0.0] * len(problem.units)
    for place, most in reached.items():
        aim = problem.aims[place]
        gains[aim.unit] += aim.weight * min(aim.room, most)
    return gains


def _townships(problem: Problem, settings: Settings) -> Iterator[Floor]:
    names = {unit.code: unit.name for unit in problem.units if unit.level == Level.TOWNSHIP}
    people = {unit.code: unit.population for unit in problem.units if unit.level == Level.TOWNSHIP}
    members: dict[str, list[int]] = defaultdict(list)
    for number, option in enumerate(problem.options):
        members[problem.units[option.unit].township_code].append(number)
    for code, name in names.items():
        options = tuple(members[code])
        if not options:
            continue
        if settings.township_least is not None or settings.township_most is not None:
            shares = (settings.township_least, settings.township_most)
            yield Floor(f"share:{code}", "township_share", name, options, least=shares[0], most=shares[1])
        if settings.per_head_fen and people[code]:
            least = float(settings.per_head_fen * people[code])
            yield Floor(f"head:{code}", "township_per_head", name, options, least=least)


def _dimensions(problem: Problem, settings: Settings) -> Iterator[Floor]:
    for dimension, (least, most) in settings.dimension_shares.items():
        members = tuple(number for number, option in enumerate(problem.options) if option.dimension == dimension)
        if (least is not None or most is not None) and (members or least):
            name = DIMENSION_NAMES[Dimension(dimension)]
            yield Floor(f"dimension:{dimension}", "dimension_share", name, members, least=least, most=most)
