from copy import deepcopy

import pytest

from anlan.allocation.core.measure_checks import BadCatalogue, circle_among
from anlan.allocation.core.measures import (
    catalogue_content,
    catalogue_from_content,
    default_catalogue,
    with_measure,
    without_measure,
)
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Dimension

LEAVES = {leaf.code: leaf.level.value for leaf in default_system().leaves}
TEAM, TRAINING = "M-CAP-T-01", "M-CAP-T-02"


def content(**changes):
    made = deepcopy(catalogue_content(default_catalogue()))
    next(each for each in made["measures"] if each["code"] == TEAM).update(changes)
    return made


def refusal(given):
    with pytest.raises(BadCatalogue) as refused:
        catalogue_from_content(given, LEAVES)
    return str(refused.value)


def test_the_default_catalogue_raises_every_leaf_of_the_default_system():
    raised = {leaf for measure in default_catalogue().measures for leaf in measure.leaves()}

    assert raised == set(LEAVES)


def test_the_default_catalogue_has_sixty_measures_over_all_dimensions_and_levels():
    measures = default_catalogue().measures

    assert len(measures) >= 60
    assert {measure.dimension for measure in measures} == set(Dimension)
    assert {measure.level for measure in measures} == set(LEAVES.values())
    assert all(measure.is_example for measure in measures)


def test_content_is_read_as_it_was_written():
    written = catalogue_content(default_catalogue())

    assert catalogue_content(catalogue_from_content(written, LEAVES)) == written


def test_a_measure_without_a_price_is_refused():
    assert refusal(content(unit_price_fen=None)) == "The measure M-CAP-T-01 has no price"


@pytest.mark.parametrize("price", [-1, 0, 2.5])
def test_a_price_that_is_no_whole_number_above_0_is_refused(price):
    assert "the price is" in refusal(content(unit_price_fen=price))


def test_a_circle_of_prerequisites_is_refused_and_named():
    told = refusal(content(requires=[[TRAINING]]))

    assert "M-CAP-T-01 → M-CAP-T-02 → M-CAP-T-01" in told or "M-CAP-T-02 → M-CAP-T-01 → M-CAP-T-02" in told


def test_a_chain_is_no_circle():
    assert circle_among({"A": ["B", "C"], "B": ["C"], "C": []}) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"effects": {"CAP-T-99": 1}}, "CAP-T-99, which the indicator system does not have"),
        ({"effects": {"CAP-V-01": 1}}, "CAP-V-01, which is not asked of the units"),
        ({"effects": {"CAP-T-01": 0}}, "adds 0 to CAP-T-01"),
        ({"effects": {}}, "raises no indicator"),
        ({"requires": [["M-NONE"]]}, "names the measure M-NONE"),
        ({"requires": [["M-CAP-V-01"]]}, "of a level below its own"),
        ({"excludes": ["M-NONE"]}, "names the measure M-NONE"),
        ({"least": 5, "most": 4}, "most is below least"),
        ({"life_years": 0}, "life_years is 0"),
        ({"running_fen": -5}, "running_fen is -5"),
        ({"name_en": ""}, "name_en is missing"),
        ({"dimension": "space"}, "no dimension or level"),
        ({"code": ""}, "has no code"),
        ({"serves": {"effects": {"CAP-V-03": 0.1}, "most": 0}}, "most is 0"),
    ],
)
def test_what_is_no_measure_is_refused(changes, told):
    assert told in refusal(content(**changes))


def test_a_code_that_stands_twice_is_refused():
    twice = content()
    twice["measures"].append(twice["measures"][0])

    assert "stands 2 times" in refusal(twice)


def test_an_empty_catalogue_is_refused():
    assert "at least one measure" in refusal({"measures": []})


def test_taking_a_measure_out_takes_it_out_of_the_conditions_of_others():
    left = without_measure(content(), TEAM)

    catalogue = catalogue_from_content(left, LEAVES)
    assert TEAM not in catalogue.by_code
    assert catalogue.by_code[TRAINING].requires == ()


def test_a_measure_is_put_in_the_place_of_another():
    first = content()["measures"][0]

    changed = with_measure(content(), {**first, "unit_price_fen": 77}, replacing=first["code"])

    assert len(changed["measures"]) == len(content()["measures"])
    assert catalogue_from_content(changed).measures[0].unit_price_fen == 77
