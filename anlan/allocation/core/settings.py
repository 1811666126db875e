"""What a plan is asked for: sources with their earmarks, years, priorities, floors, and lines pinned or barred.

Source: docs/methods/measures.md, section 5; docs/methods/allocation.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anlan.allocation.core.measures import Catalogue, Measure
from anlan.allocation.core.strategies import Strategy
from anlan.funds.core.values import EarmarkFacts
from anlan.kernel.refusal import Refusal


class BadBudget(Refusal):
    """There is no money to plan with."""


@dataclass(frozen=True, slots=True)
class Earmarked:
    """A source of money with its budget of each year and its purposes; without any it may pay for everything."""

    key: str
    name: str
    budget_fen: tuple[int, ...]
    purposes: tuple[EarmarkFacts, ...] = ()

    def allows(self, measure: Measure, unit_code: str) -> bool:
        """Tell whether one of its purposes lets the source pay for the measure at the unit."""
        bought = {"dimension": measure.dimension.value, "measure": measure.code, "unit_level": measure.level.value}
        return not self.purposes or any(each.allows(unit_code=unit_code, **bought) for each in self.purposes)


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be bought and what each class should get."""

    catalogue: Catalogue
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Settings:
    """What is wanted of a plan. Scores and shares are 0 to 1; None asks for nothing.

    `weak_gain` is the least gain of each weak unit, `weak_reaches` the score that each weak unit must reach. Pinned and
    barred lines are named by unit code and measure code.
    """

    year_weights: tuple[float, ...] = (1.0,)
    weakness: float = 1.0  # κ: how much more a weak unit counts
    people: float = 0.5  # β: how much more a populous unit counts among those of its level
    weak_gain: float | None = None
    weak_reaches: float | None = None
    township_least: float | None = None
    township_most: float | None = None
    per_head_fen: int | None = None
    dimension_shares: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    pinned: Mapping[tuple[str, str], int] = field(default_factory=dict)
    barred: frozenset[tuple[str, str]] = frozenset()


def check_money(sources: tuple[Earmarked, ...], settings: Settings) -> None:
    """Refuse sources that hold no money or not one budget a year.

    Raises:
        BadBudget: no source, a negative budget, nothing in all, or another number of years.
    """
    if not sources:
        raise BadBudget("There is no source of money to plan with")
    for source in sources:
        if len(source.budget_fen) != len(settings.year_weights):
            raise BadBudget(
                "The source %(source)s has budgets for %(found)d years, expected %(expected)d",
                source=source.name,
                found=len(source.budget_fen),
                expected=len(settings.year_weights),
            )
        for budget in source.budget_fen:
            if budget < 0:
                raise BadBudget(
                    "The budget of %(source)s is %(found).2f yuan, expected 0 or more",
                    source=source.name,
                    found=budget / 100,
                )
    if not any(budget for source in sources for budget in source.budget_fen):
        raise BadBudget("The budget is 0 yuan: there is nothing to allocate")
