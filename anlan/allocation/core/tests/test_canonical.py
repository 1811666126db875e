import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from anlan.allocation.core.canonical import BadProblem, problem_content, problem_from_content, problem_hash
from anlan.allocation.core.problem import Aim, Floor, Problem
from anlan.allocation.core.solve import NothingFits, solve
from anlan.allocation.core.tests.small import one_pot, option, problems

AIMS = (Aim(0, "L0", "org", 0.3, 1.0), Aim(1, "L1", "org", 0.4, 1.0))
PLAIN = one_pot(10, AIMS, option(0, 4, (0, 1.0)), option(1, 6, (1, 0.5), most=2))


def kept(problem: Problem) -> Problem:
    """Return the problem as it comes back from a store of JSON."""
    return problem_from_content(json.loads(json.dumps(problem_content(problem))))


@settings(deadline=None)
@given(problem=problems())
def test_a_problem_comes_back_from_its_content(problem):
    assert kept(problem) == problem
    assert problem_hash(kept(problem)) == problem_hash(problem)


@settings(deadline=None)
@given(problem=problems())
def test_solving_the_frozen_input_again_gives_the_same_purchases(problem):
    try:
        plan = solve(problem)
    except NothingFits:
        return

    assert solve(kept(problem)) == plan


def test_a_whole_number_where_a_share_is_meant_has_the_same_hash():
    assert problem_hash(replace(PLAIN, year_weights=(1,))) == problem_hash(PLAIN)


def test_a_fen_more_is_another_problem():
    dearer = (replace(PLAIN.options[0], price_fen=401), PLAIN.options[1])

    assert problem_hash(replace(PLAIN, options=dearer)) != problem_hash(PLAIN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"units": None}, "wrong kind"),
        ({"colour": 1}, "colour is missing or unknown"),
        ({"year_weights": ["1"]}, "wrong kind"),
        ({"pinned": [[0, 1, 2]]}, "wrong kind"),
        ({"pinned": [[True, 1]]}, "wrong kind"),
        ({"barred": [2]}, "barred names the place 2 of 2"),
        ({"aims": [7]}, "wrong kind"),
    ],
)
def test_content_that_is_no_problem_is_refused(change, words):
    with pytest.raises(BadProblem, match=words):
        problem_from_content(problem_content(PLAIN) | change)


def test_an_unknown_kind_of_floor_is_refused():
    content = problem_content(replace(PLAIN, floors=(Floor("f", "unit_gain", "F", (0,), least=0.1),)))
    content["floors"][0]["kind"] = "per_tree"

    with pytest.raises(BadProblem, match="per_tree"):
        problem_from_content(content)
