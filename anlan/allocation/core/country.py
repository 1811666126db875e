"""Who gets what in a whole country: one choice for each unit, many budgets, in about a second, with its bound.

Sets: units u, each in one province p(u), with its options o ∈ O(u). One budget alone is one province without a pot.

Variables:
    x[o]  1 if option o is chosen
    t[p]  whole fen that province p is given from the national pot

Objective:
    (1)  maximise  sum over o of  value[o] · x[o]

Constraints:
    (2)  sum over o in O(u) of x[o] ≤ 1: one option a unit, or none
    (3)  sum over o in p of cost[o] · x[o]  ≤  own[p] + t[p]: no province spends a fen more than it has
    (4)  sum over p of t[p] ≤ pot
    (5)  least[p] ≤ t[p] ≤ most[p]: each province's share of the pot within bounds
    (6)  sum over o in p of value[o] · x[o]  ≥  least_gain[p]: each province's floor

Bound, for any price of money λ[p] ≥ 0 and any weight of a floor γ[p] ≥ 0:
    (7)  sum over u of max(0, max over o in O(u) of (1 + γ[p])·value[o] − λ[p]·cost[o])
         + sum over p of λ[p]·own[p] − γ[p]·least_gain[p]  +  max over t with (4), (5) of sum over p of λ[p]·t[p]

The relaxation is solved exactly by ladders (8), (9); what its rounding leaves over is filled up by the exchange that
gains most, again and again (10). Order and whole fen decide everything: the same input gives the same answer.

Source: docs/methods/country-allocation.md.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.country_fill import Purse, fill
from anlan.allocation.core.ladders import Choices, Floats, Integers, Ladder, ladders_of
from anlan.kernel.money import yuan_text
from anlan.kernel.refusal import Refusal, mark

__all__ = ["Choices", "FloorsClash", "NationalPlan", "Provinces", "allocate", "allocate_provinces"]


class FloorsClash(Refusal):
    """The floors of the provinces need more money than there is."""


@dataclass(frozen=True, slots=True)
class Provinces:
    """Names, money and floors of P provinces; money in whole fen.

    province_of_unit: (N,) from 0 to P − 1. own_fen, least_fen, most_fen: (P,); the last two bound what a province is
    given from the pot. least_gain: (P,) in the unit of the values.
    """

    names: tuple[str, ...]
    province_of_unit: Integers
    own_fen: Integers
    pot_fen: int
    least_fen: Integers
    most_fen: Integers
    least_gain: Floats


@dataclass(frozen=True, slots=True)
class NationalPlan:
    """What each unit gets, with the proof of its quality.

    chosen: (N,) the option, −1 for none. spent_fen, given_fen, gain: (P,) by province. price: (P,) what one more fen of
    the province would bring, in the unit of the values. `bound` is what no plan can exceed, `gap` = (bound − objective)
    / bound.
    """

    chosen: Integers
    spent_fen: Integers
    given_fen: Integers
    gain: Floats
    price: Floats
    objective: float
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class _Climb:
    """How many rungs each province takes, and the multipliers of the bound."""

    rungs: list[int]
    prices: Floats  # λ (P,)
    floors: Floats  # γ (P,)


def allocate(choices: Choices, budget_fen: int) -> NationalPlan:
    """Return the best choice for each unit within one budget: (1) to (3).

    Raises:
        Refusal: the budget is negative.
        ValueError: a cost is negative, a value is not finite, or a unit is out of range.

    Source: docs/methods/country-allocation.md.
    """
    return allocate_provinces(choices, one_budget(choices.units, budget_fen))


def one_budget(units: int, budget_fen: int) -> Provinces:
    """Return a country whose units draw on one budget and owe nobody a floor."""
    nothing = np.zeros(1, dtype=np.int64)
    own = np.array([budget_fen], dtype=np.int64)
    return Provinces(("",), np.zeros(units, dtype=np.int64), own, 0, nothing, nothing, np.zeros(1))


def allocate_provinces(choices: Choices, provinces: Provinces) -> NationalPlan:
    """Return the best choice for each unit within the provinces' budgets, the national pot and the floors: (1) to (6).

    Raises:
        FloorsClash: floors cannot be met; says which and what would meet them (to within one step of each province).
        Refusal: a budget is negative.
        ValueError: a cost is negative, a value is not finite, or a unit is out of range.

    Source: docs/methods/country-allocation.md.
    """
    _check(choices, provinces)
    ladders = ladders_of(choices, provinces.province_of_unit, len(provinces.own_fen))
    climb = _climb(ladders, provinces)
    chosen = _options_of(ladders, climb.rungs, choices)
    purse = _purse(ladders, climb.rungs, provinces)
    found = fill(choices, provinces.province_of_unit, chosen, purse, climb.prices / (1.0 + climb.floors))
    return _plan(choices, provinces, found, _bound(ladders, climb, provinces), climb.prices)


def _check(choices: Choices, provinces: Provinces) -> None:
    poorest = min(int(provinces.own_fen.min()), provinces.pot_fen, int(provinces.least_fen.min()))
    if poorest < 0:
        raise Refusal(mark("a budget is %(found)s yuan, expected none below 0"), found=yuan_text(poorest))
    if len(choices.unit) and (choices.unit.min() < 0 or choices.unit.max() >= choices.units):
        raise ValueError(f"units from {choices.unit.min()} to {choices.unit.max()}, expected 0 to {choices.units - 1}")
    if (choices.cost_fen < 0).any():
        raise ValueError(f"least cost {choices.cost_fen.min()} fen, expected none below 0")
    if not np.isfinite(choices.value).all():
        raise ValueError(f"{(~np.isfinite(choices.value)).sum()} values are not finite, expected all")
    if (provinces.least_fen > provinces.most_fen).any():
        raise ValueError("a province's least from the pot is above its most")


def _climb(ladders: list[Ladder], provinces: Provinces) -> _Climb:
    """Climb all ladders at one price of the pot's money, as low as the pot allows; floors and bounds hold some."""
    floor = _floors(ladders, provinces)
    pairs = list(zip(ladders, provinces.own_fen.tolist(), strict=True))
    least, most = provinces.least_fen.tolist(), provinces.most_fen.tolist()
    own = [ladder.within(fen + given) for (ladder, fen), given in zip(pairs, least, strict=True)]
    top = [ladder.within(fen + given) for (ladder, fen), given in zip(pairs, most, strict=True)]
    base = [max(pair) for pair in zip(floor, own, strict=True)]

    def rungs_at(price: float) -> list[int]:
        met = zip(ladders, base, top, strict=True)
        return [min(max(ladder.steeper_than(price), low), high) for ladder, low, high in met]

    price = _price(ladders, provinces, rungs_at)
    prices, floors = np.full(len(ladders), price), np.zeros(len(ladders))
    for place, ladder in enumerate(ladders):
        wanted = ladder.steeper_than(price)
        if wanted > top[place]:  # (5) holds it down: money is worth more here
            prices[place] = ladder.after(top[place])
        elif wanted < own[place] >= floor[place]:  # it has more already than it would be given
            prices[place] = ladder.after(own[place])
        elif wanted < floor[place]:  # (6) draws it up
            floors[place] = price / ladder.after(floor[place] - 1) - 1.0
    return _Climb(_with_ties(ladders, provinces, (rungs_at(price), top), price), prices, floors)


