"""Every plan of a small problem tried, one by one: what the solver is compared with."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations, product

from anlan.allocation.core.problem import Floor, Option, Problem

Bought = tuple[tuple[int, int, int], ...]  # of one option: (source, year, pieces)
TOLERANCE, HALF_FEN = 1e-7, 0.5


def best_value(problem: Problem) -> float | None:
    """Return the value (1) of the best plan under (2) to (12), None where there is no plan."""
    values = [value for plan in _plans(problem) if (value := _value(problem, plan)) is not None]
    return max(values, default=None)


def _plans(problem: Problem) -> Iterator[tuple[Bought, ...]]:
    choices = [_choices(problem, place, option) for place, option in enumerate(problem.options)]

    def grow(chosen: tuple[Bought, ...]) -> Iterator[tuple[Bought, ...]]:
        if len(chosen) == len(choices):
            yield chosen
            return
        for bought in choices[len(chosen)]:
            if _is_paid(problem, (*chosen, bought)):
                yield from grow((*chosen, bought))

    return (plan for plan in grow(()) if _keeps_rules(problem, plan))


def _choices(problem: Problem, place: int, option: Option) -> list[Bought]:
    """Return the ways to buy one option: numbers of (5) and (12)."""
    slots = list(product(option.sources, range(len(problem.year_weights))))
    numbers = {0, *range(option.least, option.most + 1)} - ({0} if option.is_required else set())
    numbers &= {0} if place in problem.barred else numbers
    numbers &= {dict(problem.pinned)[place]} if place in dict(problem.pinned) else numbers
    ways = product(range(max(numbers, default=0) + 1), repeat=len(slots))
    return [
        tuple((*slot, pieces) for slot, pieces in zip(slots, way, strict=True) if pieces)
        for way in ways
        if sum(way) in numbers
    ]


def _costs(problem: Problem, plan: tuple[Bought, ...]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (option, source, year, fen) of all that is paid."""
    for place, bought in enumerate(plan):
        option = problem.options[place]
        for source, year, pieces in bought:
            yield place, source, year, option.price_fen * pieces
            for later in range(year + 1, len(problem.year_weights)):
                if year + option.lead_years <= later < year + option.lead_years + option.life_years:
                    yield place, source, later, option.running_fen * pieces


def _is_paid(problem: Problem, plan: tuple[Bought, ...]) -> bool:
    spent: Counter[tuple[int, int]] = Counter()
    for _option, source, year, fen in _costs(problem, plan):
        spent[source, year] += fen
    return all(fen <= problem.sources[source].budget_fen[year] for (source, year), fen in spent.items())  # (2)


def _keeps_rules(problem: Problem, plan: tuple[Bought, ...]) -> bool:
    has = [bool(bought) for bought in plan]
    needs = all(
        any(has[o] for o in group) for o, option in enumerate(problem.options) if has[o] for group in option.requires
    )
    alone = all(sum(has[o] for o in group) <= 1 for group in problem.exclusions)
    return needs and alone and all(_is_met(problem, plan, f) for f in problem.floors if f.kind != "unit_gain")


def _is_met(problem: Problem, plan: tuple[Bought, ...], floor: Floor) -> bool:
    costs = list(_costs(problem, plan))
    whole = sum(fen for *_, fen in costs)
    mine = sum(fen for option, *_, fen in costs if option in floor.members)
    if floor.kind == "township_per_head":
        return mine >= (floor.least or 0)  # (10)
    return (floor.least or 0.0) * whole <= mine + 1e-3 and mine <= (
        1.0 if floor.most is None else floor.most
    ) * whole + 1e-3  # (9)


def _value(problem: Problem, plan: tuple[Bought, ...]) -> float | None:
    """Return the best value of the purchases over whom they serve, None where a floor on gain is not met."""
    total, last = 0.0, len(problem.year_weights) - 1
    for year, weight in enumerate(problem.year_weights):
        floors = problem.floors if year == last else ()
        found = [value for value in _values(problem, plan, year, floors) if value is not None]
        if not found:
            return None
        total += weight * max(found)
    return total


def _values(problem: Problem, plan: tuple[Bought, ...], year: int, floors: tuple[Floor, ...]) -> Iterator[float | None]:
    pieces = [
        sum(n for _source, at, n in bought if at + o.lead_years <= year < at + o.lead_years + o.life_years)
        for bought, o in zip(plan, problem.options, strict=True)
    ]
    for served in product(*(_servings(problem, o, n) for o, n in zip(problem.options, pieces, strict=True))):
        yield _gain(problem, pieces, served, floors)


def _servings(problem: Problem, option: Option, pieces: int) -> list[set[int]]:
    """Return the sets of units that pieces may serve (11)."""
    units = {problem.aims[effect.aim].unit for effect in option.effects}
    if option.serves_most is None:
        return [units]
    sizes = range(min(len(units), option.serves_most * pieces) + 1)
    return [set(each) for each in chain.from_iterable(combinations(sorted(units), size) for size in sizes)]


def _gain(problem: Problem, pieces: list[int], served: tuple[set[int], ...], floors: tuple[Floor, ...]) -> float | None:
    value, gained = 0.0, [0.0] * len(problem.units)
    for place, aim in enumerate(problem.aims):
        offers = [
            (
                option.multiplier,
                sum(e.step for e in option.effects if e.aim == place) * (1 if option.serves_most else n),
            )
            for option, n, units in zip(problem.options, pieces, served, strict=True)
            if aim.unit in units
        ]
        left = aim.room
        for multiplier, step in sorted(offers, reverse=True):
            gain = min(left, step)  # (3), (4)
            left -= gain
            value += problem.units[aim.unit].priority * multiplier * aim.weight * gain
        gained[aim.unit] += aim.weight * (aim.room - left)
    gains = [(floor, sum(gained[u] for u in floor.members)) for floor in floors if floor.kind == "unit_gain"]
    return value if all(gain >= (floor.least or 0.0) - TOLERANCE for floor, gain in gains) else None  # (8)
