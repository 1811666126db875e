import csv
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.hierarchy import BadTable, Index, compute_index
from anlan.assessment.core.hierarchy_content import BadIndex, hierarchy_from_content, hierarchy_from_yaml

INFORM = (files("anlan.assessment") / "data" / "inform_risk.yaml").read_text(encoding="utf-8")
PARTS = ("hazard", "vulnerability", "coping")
# Published by INFORM, mid 2018: hazard, vulnerability, lack of coping capacity, risk and rank; and Afghanistan's parts.
PUBLISHED = {"Afghanistan": (8.7, 6.8, 7.5, 7.6), "Albania": (3.3, 1.2, 4.3, 2.6), "Angola": (4.1, 4.7, 7.3, 5.2)}
AFGHANISTAN = {
    "Earthquake": 9.2,
    "Flood": 7.1,
    "Tsunami": 0.0,
    "Tropical Cyclone": 0.0,
    "Drought": 7.6,
    "Projected Conflict Risk": 10.0,
    "Current Highly Violent Conflict Intensity": 10.0,
    "Development & Deprivation": 6.4,
    "Inequality": 4.8,
    "Aid Dependency": 7.2,
    "Uprooted people": 9.1,
    "Health Conditions": 1.2,
    "Children U5": 5.4,
    "Recent Shocks": 0.1,
    "Food Security": 6.4,
    "DRR": 6.3,
    "Governance": 8.0,
    "Communication": 6.7,
    "Physical infrastructure": 8.5,
    "Access to health care": 8.2,
}
AGGREGATES = {
    "natural": 6.0,
    "human": 10.0,
    "hazard": 8.7,
    "socio_economic": 6.2,
    "other_groups": 3.7,
    "vulnerable_groups": 7.3,
    "vulnerability": 6.8,
    "institutional": 7.2,
    "infrastructure": 7.8,
    "coping": 7.5,
}


def index(**fields):
    """Return an index of columns a and b; fields replace those of its root."""
    root = {"key": "whole", "children": [{"column": "a"}, {"column": "b", "weight": 3}], **fields}
    return hierarchy_from_content({"key": "i", "name": "I", "units": {"name": "unit"}, "scale": 10, "root": root})


def computed(columns, **fields) -> Index:
    return compute_index(index(**fields), {name: np.array(values, dtype=float) for name, values in columns.items()})


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("arithmetic", 6.5),
        ("geometric", (2 * 8**3) ** (1 / 4)),
        ("inverted_geometric", (10 - (8.2 * 2.8**3) ** (1 / 4)) / 9 * 10),
        ("maximum", 24.0),
    ],
)
def test_a_node_by_hand(aggregate, expected):
    assert computed({"a": [2], "b": [8]}, aggregate=aggregate).values["whole"] == pytest.approx([expected])


@pytest.mark.parametrize(
    ("missing", "expected"), [("skip", [8.0, 2.0]), ("all", [None, None]), (0.5, [8.0, None]), (0.25, [8.0, 2.0])]
)
def test_the_rule_for_missing_parts(missing, expected):
    found = computed({"a": [np.nan, 2], "b": [8, np.nan]}, missing=missing)

    assert [None if np.isnan(each) else each for each in found.values["whole"]] == expected
    assert found.completeness == pytest.approx([0.75, 0.25])
    assert [rank > 0 for rank in found.ranks] == [each is not None for each in expected]


@pytest.mark.parametrize(
    ("normalise", "expected"),
    [
        ("none", [0, 5, 10]),
        ("min_max", [0, 5, 10]),
        ({"kind": "min_max", "better": "less"}, [10, 5, 0]),
        ({"kind": "bounds", "least": 5, "most": 15}, [0, 0, 5]),
        ({"kind": "bounds", "least": 5, "most": 15, "better": "less"}, [10, 10, 5]),
        ({"kind": "target", "target": 5}, [0, 10, 10]),
        ({"kind": "target", "target": 5, "better": "less"}, [10, 10, 0]),
    ],
)
def test_a_column_is_brought_onto_the_scale(normalise, expected):
    found = computed({"a": [0, 5, 10]}, children=[{"column": "a", "normalise": normalise}])

    assert found.values["a"] == pytest.approx(expected)


def test_a_column_without_spread_is_at_the_top():
    found = computed({"a": [3, 3, np.nan]}, children=[{"column": "a", "normalise": "min_max"}])

    assert found.values["a"][:2].tolist() == [10, 10]
    assert np.isnan(found.values["a"][2])


def test_ranks_go_from_the_highest_or_the_lowest():
    columns = {"a": np.array([1.0, 9.0, 1.0])}
    content = {"key": "i", "name": "I", "units": {"name": "u"}, "root": {"key": "w", "children": [{"column": "a"}]}}

    highest, lowest = (
        compute_index(hierarchy_from_content(content | {"rank": rank}), columns).ranks.tolist()
        for rank in ("highest", "lowest")
    )

    assert (highest, lowest) == ([2, 1, 2], [1, 3, 1])


def test_rounding_is_half_up():
    assert computed({"a": [0.25]}, children=[{"column": "a"}], decimals=1).values["whole"].tolist() == [0.3]