def _floors(ladders: list[Ladder], provinces: Provinces) -> list[int]:
    """Return the rungs that each province's floor takes: (6)."""
    rungs = [ladder.reaching(gain) for ladder, gain in zip(ladders, provinces.least_gain.tolist(), strict=True)]
    for name, ladder, count, gain in zip(provinces.names, ladders, rungs, provinces.least_gain.tolist(), strict=True):
        if count > ladder.rungs:
            raise FloorsClash(
                mark("%(name)s cannot gain %(wanted).6g: everything it could buy gains %(most).6g"),
                name=name,
                wanted=gain,
                most=float(ladder.gain[-1]),
            )
    needed = _drawn(ladders, rungs, provinces)
    for place in np.flatnonzero(needed > provinces.most_fen).tolist():
        raise FloorsClash(
            mark("the floor of %(name)s needs %(needed)s yuan of the national pot; it may have %(most)s at most"),
            name=provinces.names[place],
            needed=yuan_text(int(needed[place])),
            most=yuan_text(int(provinces.most_fen[place])),
        )
    if needed.sum() > provinces.pot_fen:
        raise FloorsClash(
            mark("the floors of %(names)s need %(needed)s yuan of the national pot, which holds %(pot)s"),
            names=", ".join(provinces.names[place] for place in np.flatnonzero(needed).tolist()),
            needed=yuan_text(int(needed.sum())),
            pot=yuan_text(provinces.pot_fen),
        )
    return rungs


