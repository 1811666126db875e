"""`allocate.county`: a county's three years with every kind of rule, beside a greedy hand by benefit–cost ratio."""

from collections.abc import Iterator
from functools import cache

from anlan.allocation.core.greedy import greedy
from anlan.allocation.core.highs import run
from anlan.allocation.core.model import build_model
from anlan.allocation.core.problem import Problem
from anlan.allocation.core.solve import solve
from bench.allocation_data import county_problem
from bench.frame import Measure, seconds_of

VILLAGES, BUDGET_YUAN, GAP = 96, 8_000_000, 1e-3
LIMIT = "the relaxation alone: the model built and its linear programme solved once"
GREEDY = "greedy by benefit–cost ratio"


def measures() -> Iterator[Measure]:
    """Yield time, proven gap, and what a point of capability costs in yuan by us and by the greedy hand."""
    problem = county_problem(VILLAGES, budget_yuan=BUDGET_YUAN)
    answers = _Answers(problem)
    yield Measure(
        "three years of a county, s",
        ours=lambda: seconds_of(lambda: solve(problem, gap=GAP), 1),
        limit=LIMIT,
        probe=lambda: seconds_of(lambda: run(build_model(problem), gap=GAP, is_relaxed=True), 3),
        peer=GREEDY,
        peer_value=lambda: seconds_of(lambda: greedy(problem), 1),
        at_most=10.0,
    )
    yield Measure(
        "three years of a county, proven gap",
        ours=lambda: answers.ours().gap,
        limit="the gap that is asked for",
        probe=lambda: GAP,
        peer=GREEDY,
        peer_value=lambda: 1.0 - answers.peer().objective / answers.ours().bound,
        at_most=GAP,
    )
    yield Measure(
        "yuan for a weighted point of capability",
        ours=lambda: _yuan_a_point(problem, answers.ours().objective),
        limit="at the bound that no plan exceeds",
        probe=lambda: _yuan_a_point(problem, answers.ours().bound),
        peer=GREEDY,
        peer_value=lambda: _yuan_a_point(problem, answers.peer().objective),
        times_peer=1.05,
    )


class _Answers:
    """Our plan and the peer's, each found once."""

    def __init__(self, problem: Problem) -> None:
        self.ours = cache(lambda: solve(problem, gap=GAP))
        self.peer = cache(lambda: greedy(problem))


def _yuan_a_point(problem: Problem, objective: float) -> float:
    budget_fen = sum(sum(source.budget_fen) for source in problem.sources)
    return budget_fen / 100 / (objective * 100)
