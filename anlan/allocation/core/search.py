"""Near the relaxation: the search for a plan of a large problem.

The relaxation buys nearly everything whole already; what it breaks is few, and what might be otherwise is what gains or
costs next to nothing there. Those options are chosen anew while all others stay, in one round after the other around
the best plan so far; the money that is left over is spent between the rounds. A plan within the gap of the relaxation's
bound is proven, since that bound holds for every plan. Nothing here looks at the clock.

Source: docs/methods/allocation.md, section 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.highs import SEED, GaveUp, Run, run
from anlan.allocation.core.ledger import Ledger, Offer
from anlan.allocation.core.model import Model
from anlan.allocation.core.problem import Problem, Purchase
from anlan.allocation.core.value import Served

Floats = NDArray[np.float64]
SMALL = 1_500  # whole columns up to which all is searched at once
FIRST, FIRST_ENOUGH = (60, 120, 240, 480, 960), 240  # options around the relaxation; more only where none is found
ROUNDS, FREE, NODES = 8, 60, 40
PATIENCE = 3  # rounds in vain
ROOT_COLUMNS = 15_000  # up to which the solver finds its cuts, before it branches, in seconds
LAST_NODES = 100  # of a search among all plans that has a plan to fall back on
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class _Field:
    """The model by options: their whole columns, and who costs the relaxation least to choose otherwise."""

    model: Model
    columns: list[list[int]]
    order: list[int]  # options, those that are broken or cost least first


def search(problem: Problem, model: Model, *, gap: float, nodes: int | None) -> Run:
    """Return the best plan found and the bound that no plan exceeds.

    Args:
        problem: for the money that is left over.
        model: the problem, written down.
        gap: at which the search stops, 0 to 1.
        nodes: most nodes of the search among all plans.

    Raises:
        GaveUp: no plan was found.
    """
    relaxed = run(model, gap=gap, is_relaxed=True)
    if relaxed.values is None:
        return relaxed
    near, bound = None, relaxed.bound
    if sum(model.is_integer) > SMALL:
        field, is_cut = _field(model, relaxed), len(model.cost) > ROOT_COLUMNS
        for near in _near(problem, field, relaxed, gap):
            best = Run(near, bound)
            if not is_cut and not _is_proven(model, near, bound, gap):
                best, is_cut = _among_all(model, bound, near, (gap, 1)), True
                bound = best.bound
            if best.values is not None and _is_proven(model, best.values, bound, gap):
                return best
    return _among_all(model, bound, near, (gap, nodes))


def _is_proven(model: Model, values: Floats, bound: float, gap: float) -> bool:
    return bound - float(np.dot(model.cost, values)) <= gap * abs(bound)


def _among_all(model: Model, bound: float, near: Floats | None, limits: tuple[float, int | None]) -> Run:
    gap, nodes = limits
    if near is not None:
        nodes = min(nodes or LAST_NODES, LAST_NODES)
    try:
        # Not told where to start: HiGHS 1.16 may take a start for better than it is, and the bound with it.
        found = run(model, gap=gap, nodes=nodes)
    except GaveUp:
        if near is None:
            raise
        return Run(near, bound)
    if found.values is None:
        return found
    best = max(
        (found.values, near), key=lambda values: -np.inf if values is None else float(np.dot(model.cost, values))
    )
    return Run(best, min(found.bound, bound))


def _field(model: Model, relaxed: Run) -> _Field:
    values, reduced = relaxed.values, relaxed.reduced
    if values is None or reduced is None:
        raise ValueError("the relaxation has no values")
    columns: list[list[int]] = [[] for _ in range(1 + max(key[0] for key in model.pieces))]
    for part in (model.pieces, model.served):
        for key, column in part.items():
            columns[key[0]].append(column)
    for option, column in model.bought.items():
        columns[option].append(column)
    costs = [_cost_of_change(values, reduced, own) for own in columns]
    return _Field(model, columns, sorted(range(len(columns)), key=lambda option: (costs[option], option)))


def _cost_of_change(values: Floats, reduced: Floats, columns: list[int]) -> float:
    """Return what the relaxation loses by one piece more or less of an option; less than nothing where it is broken."""
    if not columns:
        return np.inf
    own = values[columns]
    if np.any(np.abs(own - np.round(own)) > WHOLE):
        return -1.0
    costs = np.abs(reduced[columns])  # 0 too where another source could pay: moving money makes room for whole pieces
    return float(np.min(costs[own > 0.5] if np.any(own > 0.5) else costs))


def _near(problem: Problem, field: _Field, relaxed: Run, gap: float) -> Iterator[Floats]:
    """Yield the best plan so far, each time after more options around the relaxation were looked at."""
    best: Floats | None = None
    cost = np.array(field.model.cost)
    for count in FIRST:
        if best is not None and count > FIRST_ENOUGH:
            break
        found = _chosen_anew(field, relaxed.values, field.order[:count], gap / 4)
        if found is not None and (best is None or cost @ _values(found) > cost @ best):
            best = _filled(problem, field.model, _values(found))
        if best is not None:
            best = _improved(problem, field, best, (relaxed.bound, gap))
            yield best


def beside(model: Model, *, gap: float) -> Run | None:
    """Return the best plan of few options around the relaxation, without rounds; None where none is found."""
    relaxed = run(model, gap=gap, is_relaxed=True)
    if relaxed.values is None:
        return None
    field, best, cost = _field(model, relaxed), None, np.array(model.cost)
    for count in FIRST:
        if best is not None and (count > FIRST_ENOUGH or _is_proven(model, _values(best), relaxed.bound, gap)):
            break
        found = _chosen_anew(field, relaxed.values, field.order[:count], gap)
        if found is not None and (best is None or cost @ _values(found) > cost @ _values(best)):
            best = found
    return best


def _improved(problem: Problem, field: _Field, best: Floats, goal: tuple[float, float]) -> Floats:
    """Return the plan after rounds around it, until it is within the gap of the bound."""
    rng, cost = np.random.default_rng(SEED), np.array(field.model.cost)
    in_vain = 0
    for _round in range(ROUNDS):
        if _is_proven(field.model, best, *goal) or in_vain >= PATIENCE:
            break
        found = _chosen_anew(field, best, _drawn(field, rng), goal[1] / 4)
        is_better = found is not None and cost @ _values(found) > cost @ best * (1 + WHOLE)
        in_vain = 0 if is_better else in_vain + 1
        if found is not None and is_better:
            best = _filled(problem, field.model, _values(found))
    return best


def _values(found: Run) -> Floats:
    if found.values is None:
        raise ValueError("no plan, no values")
    return found.values


def _drawn(field: _Field, rng: np.random.Generator) -> list[int]:
    """Return options to choose anew: half of those that cost least to change, and as many of a wider circle."""
    close = rng.permutation(field.order[: 2 * FREE])[: FREE // 2]
    wide = rng.permutation(field.order[2 * FREE : 12 * FREE])[: FREE // 2]
    return [int(option) for option in (*close, *wide)]


def _chosen_anew(field: _Field, values: Floats | None, options: list[int], gap: float) -> Run | None:
    """Return the best plan in which all other options stay as they are, None where there is none within the nodes."""
    model, free = field.model, set(options)
    lower, upper = np.array(model.lower), np.array(model.upper)
    held = [column for option, own in enumerate(field.columns) if option not in free for column in own]
    lower[held] = upper[held] = np.round(values[held]) if values is not None else 0.0
    try:
        found = run(replace(model, lower=lower.tolist(), upper=upper.tolist()), gap=gap, nodes=NODES)
    except GaveUp:
        return None
    return None if found.values is None else found


def bought_by(model: Model, values: Floats) -> tuple[tuple[Purchase, ...], Served]:
    """Return what the solver's columns buy, in whole pieces, and whom it serves."""
    purchases = tuple(
        Purchase(*key, int(round(values[column]))) for key, column in model.pieces.items() if round(values[column]) > 0
    )
    return purchases, {key for key, column in model.served.items() if values[column] > 0.5}


