from dataclasses import replace

import pytest

from anlan.assessment.core.needs import cost_fen_of, gap_of, quantity_of
from anlan.assessment.core.tests.workbook_cases import FUNDS, OFFICE, POSTS, RATE, REVISED
from anlan.assessment.core.values import Direction


@pytest.mark.parametrize(
    ("leaf", "value", "gap", "quantity"),
    [
        (OFFICE, 1, 0, 0),
        (OFFICE, 0, 1, 1),
        (replace(OFFICE, direction=Direction.NEGATIVE), 1, 1, 1),
        (POSTS, 2, 4, 4),
        (POSTS, 2.5, 3.5, 4),
        (POSTS, 7, 0, 0),
        (RATE, 0.48, 0.5, 0.5),
        (FUNDS, 25, 15, 1),
        (FUNDS, 9, 0, 0),
        (REVISED, 2000, 905, 1),
    ],
)
def test_gap_and_quantity_by_kind(leaf, value, gap, quantity):
    assert gap_of(leaf, value) == pytest.approx(gap)
    assert quantity_of(leaf, gap_of(leaf, value)) == pytest.approx(quantity)


def test_cost_is_whole_fen():
    assert cost_fen_of(replace(RATE, unit_price_fen=333), 0.5) == 166
    assert cost_fen_of(RATE, 0.5) == 0
