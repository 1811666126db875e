"""What must hold of plans whatever the county: laws of the optimum at gap 0, and of every plan at any gap."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.allocation.core.kept import broken_rules
from anlan.allocation.core.money import overspent_fen
from anlan.allocation.core.problem import Effect, Option, Problem, Solved, Source
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import problems

NOISE = 1e-7
EXAMPLES = settings(max_examples=60, deadline=None)


def plan_of(problem: Problem, gap: float = 0.0) -> Solved | None:
    """Return the plan, None where no plan keeps the rules."""
    try:
        return solve(problem, gap=gap)
    except NothingFits:
        return None


def value_of(problem: Problem) -> float:
    plan = plan_of(problem)
    return float("-inf") if plan is None else plan.objective


@EXAMPLES
@given(problem=problems(), more=st.integers(0, 100_000), source=st.integers(0, 1))
def test_more_budget_never_lowers_the_optimum(problem, more, source):
    pots = list(problem.sources)
    pots[source] = replace(pots[source], budget_fen=tuple(fen + more for fen in pots[source].budget_fen))

    assert value_of(replace(problem, sources=tuple(pots))) >= value_of(problem) - NOISE


@EXAMPLES
@given(problem=problems())
def test_a_floor_never_raises_the_optimum(problem):
    assert value_of(problem) <= value_of(replace(problem, floors=())) + NOISE


@EXAMPLES
@given(problem=problems(), data=st.data())
def test_other_names_and_another_order_change_nothing(problem, data):
    order = data.draw(st.permutations(range(len(problem.options))))

    assert value_of(relabelled(problem, order)) == pytest.approx(value_of(problem), abs=NOISE)


@EXAMPLES
@given(problem=problems(), gap=st.sampled_from((0.0, 1e-3, 0.3)))
def test_a_plan_never_exceeds_a_budget_by_one_fen(problem, gap):
    plan = plan_of(problem, gap)

    assert plan is None or not overspent_fen(problem, plan.purchases).any()


@EXAMPLES
@given(problem=problems(), gap=st.sampled_from((0.0, 0.3)))
def test_a_plan_keeps_every_rule(problem, gap):
    plan = plan_of(problem, gap)

    assert plan is None or not broken_rules(problem, plan.purchases, set(plan.served))


@EXAMPLES
@given(problem=problems(), gap=st.sampled_from((1e-3, 0.3)))
def test_a_plan_is_as_near_the_optimum_as_it_says(problem, gap):
    plan = plan_of(problem, gap)

    assert plan is None or plan.gap <= gap + NOISE
    assert plan is None or plan.bound >= value_of(problem) - NOISE


@EXAMPLES
@given(problem=problems(), gap=st.sampled_from((0.0, 1e-3)))
def test_solving_again_gives_the_same_plan(problem, gap):
    assert plan_of(problem, gap) == plan_of(problem, gap)


def relabelled(problem: Problem, order: list[int]) -> Problem:
    """Return the same problem with options, aims and sources in another order, under other names."""
    now = {old: new for new, old in enumerate(order)}
    aims = len(problem.aims)

    def moved(option: Option) -> Option:
        return replace(
            option,
            measure=f"X-{option.measure}",
            effects=tuple(Effect(aims - 1 - each.aim, each.step) for each in option.effects),
            sources=tuple(1 - source for source in option.sources),
            requires=tuple(tuple(now[o] for o in group) for group in option.requires),
        )

    return replace(
        problem,
        aims=problem.aims[::-1],
        options=tuple(moved(problem.options[old]) for old in order),
        sources=tuple(Source(f"x{each.key}", "X", each.budget_fen) for each in problem.sources[::-1]),
        floors=tuple(
            floor if floor.kind == "unit_gain" else replace(floor, members=tuple(sorted(now[o] for o in floor.members)))
            for floor in problem.floors
        ),
        exclusions=tuple(tuple(now[o] for o in group) for group in problem.exclusions),
        pinned=tuple(sorted((now[o], pieces) for o, pieces in problem.pinned)),
        barred=tuple(now[o] for o in problem.barred),
    )
