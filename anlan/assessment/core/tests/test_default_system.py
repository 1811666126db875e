import csv
from collections import Counter

import pytest

from anlan.assessment.core.ahp import check_comparisons
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.names import DEPARTMENT_NAMES, UNIT_NAMES
from anlan.assessment.core.values import Dimension
from anlan.kernel.codes import Level

SYSTEM = default_system()


def test_sixty_leaves_stand_on_three_levels():
    assert Counter(leaf.level for leaf in SYSTEM.leaves) == {Level.COUNTY: 10, Level.TOWNSHIP: 26, Level.VILLAGE: 24}


def test_every_leaf_has_all_its_words_a_price_and_a_known_department():
    for leaf in SYSTEM.leaves:
        assert all((leaf.evidence_zh, leaf.measure_zh, leaf.measure_en, leaf.unit_price_fen))
        assert leaf.department in DEPARTMENT_NAMES
        assert leaf.unit in UNIT_NAMES
        assert leaf.lead_days > 0


def test_the_comparisons_say_the_same_as_the_weights():
    found = check_comparisons(SYSTEM.dimension_comparisons, names=tuple(Dimension))

    assert found.weights == pytest.approx([SYSTEM.dimension_weights[dimension] for dimension in Dimension])


def test_there_are_rules_of_every_relation():
    assert len(SYSTEM.contradictions) >= 8
    assert len({rule.relation for rule in SYSTEM.contradictions}) == 3


@pytest.mark.shared
def test_the_leaves_are_those_of_the_design(shared):
    with (shared / "indicators" / "indicators.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))

    assert [leaf.code for leaf in SYSTEM.leaves] == [row["code"] for row in rows]
    for leaf, row in zip(SYSTEM.leaves, rows, strict=True):
        assert (leaf.name_en, leaf.kind, leaf.unit, leaf.direction) == tuple(
            row[name] for name in ("name_en", "kind", "unit", "direction")
        )
        assert (leaf.target, leaf.weight) == (float(row["target"]), float(row["weight"]))
        assert leaf.name_zh == row["name_zh"].replace("(", "（").replace(")", "）")
