"""No money for nothing: pieces that add no gain leave a plan, unless a rule wants them.

The objective does not see money that is left over, so that a search may fill a target twice when there is plenty.

Source: docs/methods/allocation.md, section 3.
"""

from collections import Counter
from dataclasses import replace
from math import ceil

from anlan.allocation.core.kept import broken_rules
from anlan.allocation.core.money import is_alive
from anlan.allocation.core.problem import Problem, Purchase
from anlan.allocation.core.value import Served, gains_in_year

Yearly = Counter[tuple[int, int]]  # (option, year) → pieces
_EPSILON = 1e-9


def without_waste(problem: Problem, purchases: tuple[Purchase, ...], served: Served) -> tuple[Purchase, ...]:
    """Return the purchases without pieces that could go and leave every gain as it is and every rule kept."""
    working, needed = _working(problem, purchases), _needed(problem, purchases, served)
    plan = list(purchases)
    for number, purchase in enumerate(purchases):
        years = _years(problem, purchase)
        spare = min((working[purchase.option, year] - needed[purchase.option, year] for year in years), default=99)
        for size in range(min(spare, purchase.pieces), 0, -1):
            plan[number] = replace(purchase, pieces=purchase.pieces - size)
            if not broken_rules(problem, tuple(plan), served):
                working -= Counter({(purchase.option, year): size for year in years})
                break
            plan[number] = purchase
    return tuple(purchase for purchase in plan if purchase.pieces)


def _years(problem: Problem, purchase: Purchase) -> list[int]:
    """Return the years of the plan in which a purchase works."""
    option = problem.options[purchase.option]
    return [year for year in range(len(problem.year_weights)) if is_alive(option, purchase.year, year)]


def _working(problem: Problem, purchases: tuple[Purchase, ...]) -> Yearly:
    working: Yearly = Counter()
    for purchase in purchases:
        for year in _years(problem, purchase):
            working[purchase.option, year] += purchase.pieces
    return working


def _needed(problem: Problem, purchases: tuple[Purchase, ...], served: Served) -> Yearly:
    """Return the fewest pieces of each option and year that bring its gains."""
    needed: Yearly = Counter()
    for year in range(len(problem.year_weights)):
        gains = gains_in_year(problem, purchases, served, year)
        for place in {option for option, _aim in gains}:
            option = problem.options[place]
            counted = [each for each in option.effects if gains[place, each.aim] > _EPSILON]
            if option.serves_most is not None:
                units = {problem.aims[each.aim].unit for each in counted}
                needed[place, year] = ceil(len(units) / option.serves_most)
            else:
                pieces = (ceil(gains[place, each.aim] / each.step - _EPSILON) for each in counted)
                needed[place, year] = max(pieces, default=0)
    return needed