def test_a_missing_column_and_a_value_off_the_scale_are_refused():
    with pytest.raises(BadTable, match="no column b"):
        computed({"a": [1]})
    with pytest.raises(BadTable, match="A part of whole is 11, expected 0 to 10"):
        computed({"a": [11], "b": [1]}, aggregate="geometric")


@given(
    st.lists(st.tuples(*[st.one_of(st.just(np.nan), st.floats(0, 10))] * 2), min_size=1, max_size=5),
    st.sampled_from(["arithmetic", "geometric", "inverted_geometric"]),
)
def test_a_mean_lies_between_its_parts(rows, aggregate):
    a, b = np.array(rows).T

    found = computed({"a": a, "b": b}, aggregate=aggregate).values["whole"]

    for parts, value in zip(rows, found, strict=True):
        there = [part for part in parts if not np.isnan(part)]
        assert np.isnan(value) if not there else min(there) - 1e-9 <= value <= max(there) + 1e-9


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"children": []}, "whole needs either a column or children"),
        ({"column": "x"}, "whole needs either a column or children"),
        ({"children": "a"}, "children of whole are no list"),
        ({"children": ["a"]}, "whole.1 is no mapping"),
        ({"children": [{"column": "a"}, {"column": "a"}]}, "node a stands 2 times"),
        ({"children": [{"column": "a", "weight": -1}]}, "weight of root.1 is -1|weight of whole.1 is -1"),
        ({"children": [{"column": "a", "weight": 0}]}, "weights of the children of whole are all 0"),
        ({"children": [{"column": "a", "normalise": "log"}]}, "is log, expected one of none"),
        ({"children": [{"column": "a", "normalise": {"kind": "bounds", "least": 1}}]}, "most of whole.1 is missing"),
        ({"children": [{"column": "a", "normalise": {"kind": "bounds", "least": 2, "most": 1}}]}, "first must be less"),
        ({"children": [{"column": "a", "normalise": {"kind": "target", "target": 0}}]}, "is 0, expected more than 0"),
        ({"children": [{"column": "a", "normalise": 3}]}, "normalise is no mapping"),
        ({"aggregate": "median"}, "is median, expected one of arithmetic"),
        ({"missing": "some"}, "is some, expected one of skip, all"),
        ({"missing": 2}, "expected skip, all or 0 to 1"),
        ({"decimals": 1.5}, "decimals of whole is 1.5"),
        ({"key": ""}, "key of root is missing"),
        ({"colour": "red"}, "unknown field colour"),
    ],
)
def test_what_is_no_index_is_refused_with_where_it_is(fields, message):
    with pytest.raises(BadIndex, match=message):
        index(**fields)


def test_a_tree_without_end_is_refused():
    node = {"key": "n", "column": "a"}
    for number in range(25):
        node = {"key": f"n{number}", "children": [node]}

    with pytest.raises(BadIndex, match="more than 20 levels"):
        hierarchy_from_content({"key": "i", "name": "I", "units": {"name": "u"}, "root": node})


@pytest.mark.parametrize(
    ("text", "message"),
    [("a: [1", "no YAML: .* in line 1"), ("- 1", "index is no mapping"), ("", "index is no mapping")],
)
def test_other_files_are_refused(text, message):
    with pytest.raises(BadIndex, match=message):
        hierarchy_from_yaml(text)


def test_risk_of_three_countries_from_hazard_vulnerability_and_coping():
    numbers = np.array(list(PUBLISHED.values()))

    found = compute_index(hierarchy_from_yaml(INFORM), {}, dict(zip(PARTS, numbers.T[:3], strict=True)))

    assert found.values["risk"].tolist() == numbers[:, 3].tolist()
    assert found.ranks.tolist() == [1, 3, 2]


def test_afghanistan_from_its_components():
    columns = {name: np.array([value]) for name, value in AFGHANISTAN.items()}

    found = compute_index(hierarchy_from_yaml(INFORM), columns)

    assert {key: found.values[key][0] for key in AGGREGATES} == pytest.approx(AGGREGATES, abs=0.1)
    assert found.completeness == pytest.approx([1])


@pytest.mark.shared
def test_inform_risk_is_computed_as_published(shared):
    with next((shared / "inform").glob("*.csv")).open(encoding="cp1252") as file:
        rows = [row for row in csv.DictReader(file) if row["ISO3"]]
    columns = {
        name: np.array([np.nan if row[name] in {"x", ""} else float(row[name]) for row in rows])
        for name in rows[0]
        if name not in {"COUNTRY", "ISO3"}
    }
    hierarchy = hierarchy_from_yaml(INFORM)
    branches = {node.key: node for node in hierarchy.root.walk() if node.children}
    published = {key: columns[node.name] for key, node in branches.items()}

    for key, node in branches.items():
        known = {child.key: published[child.key] for child in node.children if child.children}
        alone = replace(hierarchy, root=node)
        values = compute_index(alone, columns, known).values[key]
        assert np.nanmax(np.abs(values - published[key])) < 0.06, key

    risk = compute_index(hierarchy, {}, {part: published[part] for part in PARTS})
    assert len(rows) == 191
    assert risk.values["risk"].tolist() == columns["INFORM RISK"].tolist()
    assert risk.ranks.tolist() == columns["Rank"].tolist()
