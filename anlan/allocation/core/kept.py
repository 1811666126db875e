"""Which rules a list of purchases keeps, reckoned in whole pieces and whole fen, without the solver.

Source: docs/methods/allocation.md, constraints (2), (5) to (10) and (12).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from anlan.allocation.core.money import cost_fen, overspent_fen
from anlan.allocation.core.problem import Floor, Problem, Purchase
from anlan.allocation.core.value import Served, gains_in_year

Pieces = Counter[int]  # option → pieces in all
SMALL_FEN = 1.0  # a share of whole fen is seldom whole
SMALL_GAIN = 1e-6


def pieces_of(purchases: tuple[Purchase, ...]) -> Pieces:
    """Return how many pieces of each option are bought."""
    pieces: Pieces = Counter()
    for purchase in purchases:
        pieces[purchase.option] += purchase.pieces
    return pieces


def broken_rules(problem: Problem, purchases: tuple[Purchase, ...], served: Served) -> tuple[str, ...]:
    """Return what is broken: "budget", the number in brackets of a rule, or the key of a floor."""
    pieces = pieces_of(purchases)
    broken = ["(2)"] if overspent_fen(problem, purchases).any() else []
    broken += _broken_numbers(problem, pieces)
    broken += _broken_floors(problem, purchases, served)
    return tuple(broken)


def _broken_numbers(problem: Problem, pieces: Pieces) -> Iterator[str]:
    pinned = dict(problem.pinned)
    for place, option in enumerate(problem.options):
        count = pieces[place]
        if count > option.most or (0 < count < option.least) or (option.is_required and not count):
            yield "(5)"
        if count and not all(any(pieces[o] for o in group) for group in option.requires):
            yield "(6)"
        if pinned.get(place, count) != count or (count and place in problem.barred):
            yield "(12)"
    for group in problem.exclusions:
        if sum(1 for o in group if pieces[o]) > 1:
            yield "(7)"


def _broken_floors(problem: Problem, purchases: tuple[Purchase, ...], served: Served) -> Iterator[str]:
    if not problem.floors:
        return
    money = money_by_option_fen(problem, purchases)
    gained = gains_by_unit(problem, purchases, served)
    for floor in problem.floors:
        if slack_of(problem, floor, money, gained) < 0:
            yield floor.key


def money_by_option_fen(problem: Problem, purchases: tuple[Purchase, ...]) -> Counter[int]:
    """Return all that each option costs within the plan."""
    money: Counter[int] = Counter()
    for purchase in purchases:
        each = cost_fen(problem.options[purchase.option], purchase.year, len(problem.year_weights))
        money[purchase.option] += each * purchase.pieces
    return money


def gains_by_unit(problem: Problem, purchases: tuple[Purchase, ...], served: Served) -> dict[int, float]:
    """Return what each unit's score has gained in the last year, 0 to 1."""
    gained: dict[int, float] = defaultdict(float)
    gains = gains_in_year(problem, purchases, served, len(problem.year_weights) - 1)
    for (_option, place), gain in gains.items():
        gained[problem.aims[place].unit] += problem.aims[place].weight * gain
    return gained


def slack_of(problem: Problem, floor: Floor, money: Counter[int], gained: dict[int, float]) -> float:
    """Return how much a floor is exceeded, in score or fen, the lesser of both sides; below 0 it is broken.

    What is within rounding of its floor meets it, with a slack of 0.
    """
    if floor.kind == "unit_gain":
        found = sum(gained.get(unit, 0.0) for unit in floor.members)
        return _beyond(found - (floor.least or 0.0), SMALL_GAIN)
    mine = float(sum(money[o] for o in floor.members))
    if floor.kind == "township_per_head":
        return _beyond(mine - (floor.least or 0.0), SMALL_FEN)
    whole = float(money.total())
    slacks = [mine - floor.least * whole] if floor.least is not None else []
    slacks += [floor.most * whole - mine] if floor.most is not None else []
    return _beyond(min(slacks, default=0.0), SMALL_FEN)


def _beyond(slack: float, small: float) -> float:
    return 0.0 if abs(slack) < small else slack
