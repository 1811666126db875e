"""What a plan is asked for, as content that is kept with it: years, money, priorities, floors, lines kept and barred.

Source: docs/methods/allocation.md; docs/methods/measures.md, section 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anlan.allocation.core.settings import Settings
from anlan.assessment.core.values import Dimension
from anlan.kernel.refusal import Refusal

Content = dict[str, Any]
MOST_YEARS = 5
LATER_YEARS = 0.9  # a gain a year later counts so much less, as a beginning
USUAL_GAP = 0.001
MOST_GAP = 0.05
MOST_WEIGHT = 5.0
LEAST_FACTOR, MOST_FACTOR = 0.1, 3.0
MOST_PIECES = 1000


class BadWish(Refusal):
    """A plan is asked for something that cannot be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a plan. `budgets` are fen of each year by the key of the source; unnamed sources give nothing.

    `factor` multiplies all of them: what if there were half as much, or half as much again?
    """

    first_year: int
    budgets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    settings: Settings = Settings()
    gap: float = USUAL_GAP
    factor: float = 1.0

    @property
    def years(self) -> tuple[int, ...]:
        """Return the calendar years of the plan."""
        return tuple(self.first_year + number for number in range(len(self.settings.year_weights)))

    @property
    def budget_fen(self) -> int:
        """Return all money of all years, multiplied."""
        return sum(sum(self.multiplied(budget)) for budget in self.budgets.values())

    def multiplied(self, budget: tuple[int, ...]) -> tuple[int, ...]:
        """Return a budget times the factor, in whole fen."""
        return tuple(round(fen * self.factor) for fen in budget)


def year_weights(years: int) -> tuple[float, ...]:
    """Return how much a gain counts in each year, the first one whole.

    >>> year_weights(3)
    (1.0, 0.9, 0.81)
    """
    return tuple(round(LATER_YEARS**number, 6) for number in range(years))


def begun(
    budgets: Mapping[str, tuple[int, ...]],
    years: Sequence[int],
    pinned: Mapping[tuple[str, str], int] | None = None,
) -> Asked:
    """Return what a new plan for these years asks to begin with: all the money, no floors, lines decided elsewhere."""
    kept = {key: budget for key, budget in budgets.items() if any(budget)}
    return Asked(years[0], kept, Settings(year_weights=year_weights(len(years)), pinned=dict(pinned or {})))


def asked_content(asked: Asked) -> Content:
    """Return the wishes as JSON content."""
    settings = asked.settings
    return {
        "first_year": asked.first_year,
        "year_weights": list(settings.year_weights),
        "budgets": {key: list(budget) for key, budget in asked.budgets.items()},
        "gap": asked.gap,
        "factor": asked.factor,
        "weakness": settings.weakness,
        "people": settings.people,
        "weak_gain": settings.weak_gain,
        "weak_reaches": settings.weak_reaches,
        "township_least": settings.township_least,
        "township_most": settings.township_most,
        "per_head_fen": settings.per_head_fen,
        "dimension_shares": {key: list(bounds) for key, bounds in settings.dimension_shares.items()},
        "pinned": [[*line, pieces] for line, pieces in sorted(settings.pinned.items())],
        "barred": [list(line) for line in sorted(settings.barred)],
    }


def asked_from_content(content: Mapping[str, Any]) -> Asked:
    """Return the wishes that content holds.

    Raises:
        BadWish: a number lies outside its range, or a lower bound above its upper one.
    """
    settings = Settings(
        year_weights=tuple(float(weight) for weight in content["year_weights"]),
        weakness=float(content["weakness"]),
        people=float(content["people"]),
        weak_gain=content["weak_gain"],
        weak_reaches=content["weak_reaches"],
        township_least=content["township_least"],
        township_most=content["township_most"],
        per_head_fen=content["per_head_fen"],
        dimension_shares={key: (least, most) for key, (least, most) in content["dimension_shares"].items()},
        pinned={(unit, measure): int(pieces) for unit, measure, pieces in content["pinned"]},
        barred=frozenset((unit, measure) for unit, measure in content["barred"]),
    )
    budgets = {key: tuple(int(fen) for fen in budget) for key, budget in content["budgets"].items()}
    asked = Asked(int(content["first_year"]), budgets, settings, float(content["gap"]), float(content["factor"]))
    check_asked(asked)
    return asked


def check_asked(asked: Asked) -> None:
    """Refuse wishes that cannot be.

    Raises:
        BadWish: see the message.
    """
    settings = asked.settings
    if not 1 <= len(settings.year_weights) <= MOST_YEARS:
        raise BadWish("A plan covers 1 to %(most)d years", most=MOST_YEARS)
    if not 0 < asked.gap <= MOST_GAP:
        raise BadWish("The proof of quality is above 0 and at most %(most).0f %%", most=MOST_GAP * 100)
    if not LEAST_FACTOR <= asked.factor <= MOST_FACTOR:
        raise BadWish("The budget is multiplied by %(least).1f to %(most).1f", least=LEAST_FACTOR, most=MOST_FACTOR)
    for weight in (settings.weakness, settings.people):
        if not 0 <= weight <= MOST_WEIGHT:
            raise BadWish("A weight lies between 0 and %(most).0f", most=MOST_WEIGHT)
    _check_shares(settings)
    _check_lines(settings)


def _check_lines(settings: Settings) -> None:
    for (unit, measure), pieces in settings.pinned.items():
        if not 1 <= pieces <= MOST_PIECES:
            raise BadWish("%(pieces)d pieces of %(measure)s cannot be kept", pieces=pieces, measure=measure)
        if (unit, measure) in settings.barred:
            raise BadWish("%(measure)s is both kept and barred for the unit %(unit)s", measure=measure, unit=unit)


def _check_shares(settings: Settings) -> None:
    shares = {key: bounds for key, bounds in settings.dimension_shares.items() if bounds != (None, None)}
    unknown = sorted(set(shares) - {each.value for each in Dimension})
    if unknown:
        raise BadWish("There is no dimension %(key)s", key=unknown[0])
    ranges = [*shares.values(), (settings.township_least, settings.township_most)]
    single = [settings.weak_gain, settings.weak_reaches]
    for share in [share for pair in ranges for share in pair] + single:
        if share is not None and not 0 <= share <= 1:
            raise BadWish("A share, gain or score lies between 0 and 100 %%, found %(found).1f %%", found=share * 100)
    for least, most in ranges:
        if least is not None and most is not None and least > most:
            raise BadWish(
                "At least %(least).1f %% and at most %(most).1f %% cannot both be", least=least * 100, most=most * 100
            )
    if sum(least or 0.0 for least, _most in shares.values()) > 1:
        raise BadWish("The least shares of the dimensions add up to more than 100 %%")
    if settings.per_head_fen is not None and settings.per_head_fen < 0:
        raise BadWish("Money per head is never below 0")


def with_line(asked: Asked, line: tuple[str, str], *, pieces: int | None) -> Asked:
    """Return the wishes with a line (unit, measure) kept at a number of pieces, barred at 0, or free at None."""
    settings = asked.settings
    pinned = {key: kept for key, kept in settings.pinned.items() if key != line}
    barred = settings.barred - {line}
    if pieces is not None and pieces > 0:
        pinned[line] = pieces
    elif pieces == 0:
        barred |= {line}
    return replace(asked, settings=replace(settings, pinned=pinned, barred=barred))
