"""Which floors cannot be kept together, and the least money that would keep them all.

Source: docs/methods/allocation.md, section 5.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from anlan.allocation.core.floor_words import asks_note
from anlan.allocation.core.highs import GaveUp, run
from anlan.allocation.core.model import FEN_OF_ONE, INFINITE, Model, build_model, without_floors
from anlan.allocation.core.money import cost_fen
from anlan.allocation.core.problem import Floor, Problem, Purchase, Source
from anlan.allocation.core.search import SMALL, beside, bought_by
from anlan.allocation.core.shadow import Relaxation
from anlan.assessment.core.values import Note
from anlan.kernel.refusal import mark

NODES = 300  # of each question whether some floors can be kept; it is seldom open after the first
NEAR_LEAST = 1e-2  # nobody needs the least budget more exactly
ANY_PLAN = 1.0  # the gap at which the first plan found is good enough
WITHOUT_FLOORS = mark("What is required or kept by hand costs more than there is")
Floors = tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Floors that no plan keeps together, though it can keep any of them without one of the others.

    `least_budget_fen` keeps all rules of the problem; None where no money does.
    """

    floors: tuple[str, ...]
    keys: tuple[str, ...]
    told: tuple[Note, ...]
    least_budget_fen: int | None


def explain_clash(problem: Problem, *, gap: float = 1e-2) -> Clash:
    """Return an irreducible set of floors that clash, and the least budget that would do for all.

    Args:
        problem: one that no plan solves.
        gap: how far the least budget may be above the proven least, 0 to 1.

    Source: docs/methods/allocation.md, section 5.
    """
    least = least_budget_fen(problem, gap=max(gap, NEAR_LEAST))
    if not can_be_kept(without_floors(problem)):
        return Clash((WITHOUT_FLOORS,), (), (Note(WITHOUT_FLOORS, {}),), least)
    clashing = _clashing(problem)
    return Clash(
        floors=tuple(floor.name for floor in clashing),
        keys=tuple(floor.key for floor in clashing),
        told=tuple(asks_note(floor) for floor in clashing),
        least_budget_fen=least,
    )


def _clashing(problem: Problem) -> Floors:
    """Return the clashing floors: by the relaxation where it can tell, which is quick, and then by whole plans."""
    model = build_model(problem)
    floors, judge = problem.floors, _relaxed_judge(problem, model)
    if model.cost and not judge(floors):
        floors = smallest_clash(floors, judge)
        if sum(model.is_integer) > SMALL:
            return floors
    return smallest_clash(floors, lambda kept: can_be_kept(replace(problem, floors=kept)))


def _relaxed_judge(problem: Problem, model: Model) -> Callable[[Floors], bool]:
    """Return what tells whether the relaxation can keep some floors, going on from its last answer."""
    relaxation = Relaxation(replace(model, cost=[0.0] * len(model.cost)))

    def can(kept: Floors) -> bool:
        keys = {floor.key for floor in kept}
        for floor in problem.floors:
            for row in model.floor_rows[floor.key]:
                bounds = (model.row_lower[row], model.row_upper[row]) if floor.key in keys else (-INFINITE, INFINITE)
                relaxation.bound(row, *bounds)
        return relaxation.value() is not None

    return can


def smallest_clash(floors: Floors, can_be_kept: Callable[[Floors], bool]) -> Floors:
    """Return floors that cannot be kept together, none of which can be left out; all of `floors` cannot be kept.

    Halves are tried before single floors, so that k clashing ones of n take about k · log(n / k) questions.
    """

    def within(known: Floors, tried: Floors, *, is_known_new: bool) -> Floors:
        if is_known_new and not can_be_kept(known):
            return ()
        if len(tried) == 1:
            return tried
        first, second = tried[: len(tried) // 2], tried[len(tried) // 2 :]
        of_second = within((*known, *first), second, is_known_new=True)
        return (*within((*known, *of_second), first, is_known_new=bool(of_second)), *of_second)

    return within((), floors, is_known_new=False) if floors else ()


def can_be_kept(problem: Problem) -> bool:
    """Tell whether some plan keeps all rules; where the search ends undecided, the relaxation's word counts."""
    model = build_model(problem)
    if not model.cost:
        return not problem.floors
    if run(model, gap=ANY_PLAN, is_relaxed=True).values is None:
        return False
    if not problem.floors and sum(model.is_integer) > SMALL:
        return True  # of a whole county without floors the relaxation's word is taken
    try:
        return run(model, gap=ANY_PLAN, nodes=NODES).values is not None
    except GaveUp:
        return True


def least_budget_fen(problem: Problem, *, gap: float) -> int | None:
    """Return the least money by which a plan keeps all rules, whichever source and year it comes from.

    Of a large problem, what the best plan beside the relaxation costs: enough, and near the least.

    Source: docs/methods/allocation.md, equation (17).
    """
    pot = _one_deep_pot(problem)
    model = _cheapest(build_model(pot), pot)
    if not model.cost:
        return None
    is_large = sum(model.is_integer) > SMALL
    try:
        answer = beside(model, gap=gap) if is_large else run(model, gap=gap, nodes=NODES)
    except GaveUp:
        return None
    if answer is None or answer.values is None:
        return None
    return _spent_fen(pot, bought_by(model, answer.values)[0])


def _one_deep_pot(problem: Problem) -> Problem:
    """Return the problem with one source that pays for everything and holds more than everything costs."""
    years = len(problem.year_weights)
    all_fen = sum(option.most * cost_fen(option, 0, years) for option in problem.options)
    options = tuple(replace(option, sources=(0,)) for option in problem.options)
    return replace(problem, options=options, sources=(Source("any", "", (all_fen,) * years),))


def _cheapest(model: Model, problem: Problem) -> Model:
    years, cost = len(problem.year_weights), [0.0] * len(model.cost)
    for (place, _source, year), column in model.pieces.items():
        cost[column] = -cost_fen(problem.options[place], year, years) / FEN_OF_ONE  # (17)
    return replace(model, cost=cost)


def _spent_fen(problem: Problem, purchases: tuple[Purchase, ...]) -> int:
    years = len(problem.year_weights)
    return sum(each.pieces * cost_fen(problem.options[each.option], each.year, years) for each in purchases)
