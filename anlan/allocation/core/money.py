"""What an option costs: its price when bought, its running in the years after, within the years of the plan."""

import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.problem import Option, Problem, Purchase


def running_years(option: Option, bought: int, years: int) -> list[int]:
    """Return the years of the plan in which a piece bought in year `bought` has running costs.

    The price pays for the year of the purchase; running costs fall in each later year in which the piece works.

    >>> option = Option(0, "m", "org", 100, 10, 1, 1, (), (0,), life_years=2)
    >>> running_years(option, 0, 5)
    [1]
    """
    return [year for year in range(bought + 1, years) if is_alive(option, bought, year)]


def is_alive(option: Option, bought: int, year: int) -> bool:
    """Tell whether a piece bought in year `bought` works in `year`: delivered, and not worn out."""
    return bought + option.lead_years <= year < bought + option.lead_years + option.life_years


def cost_fen(option: Option, year: int, years: int) -> int:
    """Return all that one piece bought in `year` costs within the plan, in fen."""
    return option.price_fen + option.running_fen * len(running_years(option, year, years))


def spent_by_year_fen(problem: Problem, purchases: tuple[Purchase, ...]) -> NDArray[np.int64]:
    """Return what purchases take from each source in each year, (S, T) in fen."""
    years = len(problem.year_weights)
    spent = np.zeros((len(problem.sources), years), np.int64)
    for purchase in purchases:
        option = problem.options[purchase.option]
        spent[purchase.source, purchase.year] += option.price_fen * purchase.pieces
        for year in running_years(option, purchase.year, years):
            spent[purchase.source, year] += option.running_fen * purchase.pieces
    return spent


def overspent_fen(problem: Problem, purchases: tuple[Purchase, ...]) -> NDArray[np.int64]:
    """Return by how much purchases exceed each source's year, (S, T) in fen; none of it is allowed."""
    budgets = np.array([source.budget_fen for source in problem.sources], np.int64)
    return np.asarray(np.maximum(spent_by_year_fen(problem, purchases) - budgets, 0))