def _filled(problem: Problem, model: Model, values: Floats) -> Floats:
    """Return the plan with what the money that is left over still buys."""
    ledger = Ledger(problem, *bought_by(model, values))
    if not fill(ledger):
        return values
    found = np.zeros(len(values))
    for purchase in ledger.purchases():
        found[model.pieces[purchase.option, purchase.source, purchase.year]] = purchase.pieces
    for option, column in model.bought.items():
        found[column] = float(ledger.pieces[option] > 0)
    for key in ledger.served:
        found[model.served[key]] = 1.0
    whole = np.array(model.is_integer)
    lower = np.where(whole, found, model.lower)
    upper = np.where(whole, found, model.upper)
    again = run(replace(model, lower=lower.tolist(), upper=upper.tolist()), gap=0.0, is_relaxed=True).values
    return values if again is None else again


def fill(ledger: Ledger) -> int:
    """Buy what still fits, what brings most for its money first; return how many offers were taken."""
    taken = 0
    for offer in sorted(_offers(ledger), key=lambda each: (-each.ratio, each.option, each.year)):
        now = ledger.offer(offer.option, offer.year)  # what was bought meanwhile may have left less room
        if now is None or now.value <= 0 or ledger.rival(now.option) is not None or ledger.broken_cap(now):
            continue
        source = ledger.source_for(now)
        if source is not None:
            ledger.buy(now, source)
            taken += 1
    return taken


def _offers(ledger: Ledger) -> Iterator[Offer]:
    for place in range(len(ledger.problem.options)):
        if ledger.is_barred(place) or ledger.is_pinned(place) or ledger.missing(place) is not None:
            continue
        for year in ledger.years:
            offer = ledger.offer(place, year)
            if offer is not None and offer.value > 0 and ledger.source_for(offer) is not None:
                yield offer
