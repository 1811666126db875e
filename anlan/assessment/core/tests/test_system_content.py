import copy
import json

import pytest

from anlan.assessment.core.ahp import BadComparisons
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.system_content import BadSystem, system_content, system_from_content
from anlan.kernel.canonical import sha256_of

CONTENT = system_content(default_system())


def edited(**changes):
    """Return the default content with parts replaced: a name of the system, or leaf__<name> of its first leaf."""
    content = copy.deepcopy(CONTENT)
    for name, value in changes.items():
        target = content["leaves"][0] if name.startswith("leaf__") else content
        target[name.removeprefix("leaf__")] = value
    return content


def test_content_read_back_is_the_same_system_with_the_same_hash():
    again = system_from_content(json.loads(json.dumps(CONTENT)))

    assert again == default_system()
    assert sha256_of(system_content(again)) == sha256_of(CONTENT)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": ""}, "key of system is missing"),
        ({"leaves": []}, "leaves of system is missing"),
        ({"colour": "red"}, "unknown field colour"),
        ({"own_share": 1.2}, "own_share is 1.2, expected 0 to 1"),
        ({"own_share": "half"}, "own_share of system is half, expected a number"),
        ({"dimension_weights": {"org": 0.5, "digital": 0.4}}, "dimensions sum to 0.9, expected 1"),
        ({"dimension_weights": {"people": 1}}, "people, expected one of org"),
        ({"grades": {"excellent": 0.7}}, "bands 0.6, 0.8, 0.7 do not rise"),
        ({"grades": {"best": 0.7}}, "unknown field best"),
        ({"grades": 3}, "grades of system is missing"),
        ({"profile_factors": {"desert": {}}}, "desert, expected one of mountain"),
        ({"profile_factors": {"river": {"MAT-V-01": 0}}}, "MAT-V-01 is 0, expected more than 0"),
        ({"profile_factors": {"river": {"XXX-V-01": 2}}}, "no leaf XXX-V-01"),
        ({"profile_factors": [1]}, "profile_factors of system is missing"),
        ({"contradictions": [{"leaf": "ORG-T-03", "relation": "at_most", "other": "cows"}]}, "no leaf cows"),
        (
            {"contradictions": [{"leaf": "ORG-T-03", "relation": "like", "other": "population"}]},
            "like, expected one of",
        ),
        ({"contradictions": ["x"]}, "mapping of fields, not x"),
        ({"dimension_comparisons": [[1, 2], [0.5, 1]]}, "2 rows, expected one for each of the 5"),
        ({"dimension_comparisons": "equal"}, "no table of numbers"),
        ({"leaf__code": "ORG-C-02"}, "ORG-C-02 stands 2 times"),
        ({"leaf__weight": 0.3}, "weights of org at the level county sum to 0.9"),
        ({"leaf__weight": -0.4}, "weight of ORG-C-01 is -0.4"),
        ({"leaf__weight": True}, "weight of ORG-C-01 is True, expected a number"),
        ({"leaf__target": 0}, "target of ORG-C-01 is 0, expected more than 0"),
        ({"leaf__target": float("nan")}, "target of ORG-C-01 is nan, expected a number"),
        ({"leaf__kind": "colour"}, "kind of ORG-C-01 is colour, expected one of boolean"),
        ({"leaf__level": "city"}, "level of ORG-C-01 is city, expected one of county"),
        ({"leaf__name_zh": None}, "name_zh of ORG-C-01 is missing"),
        ({"leaf__unit_price_fen": 12.5}, "unit_price_fen of ORG-C-01 is 12.5, expected a whole number"),
        ({"leaf__maximum": -1}, "least value 0 of ORG-C-01 is more than its most -1"),
        ({"leaf__size": 3}, "ORG-C-01 has an unknown field size"),
    ],
)
def test_what_is_no_system_is_refused_with_what_was_found(changes, message):
    with pytest.raises(BadSystem, match=message):
        system_from_content(edited(**changes))


@pytest.mark.parametrize("content", [None, [], "system"])
def test_other_content_is_refused(content):
    with pytest.raises(BadSystem):
        system_from_content(content)


def test_comparisons_that_contradict_each_other_are_refused_by_name():
    rows = [[1.0] * 5 for _ in range(5)]
    for low, high in ((0, 1), (1, 2), (2, 0)):
        rows[low][high], rows[high][low] = 9.0, 1 / 9

    with pytest.raises(BadComparisons, match="Look first at"):
        system_from_content(edited(dimension_comparisons=rows))
