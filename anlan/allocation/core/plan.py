"""A plan as people read it: lines, what each unit gets and gains, what was missed, and why.

Source: docs/methods/allocation.md.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from anlan.allocation.core.clash import explain_clash
from anlan.allocation.core.explain import Explanation, LineReason, explain
from anlan.allocation.core.fairness import Fairness, fairness
from anlan.allocation.core.money import cost_fen, running_years
from anlan.allocation.core.problem import Problem, Purchase, Solved
from anlan.allocation.core.rise import scores_after
from anlan.allocation.core.solve import NothingFits, solve
from anlan.assessment.core.values import Note
from anlan.kernel.money import yuan_text
from anlan.kernel.refusal import Refusal, mark

Progress = Callable[..., None]  # done, total, a marked message
STEPS = 4
NODES = 20_000  # of the search; a plan stops by gap or by these, never by the clock


class FloorsClash(Refusal):
    """The floors cannot all be kept with this money."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """So many pieces of one measure for one unit, from one source in one year. Gains are scores, 0 to 1."""

    option: int
    source: int
    year: int
    pieces: int
    cost_fen: int  # what the pieces cost when bought
    running_fen: int  # what they cost in the later years of the plan
    gain: float
    points_per_wan: float
    reasons: tuple[Note, ...]
    floors: tuple[str, ...]
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """What one unit gets: its score in the last year, its money, and what of its gain others' things bring."""

    unit: int
    score_after: float
    money_fen: int
    line_count: int
    gain_from_others: float


@dataclass(frozen=True, slots=True)
class Found:
    """A problem with its plan and all that is told of it."""

    problem: Problem
    solved: Solved
    explanation: Explanation
    fairness: Fairness
    lines: tuple[PlanLine, ...]
    units: tuple[PlanUnit, ...]

    @property
    def budget_fen(self) -> int:
        """Return all money of all sources and years."""
        return sum(sum(source.budget_fen) for source in self.problem.sources)


def quietly(_done: int, _total: int, _doing: str = "") -> None:
    """Tell nobody how far the work is."""


def find_plan(problem: Problem, *, gap: float, progress: Progress = quietly) -> Found:
    """Return the plan of a problem with its reasons.

    Raises:
        FloorsClash: no plan keeps all rules; which ones clash, and the least money that would do.
        GaveUp: no plan was found within the nodes.
    """
    progress(0, STEPS, mark("Looking for the best plan"))
    try:
        solved = solve(problem, gap=gap, nodes=NODES)
    except NothingFits as refused:
        progress(1, STEPS, mark("Looking for the rules that clash"))
        raise _clash(problem, gap) from refused
    progress(1, STEPS, mark("Finding the reasons, and what the next yuan would buy"))
    explanation = explain(problem, solved)
    progress(3, STEPS, mark("Reckoning how fair it is"))
    return Found(
        problem=problem,
        solved=solved,
        explanation=explanation,
        fairness=fairness(problem, solved),
        lines=lines_of(problem, solved, explanation),
        units=units_of(problem, solved),
    )


def _clash(problem: Problem, gap: float) -> FloorsClash:
    clash = explain_clash(problem, gap=gap)
    floors = "; ".join(clash.floors)
    if clash.least_budget_fen is None:
        return FloorsClash("These rules cannot be kept together, whatever the money: %(floors)s", floors=floors)
    return FloorsClash(
        "These rules cannot be kept together with this money: %(floors)s. At least %(least)s yuan would be needed",
        floors=floors,
        least=yuan_text(clash.least_budget_fen),
    )


def lines_of(problem: Problem, solved: Solved, explanation: Explanation) -> tuple[PlanLine, ...]:
    """Return the plan's lines, unit by unit; an option bought in parts shares its gain by pieces."""
    told = {reason.option: reason for reason in explanation.lines}
    pinned = {option for option, _pieces in problem.pinned}
    ordered = sorted(
        solved.purchases,
        key=lambda bought: (
            problem.units[problem.options[bought.option].unit].code,
            problem.options[bought.option].measure,
            bought.year,
            bought.source,
        ),
    )
    return tuple(_line(problem, bought, told[bought.option], pinned) for bought in ordered)


def _line(problem: Problem, bought: Purchase, told: LineReason, pinned: set[int]) -> PlanLine:
    option, years = problem.options[bought.option], len(problem.year_weights)
    return PlanLine(
        option=bought.option,
        source=bought.source,
        year=bought.year,
        pieces=bought.pieces,
        cost_fen=option.price_fen * bought.pieces,
        running_fen=option.running_fen * bought.pieces * len(running_years(option, bought.year, years)),
        gain=told.gain * bought.pieces / told.pieces,
        points_per_wan=told.points_per_wan,
        reasons=told.reasons,
        floors=told.floors,
        is_pinned=bought.option in pinned,
    )


def units_of(problem: Problem, solved: Solved) -> tuple[PlanUnit, ...]:
    """Return what each unit gets, in the order of the problem's units."""
    money: dict[int, int] = defaultdict(int)
    counts: dict[int, int] = defaultdict(int)
    years = len(problem.year_weights)
    for bought in solved.purchases:
        option = problem.options[bought.option]
        money[option.unit] += cost_fen(option, bought.year, years) * bought.pieces
        counts[option.unit] += 1
    after, by_itself = scores_after(problem, solved), _gains_by_itself(problem, solved)
    return tuple(
        PlanUnit(
            unit=place,
            score_after=float(after[place]),
            money_fen=money[place],
            line_count=counts[place],
            gain_from_others=max(float(after[place]) - unit.score - by_itself[place], 0.0),
        )
        for place, unit in enumerate(problem.units)
    )


def _gains_by_itself(problem: Problem, solved: Solved) -> dict[int, float]:
    """Return what each unit gains by what is bought for it."""
    gained: dict[int, float] = defaultdict(float)
    for option, place, gain in solved.gains:
        aim = problem.aims[place]
        if problem.options[option].unit == aim.unit:
            gained[aim.unit] += aim.weight * gain
    return gained