def _drawn(ladders: list[Ladder], rungs: list[int], provinces: Provinces) -> Integers:
    """Return what each province takes from the pot when it climbs so many rungs: (3), (5)."""
    spent = np.array([ladder.spent_fen[count] for ladder, count in zip(ladders, rungs, strict=True)])
    return np.maximum(spent - provinces.own_fen, provinces.least_fen)


def _price(ladders: list[Ladder], provinces: Provinces, rungs_at: Callable[[float], list[int]]) -> float:
    """Return the lowest price at which the provinces together take no more than the pot: (4)."""
    steepness = np.concatenate([ladder.steepness for ladder in ladders])
    prices = np.append(np.unique(steepness[np.isfinite(steepness)])[::-1], 0.0)

    def is_too_low(place: int) -> bool:
        return bool(_drawn(ladders, rungs_at(float(prices[place])), provinces).sum() > provinces.pot_fen)

    return float(prices[bisect_left(range(len(prices)), True, key=is_too_low) - 1])


def _with_ties(
    ladders: list[Ladder], provinces: Provinces, climb: tuple[list[int], list[int]], price: float
) -> list[int]:
    """Return the rungs with those exactly at the price added, province by province, while the pot lasts."""
    rungs, top = climb
    drawn = _drawn(ladders, rungs, provinces)
    left = provinces.pot_fen - int(drawn.sum())
    found = []
    for place, (ladder, count, high) in enumerate(zip(ladders, rungs, top, strict=True)):
        payable = ladder.within(int(provinces.own_fen[place]) + int(drawn[place]) + left)
        found.append(max(count, min(ladder.not_flatter_than(price), high, payable)))
        needed = max(int(ladder.spent_fen[found[-1]] - provinces.own_fen[place]), int(provinces.least_fen[place]))
        left -= needed - int(drawn[place])
    return found


def _options_of(ladders: list[Ladder], rungs: list[int], choices: Choices) -> Integers:
    """Return each unit's option after so many rungs: of a unit's steps the last one taken counts."""
    chosen = np.full(choices.units, -1, dtype=np.int64)
    for ladder, count in zip(ladders, rungs, strict=True):
        taken = ladder.option[:count]
        chosen[choices.unit[taken]] = taken
    return chosen


def _purse(ladders: list[Ladder], rungs: list[int], provinces: Provinces) -> Purse:
    spent = np.array([ladder.spent_fen[count] for ladder, count in zip(ladders, rungs, strict=True)])
    given = _drawn(ladders, rungs, provinces)
    return Purse(provinces.own_fen + given - spent, given, provinces.pot_fen - int(given.sum()), provinces.most_fen)


def _bound(ladders: list[Ladder], climb: _Climb, provinces: Provinces) -> float:
    """Return what no plan can exceed: (7)."""
    total = _pot_bound(climb.prices, provinces)
    for place, ladder in enumerate(ladders):
        price, weight = float(climb.prices[place]), 1.0 + float(climb.floors[place])
        best = ladder.steeper_than(price / weight)
        total += weight * float(ladder.gain[best]) - (weight - 1.0) * float(provinces.least_gain[place])
        total += price * float(provinces.own_fen[place] - ladder.spent_fen[best])
    return total


def _pot_bound(prices: Floats, provinces: Provinces) -> float:
    """Return the most that the pot's money can be worth at these prices: to the dearest first."""
    given = provinces.least_fen.copy()
    left = provinces.pot_fen - int(given.sum())
    for place in np.argsort(-prices, kind="stable").tolist():
        more = min(left, int(provinces.most_fen[place] - given[place]))
        given[place] += more
        left -= more
    return float(prices @ given)


def _plan(
    choices: Choices, provinces: Provinces, found: tuple[Integers, Integers], bound: float, price: Floats
) -> NationalPlan:
    chosen, given = found
    bought = np.flatnonzero(chosen >= 0)
    options, count = chosen[bought], len(provinces.own_fen)
    spent = np.zeros(count, dtype=np.int64)
    gain = np.zeros(count)
    np.add.at(spent, provinces.province_of_unit[bought], choices.cost_fen[options])
    np.add.at(gain, provinces.province_of_unit[bought], choices.value[options])
    objective = float(choices.value[options].sum())
    bound = max(bound, objective)
    return NationalPlan(
        chosen=chosen,
        spent_fen=spent,
        given_fen=given,
        gain=gain,
        price=price,
        objective=objective,
        bound=bound,
        gap=(bound - objective) / bound if bound > 0 else 0.0,
    )
