from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.classes import default_table
from anlan.allocation.core.decision import Condition, Row, Test, findings_of, first_match
from anlan.allocation.core.facts import CHOICES, HAZARDS, UnitFacts

DENSE = Condition("density", Test.BETWEEN, least=1000)
SPARSE = Condition("density", Test.BETWEEN, most=100)
FLOODS = Condition("hazards", Test.ANY, ("river",))
CALM = Condition("hazards", Test.NONE, ("river",))
PLAIN = Condition("landform", Test.AMONG, ("plain",))
ANYTHING = Row("general")


def unit(**facts):
    return UnitFacts("999901101201", "Village", "village", **facts)


def choices(fact):
    return st.sampled_from(CHOICES[fact])


any_facts = st.builds(
    UnitFacts,
    code=st.just("999901101201"),
    name=st.just("Village"),
    level=choices("level"),
    region_type=choices("region_type"),
    landform=choices("landform"),
    hazards=st.frozensets(st.sampled_from(HAZARDS)),
    density=st.none() | st.floats(0, 20_000),
    minutes=st.none() | st.floats(0, 600),
    population=st.none() | st.integers(0, 200_000),
    grade=choices("grade"),
)
ranges = st.tuples(st.integers(0, 5), st.integers(1, 5)).map(
    lambda cut: Condition("minutes", Test.BETWEEN, least=cut[0] * 30.0, most=(cut[0] + cut[1]) * 30.0)
)
any_condition = st.one_of(
    ranges,
    st.sampled_from([DENSE, SPARSE, FLOODS, CALM, PLAIN]),
    st.lists(choices("region_type"), min_size=1, max_size=4).map(
        lambda values: Condition("region_type", Test.AMONG, tuple(values))
    ),
)
any_rows = st.lists(
    st.builds(Row, st.sampled_from(["a", "b"]), st.lists(any_condition, max_size=3).map(tuple)), min_size=1, max_size=6
)


def test_the_first_row_that_fits_decides():
    rows = (Row("flood", (FLOODS,)), Row("town", (DENSE,)), ANYTHING)

    both = unit(hazards=frozenset({"river"}), density=5000.0)

    assert first_match(rows, both) == 1
    assert first_match(rows[1:], both) == 1
    assert first_match(rows, unit()) == 3


def test_a_range_holds_its_least_and_not_its_most():
    assert DENSE.holds(1000.0)
    assert not SPARSE.holds(100.0)


def test_an_unknown_number_is_in_no_range():
    assert not SPARSE.holds(None)
    assert not DENSE.holds(None)


def test_a_planted_hole_is_shown_by_an_example():
    found = findings_of((Row("town", (DENSE,)), Row("sparse", (SPARSE,))))

    assert found.holes == ({"density": 100.0},)


def test_a_last_row_without_conditions_closes_every_hole():
    assert findings_of((Row("town", (DENSE,)), ANYTHING)).holes == ()


def test_what_looks_whole_but_for_unknown_facts_has_a_hole():
    rows = (Row("town", (DENSE,)), Row("land", (Condition("density", Test.BETWEEN, most=1000),)))

    assert findings_of(rows).holes == ({"density": None},)


def test_a_row_that_earlier_rows_cover_together_is_found():
    rows = (Row("flood", (FLOODS,)), Row("calm", (CALM,)), Row("town", (DENSE,)))

    assert findings_of(rows).covered == (3,)


def test_a_row_that_no_facts_fit_is_found():
    rows = (Row("nothing", (FLOODS, CALM)), ANYTHING)

    assert findings_of(rows).impossible == (1,)


def test_rows_of_different_classes_that_cross_are_warned_of():
    found = findings_of((Row("flood", (FLOODS,)), Row("town", (DENSE,)), ANYTHING))

    assert [(each.first, each.second) for each in found.overlaps] == [(1, 2)]
    assert found.overlaps[0].example == {"hazards": frozenset({"river"}), "density": 1000.0}


def test_an_exception_above_its_rule_is_no_overlap():
    assert findings_of((Row("flood town", (FLOODS, DENSE)), Row("flood", (FLOODS,)), ANYTHING)).overlaps == ()


def test_rows_of_one_class_may_cross():
    assert findings_of((Row("a", (FLOODS,)), Row("a", (DENSE,)), ANYTHING)).overlaps == ()


@given(any_facts)
def test_the_default_table_has_a_class_for_any_facts(facts):
    assert first_match(default_table().rows, facts)


@given(any_rows, any_facts)
def test_a_table_without_holes_has_a_row_for_any_facts(rows, facts):
    found, number = findings_of(rows), first_match(rows, facts)

    assert number is not None or found.holes
    assert number not in found.covered + found.impossible


@given(any_rows)
def test_every_hole_that_is_shown_is_one(rows):
    for hole in findings_of(rows).holes:
        assert first_match(rows, unit(**hole)) is None


def test_the_default_table_has_neither_holes_nor_rows_that_never_decide():
    found = findings_of(default_table().rows)

    assert (found.holes, found.covered, found.impossible) == ((), (), ())
