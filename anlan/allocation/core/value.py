"""What purchases are worth: gains and objective (1) reckoned from whole pieces, without the solver.

Source: docs/methods/allocation.md, section 1.
"""

from collections import defaultdict

from anlan.allocation.core.money import is_alive, spent_by_year_fen
from anlan.allocation.core.problem import Problem, Purchase, Solved

Served = set[tuple[int, int, int]]  # (option, unit, year): a piece of an option of limited reach serves the unit


def value_plan(
    problem: Problem,
    purchases: tuple[Purchase, ...],
    served: Served,
    *,
    solver: str,
    bound: float | None = None,
) -> Solved:
    """Return purchases with their gains, value and money. Without a bound, the plan's own value stands for it."""
    objective, gains = 0.0, {}
    for year, weight in enumerate(problem.year_weights):
        gains = gains_in_year(problem, purchases, served, year)
        for (place, aim_place), gain in gains.items():
            aim = problem.aims[aim_place]
            worth = problem.units[aim.unit].priority * problem.options[place].multiplier * aim.weight
            objective += weight * worth * gain
    limit = objective if bound is None else max(bound, objective)
    return Solved(
        purchases=purchases,
        gains=tuple((place, aim, gain) for (place, aim), gain in sorted(gains.items()) if gain > 0),
        objective=objective,
        bound=limit,
        gap=(limit - objective) / limit if limit > 0 else 0.0,
        spent_fen=int(spent_by_year_fen(problem, purchases).sum()),
        solver=solver,
        served=tuple(sorted(served)),
    )


def gains_in_year(
    problem: Problem, purchases: tuple[Purchase, ...], served: Served, year: int
) -> dict[tuple[int, int], float]:
    """Return what each bought option adds to each aim in a year, (option, aim) → score; no aim passes its target.

    Where several options raise one aim, those of the higher multiplier count first: the best way to share (4).
    """
    alive: dict[int, int] = defaultdict(int)
    for purchase in purchases:
        if is_alive(problem.options[purchase.option], purchase.year, year):
            alive[purchase.option] += purchase.pieces
    left: dict[int, float] = {}
    gains: dict[tuple[int, int], float] = {}
    for place in sorted(alive, key=lambda o: (-problem.options[o].multiplier, o)):
        option = problem.options[place]
        for effect in option.effects:
            aim = problem.aims[effect.aim]
            pieces = alive[place] if option.serves_most is None else int((place, aim.unit, year) in served)
            room = left.get(effect.aim, aim.room)
            gain = min(room, effect.step * pieces)
            gains[place, effect.aim] = gains.get((place, effect.aim), 0.0) + gain
            left[effect.aim] = room - gain
    return gains
