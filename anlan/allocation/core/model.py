"""The allocation problem as a mixed-integer programme of HiGHS; numbers in brackets as in `problem`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.hulls import hull, hull_of_two
from anlan.allocation.core.money import cost_fen, is_alive, running_years
from anlan.allocation.core.problem import Effect, Floor, Option, Problem

# Money stands in the model in 100 yuan, gains in thousandths of a score: both near 1, as the solver likes them.
FEN_OF_ONE = 10_000
GAIN_SCALE = 1_000.0
INFINITE = float("inf")

Terms = Iterable[tuple[int, float]]


@dataclass(slots=True)
class Model:
    """Columns and rows as they are written down, and where each variable of the problem stands."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_integer: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    pieces: dict[tuple[int, int, int], int] = field(default_factory=dict)  # x[o,s,t]
    bought: dict[int, int] = field(default_factory=dict)  # y[o]
    served: dict[tuple[int, int, int], int] = field(default_factory=dict)  # c[o,u,t]
    gains: dict[tuple[int, int, int], list[tuple[int, float]]] = field(default_factory=dict)  # g[o,a,t]
    budget_rows: dict[tuple[int, int], int] = field(default_factory=dict)  # (source, year)
    money: dict[tuple[int, ...], int] = field(default_factory=dict)  # what the options cost in all
    by_option: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    floor_rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def column(self, upper: float, *, cost: float = 0.0, is_integer: bool = False, lower: float = 0.0) -> int:
        """Add a variable and return its place."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.is_integer.append(is_integer)
        return len(self.cost) - 1

    def row(self, terms: Terms, *, lower: float = -INFINITE, upper: float = INFINITE) -> int:
        """Add a constraint over (column, factor) terms and return its place."""
        place = len(self.row_lower)
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        total: dict[int, float] = defaultdict(float)  # the solver refuses a column that stands twice in a row
        for column, value in terms:
            total[column] += value
        self.entries.extend((place, column, value) for column, value in total.items())
        return place

    def of_option(self, option: int) -> list[tuple[int, int, int]]:
        """Return the (option, source, year) by which the option may be bought."""
        return self.by_option.get(option, [])

    def as_lp(self, *, is_relaxed: bool = False) -> highspy.HighsLp:
        """Return the programme in the solver's own form."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.row_lower)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(v) for v in (self.cost, self.lower, self.upper))
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        start, index, value = _columnwise(self.entries, len(self.cost))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
        if not is_relaxed:
            kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
            lp.integrality_ = [kinds[kind] for kind in self.is_integer]
        return lp


