"""Laws of a study's answer, on small grounds where every choice can be tried."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.allocation.core.siting_answer import NOBODY, answer_of
from anlan.allocation.core.siting_facts import Place, SitingFacts, Village
from anlan.allocation.core.siting_study import Absence, Question, SitingSettings

REACH = 10.0
MINUTES = st.one_of(st.integers(0, 30).map(float), st.just(np.inf))


@st.composite
def grounds(draw):
    """Return up to 5 villages and 5 places; some villages are islands, some of no known weight, some places stand."""
    villages, places = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    standing = draw(st.integers(0, places - 1))
    rows = st.lists(MINUTES, min_size=places, max_size=places)
    minutes = np.array(draw(st.lists(rows, min_size=villages, max_size=villages)))
    minutes[0, 0] = 1.0  # somebody reaches something
    weights = [5.0, *draw(st.lists(st.one_of(st.none(), st.integers(1, 9).map(float)), min_size=4, max_size=4))]
    return SitingFacts(
        tuple(Village(f"v{row}", f"v{row}", row, weights[row], True) for row in range(villages)),
        tuple(
            Place(f"p{place}", f"p{place}", 0.0, 0.0, place + 1 if place < standing else None)
            for place in range(places)
        ),
        minutes,
    )


def asked(question: Question, **more) -> SitingSettings:
    return SitingSettings("x", "reserve_point", question, within_minutes=REACH, **more)


def covered(facts: SitingFacts, opened) -> float:
    near = (facts.minutes[:, list(opened)] <= REACH).any(axis=1)
    return sum(village.weight or 0.0 for village, is_near in zip(facts.villages, near, strict=True) if is_near)


def choices(facts: SitingFacts, points: int):
    return [each for each in combinations(range(len(facts.places)), points) if set(facts.kept) <= set(each)]


@given(grounds(), st.data())
@settings(max_examples=30, deadline=None)
def test_no_other_choice_covers_more(facts, data):
    points = data.draw(st.integers(max(1, len(facts.kept)), len(facts.places)))

    answer = answer_of(facts, asked(Question.MOST_COVERED, points=points))

    assert set(facts.kept) <= set(answer.opened)
    assert answer.figures["within"] == max(covered(facts, each) for each in choices(facts, points))


@given(grounds())
@settings(max_examples=30, deadline=None)
def test_fewer_points_never_do(facts):
    total = sum(village.weight or 0.0 for village in facts.villages)
    share = covered(facts, range(len(facts.places))) / total

    answer = answer_of(facts, asked(Question.FEWEST_POINTS, share=share))

    found = len(answer.opened)
    fewer = [each for points in range(1, found) for each in choices(facts, points)]
    assert covered(facts, answer.opened) >= share * total - 1e-9
    assert all(covered(facts, each) < share * total - 1e-9 for each in fewer)


@given(grounds())
@settings(max_examples=30, deadline=None)
def test_every_village_goes_to_its_nearest_point_or_says_why_not(facts):
    answer = answer_of(facts, asked(Question.LEAST_TRAVEL, points=len(facts.places)))

    for row, village in enumerate(facts.villages):
        goes, absence = answer.point[row], answer.absences[row]
        if goes == NOBODY:
            assert absence in {Absence.NO_COUNT, Absence.ISLAND, Absence.NO_WAY}
        else:
            assert village.weight is not None
            assert answer.minutes[row] == facts.minutes[row, list(answer.opened)].min()
            assert (absence is Absence.FAR) == (answer.minutes[row] > REACH)


@given(grounds())
@settings(max_examples=20, deadline=None)
def test_the_curve_never_falls(facts):
    answer = answer_of(facts, asked(Question.MOST_COVERED, points=len(facts.places)))

    shares = [each["share"] for each in answer.curve]
    assert shares == sorted(shares)
    assert sum(answer.served_by(place, facts).load for place in answer.opened) <= answer.figures["total"] + 1e-9