def _columnwise(
    entries: list[tuple[int, int, float]], columns: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    table = np.array(entries, dtype=np.float64).reshape(-1, 3)
    order = np.lexsort((table[:, 0], table[:, 1]))
    table = table[order]
    start = np.searchsorted(table[:, 1], np.arange(columns + 1))
    return start.astype(np.int32), table[:, 0].astype(np.int32), table[:, 2]


def build_model(problem: Problem) -> Model:
    """Write the whole problem down as columns and rows."""
    model = Model()
    _pieces(model, problem)
    _gains(model, problem)
    _budgets(model, problem)
    _rooms(model, problem)
    _logic(model, problem)
    for floor in problem.floors:
        add_floor(model, problem, floor)
    return model


def most_pieces(problem: Problem) -> list[int]:
    """Return the largest number of pieces of each option, 0 where it is barred (12)."""
    most = [option.most for option in problem.options]
    for barred in problem.barred:
        most[barred] = 0
    return most


def _pieces(model: Model, problem: Problem) -> None:
    most, pinned = most_pieces(problem), dict(problem.pinned)
    tied = _tied(problem)
    for place, option in enumerate(problem.options):
        for source in option.sources:
            for year in range(len(problem.year_weights)):
                key = (place, source, year)
                model.pieces[key] = model.column(most[place], is_integer=True)
                model.by_option[place].append(key)
        if not model.by_option[place]:
            model.by_option[place] = []
        if place in tied:
            is_sure = option.is_required or pinned.get(place, 0) > 0
            model.bought[place] = model.column(1.0, is_integer=True, lower=1.0 if is_sure else 0.0)


def _tied(problem: Problem) -> set[int]:
    """Return the options whose being bought at all matters to a rule."""
    pinned = dict(problem.pinned)
    tied = {o for o, option in enumerate(problem.options) if option.least > 1 or option.requires or option.is_required}
    tied |= {o for group in problem.exclusions for o in group}
    tied |= {o for option in problem.options for group in option.requires for o in group}
    return tied | {o for o, pieces in pinned.items() if pieces > 0}


def _gains(model: Model, problem: Problem) -> None:
    """Gains g with the objective (1), rows (3) and (11)."""
    raised_by: dict[int, set[int]] = defaultdict(set)
    for place, option in enumerate(problem.options):
        for effect in option.effects:
            raised_by[effect.aim].add(place)
    for place, option in enumerate(problem.options):
        if option.serves_most is not None:
            _served_gains(model, problem, place, option)
            continue
        for effect in option.effects:
            is_alone = len(raised_by[effect.aim]) == 1
            for year in range(len(problem.year_weights)):
                _plain_gain(model, problem, (place, effect, year), is_alone=is_alone)


def _gain(model: Model, problem: Problem, key: tuple[int, int, int], terms: Terms) -> None:
    """Keep what a gain is made of, and count it in the objective."""
    place, aim_place, year = key
    aim, option = problem.aims[aim_place], problem.options[place]
    worth = problem.year_weights[year] * problem.units[aim.unit].priority * option.multiplier * aim.weight
    model.gains[key] = list(terms)
    for column, value in model.gains[key]:
        model.cost[column] += GAIN_SCALE * worth * value  # (1)


def _alive(model: Model, place: int, option: Option, year: int, factor: float) -> list[tuple[int, float]]:
    keys = model.of_option(place)
    return [(model.pieces[key], factor) for key in keys if is_alive(option, key[2], year)]


def _plain_gain(model: Model, problem: Problem, key: tuple[int, Effect, int], *, is_alone: bool) -> None:
    """Write one gain down: as a share of the pieces themselves where it is one, else as a column under its lines."""
    place, effect, year = key
    option, room = problem.options[place], problem.aims[effect.aim].room
    lines = hull(effect.step, room)
    slope = lines[0][0]
    is_straight = slope * option.most <= room + 1e-12  # no number of pieces passes the target
    if is_alone and is_straight:
        _gain(model, problem, (place, effect.aim, year), _alive(model, place, option, year, slope))
        return
    gain = model.column(room)
    _gain(model, problem, (place, effect.aim, year), [(gain, 1.0)])
    bought = model.bought.get(place)
    for slope, intercept in lines[:1] if is_straight else lines:
        terms = [(gain, 1.0), *_alive(model, place, option, year, -slope)]
        if bought is None:
            model.row(terms, upper=intercept)  # (3)
        else:  # (3) with (5): half a permit lets half a gain be, whatever the pieces
            model.row([*terms, (bought, -intercept)], upper=0.0)


def _served_gains(model: Model, problem: Problem, place: int, option: Option) -> None:
    units = sorted({problem.aims[effect.aim].unit for effect in option.effects})
    for year in range(len(problem.year_weights)):
        for unit in units:
            model.served[place, unit, year] = model.column(1.0, is_integer=True)
        serving = [(model.served[place, unit, year], 1.0) for unit in units]
        model.row([*serving, *_alive(model, place, option, year, -float(option.serves_most or 0))], upper=0.0)  # (11)
        _whole_servings(model, problem, (place, year), units)
        for effect in option.effects:
            gain = model.column(problem.aims[effect.aim].room)
            _gain(model, problem, (place, effect.aim, year), [(gain, 1.0)])
            served = model.served[place, problem.aims[effect.aim].unit, year]
            step = min(effect.step, problem.aims[effect.aim].room)
            model.row([(gain, 1.0), (served, -step)], upper=0.0)  # (11)


def _whole_servings(model: Model, problem: Problem, place_year: tuple[int, int], units: list[int]) -> None:
    """Add what holds of whole pieces only: a unit is served by no less than one piece, and the best so many by so many.

    A fifth of a drone that serves five villages would serve the best of them alone. With F(n) the worth of the best
    n · serves_most units, the worth served is below each chord of F.
    """
    (place, year), option = place_year, problem.options[place_year[0]]
    worth: dict[int, float] = defaultdict(float)
    for effect in option.effects:
        aim = problem.aims[effect.aim]
        worth[aim.unit] += aim.weight * problem.units[aim.unit].priority * min(effect.step, aim.room) * GAIN_SCALE
    columns = {unit: model.served[place, unit, year] for unit in units}
    for unit in units:
        model.row([(columns[unit], 1.0), *_alive(model, place, option, year, -1.0)], upper=0.0)
    best, size = sorted(worth.values(), reverse=True), option.serves_most or 0
    for pieces in range(1, option.most):
        less, step = sum(best[: pieces * size]), sum(best[pieces * size : (pieces + 1) * size])
        if step > 0:
            terms = [(columns[unit], worth[unit]) for unit in units]
            model.row([*terms, *_alive(model, place, option, year, -step)], upper=less - step * pieces)


def _budgets(model: Model, problem: Problem) -> None:
    years = len(problem.year_weights)
    terms: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for (place, source, year), column in model.pieces.items():
        option = problem.options[place]
        terms[source, year].append((column, option.price_fen / FEN_OF_ONE))
        for later in running_years(option, year, years) if option.running_fen else ():
            terms[source, later].append((column, option.running_fen / FEN_OF_ONE))
    for source, pot in enumerate(problem.sources):
        for year in range(years):
            upper = pot.budget_fen[year] / FEN_OF_ONE
            model.budget_rows[source, year] = model.row(terms[source, year], upper=upper)  # (2)


def _rooms(model: Model, problem: Problem) -> None:
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, aim, year in model.gains:
        shared[aim, year].append(place)
    for (aim, year), options in shared.items():
        if len(options) > 1:  # a single one is held by its own bounds
            terms = [term for option in options for term in model.gains[option, aim, year]]
            model.row(terms, upper=problem.aims[aim].room)  # (4)
            _round_in_common(model, problem, (aim, year), options)


def _round_in_common(model: Model, problem: Problem, aim_year: tuple[int, int], options: list[int]) -> None:
    """Add the mixed-integer rounding of (3) and (4) for options that raise one aim: what `hull` is for a single one.

    With G their gain in common, room − G + sum of step · n ≥ room. Divided by one option's step and rounded, this holds
    for whole numbers of pieces and cuts off half pieces that would fill exactly what is lacking.
    """
    (aim, year), room = aim_year, problem.aims[aim_year[0]].room
    steps = {o: step_of(problem, o, aim) for o in options if problem.options[o].serves_most is None}
    if len(steps) == len(options) == 2:
        _hull_of_two(model, problem, aim_year, steps)
        return
    for divisor in sorted(set(steps.values())) if len(steps) > 1 else ():
        whole, rest = _split(room / divisor)
        if rest == 0.0:
            continue
        terms: dict[int, float] = defaultdict(float)
        for place, step in steps.items():
            times, over = _split(step / divisor)
            for column, value in _alive(model, place, problem.options[place], year, times + min(over, rest) / rest):
                terms[column] += value
            for column, value in model.gains[place, aim, year]:
                terms[column] -= value / (divisor * rest)
        model.row(terms.items(), lower=whole + 1 - room / (divisor * rest))


def _hull_of_two(model: Model, problem: Problem, aim_year: tuple[int, int], steps: dict[int, float]) -> None:
    """Add the upper hull of the gain in common over whole pieces of two options: no relaxation is tighter there."""
    (aim, year), room = aim_year, problem.aims[aim_year[0]].room
    (one, step_of_one), (other, step_of_other) = steps.items()
    most = problem.options[one].most, problem.options[other].most
    gains = [term for option in steps for term in model.gains[option, aim, year]]
    for slopes, intercept in hull_of_two((step_of_one, step_of_other), most, room):
        pieces = [
            term
            for option, slope in zip(steps, slopes, strict=True)
            for term in _alive(model, option, problem.options[option], year, -slope)
        ]
        model.row([*gains, *pieces], upper=intercept)


def step_of(problem: Problem, option: int, aim: int) -> float:
    """Return what one piece of an option adds to an aim."""
    return sum(effect.step for effect in problem.options[option].effects if effect.aim == aim)


def _split(value: float) -> tuple[int, float]:
    """Return the whole part and the rest; a rest that is only noise is none."""
    whole = int(value + 1e-9)
    rest = value - whole
    return whole, rest if rest > 1e-9 else 0.0


def _logic(model: Model, problem: Problem) -> None:
    most, pinned = most_pieces(problem), dict(problem.pinned)
    for place, option in enumerate(problem.options):
        pieces = [(model.pieces[key], 1.0) for key in model.of_option(place)]
        if place in model.bought:
            bought = model.bought[place]
            model.row([*pieces, (bought, -float(most[place]))], upper=0.0)  # (5)
            model.row([*pieces, (bought, -float(max(option.least, 1)))], lower=0.0)  # (5)
        elif len(pieces) > 1:
            model.row(pieces, upper=float(most[place]))  # (5)
        if place in pinned:
            model.row(pieces, lower=float(pinned[place]), upper=float(pinned[place]))  # (12)
        for group in option.requires:
            model.row([(model.bought[place], 1.0), *((model.bought[o], -1.0) for o in group)], upper=0.0)  # (6)
    for group in problem.exclusions:
        model.row([(model.bought[o], 1.0) for o in group], upper=1.0)  # (7)
    _no_gain_unbought(model, problem)


def _no_gain_unbought(model: Model, problem: Problem) -> None:
    """Hold each gain below what y lets it be: (5) with (3), which keeps a relaxation from a tenth of a permit."""
    for (place, aim, _year), terms in model.gains.items():
        option = problem.options[place]
        if place in model.bought and option.serves_most is None:
            most = min(problem.aims[aim].room, step_of(problem, place, aim) * option.most)
            model.row([*terms, (model.bought[place], -most)], upper=0.0)


def add_floor(model: Model, problem: Problem, floor: Floor) -> None:
    """Write one floor down as its row or two: (8), (9), (10)."""
    rows = model.floor_rows[floor.key]
    if floor.kind == "unit_gain":
        rows.append(model.row(_unit_gain(model, problem, floor), lower=(floor.least or 0.0) * GAIN_SCALE))  # (8)
        return
    money = _money(model, problem, floor.members)
    if floor.kind == "township_per_head":
        rows.append(model.row([(money, 1.0)], lower=(floor.least or 0.0) / FEN_OF_ONE))  # (10)
        return
    everything = _money(model, problem, tuple(range(len(problem.options))))
    if floor.least is not None:
        rows.append(model.row([(money, 1.0), (everything, -floor.least)], lower=0.0))  # (9)
    if floor.most is not None:
        rows.append(model.row([(money, 1.0), (everything, -floor.most)], upper=0.0))  # (9)


def _unit_gain(model: Model, problem: Problem, floor: Floor) -> list[tuple[int, float]]:
    members, last = set(floor.members), len(problem.year_weights) - 1
    total: dict[int, float] = defaultdict(float)
    for (_place, aim, year), terms in model.gains.items():
        if year == last and problem.aims[aim].unit in members:
            for column, value in terms:
                total[column] += problem.aims[aim].weight * GAIN_SCALE * value
    return list(total.items())


def _money(model: Model, problem: Problem, members: tuple[int, ...]) -> int:
    """Return the column of what these options cost within the plan; one for all floors on the same options.

    The money of all is the sum of the townships' money where floors count it: a row of a few columns. One of every
    piece that may be bought would be met by every cut that the solver looks for.
    """
    if members not in model.money:
        years = len(problem.year_weights)
        parts, rest = _parts_of(problem, members)
        total = model.column(INFINITE)
        costs = [
            (model.pieces[key], cost_fen(problem.options[place], key[2], years) / FEN_OF_ONE)
            for place in rest
            for key in model.of_option(place)
        ]
        sums = [(_money(model, problem, part), 1.0) for part in parts]
        model.row([*costs, *sums, (total, -1.0)], lower=0.0, upper=0.0)
        model.money[members] = total
    return model.money[members]


def _parts_of(problem: Problem, members: tuple[int, ...]) -> tuple[list[tuple[int, ...]], list[int]]:
    """Return the townships' options that all options are made of, and those of no township; else the members alone."""
    if len(members) < len(problem.options):
        return [], list(members)
    parts = list(dict.fromkeys(floor.members for floor in problem.floors if floor.kind == "township_share"))
    parts = [part for part in parts if len(part) < len(members)]
    rest = set(members)
    for part in parts:
        if not rest.issuperset(part):  # they overlap
            return [], list(members)
        rest -= set(part)
    return parts, sorted(rest)


def without_floors(problem: Problem, kept: Iterable[str] = ()) -> Problem:
    """Return the problem with only the floors of these keys."""
    keys = set(kept)
    return replace(problem, floors=tuple(floor for floor in problem.floors if floor.key in keys))
