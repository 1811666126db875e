import pytest

from anlan.places.core.checking import problems_in
from anlan.places.core.values import DivisionRow

COUNTY = DivisionRow("999901000000", "青岚县", population=100, households=40)
TOWNSHIP = DivisionRow("999901101000", "柳溪镇")


def told(*rows: DivisionRow, known: frozenset[str] = frozenset()) -> list[tuple[int, str, str]]:
    found = problems_in(dict(enumerate(rows, start=2)), known)
    return [(one.row, one.column, one.message % one.values if one.values else one.message) for one in found]


def test_good_rows_have_no_faults():
    assert told(COUNTY, TOWNSHIP) == []


def test_a_parent_may_be_on_record_already():
    assert told(TOWNSHIP, known=frozenset({"999901000000"})) == []


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (DivisionRow("999901102201", "孤村"), "code", "the division above, 999901102000, is neither in the file"),
        (DivisionRow("999901000000", "青岚县"), "code", "given twice, first in row 2"),
        (DivisionRow("999901101000", ""), "name", "a name has 1 to 60 characters"),
        (DivisionRow("999901101000", "长" * 61), "name", "a name has 1 to 60 characters"),
        (DivisionRow("999901101000", "柳溪镇", population=-1), "population", "must not be negative"),
        (DivisionRow("999901101000", "柳溪镇", area_km2=-0.5), "area_km2", "must not be negative"),
        (
            DivisionRow("999901101000", "柳溪镇", population=9, households=10),
            "households",
            "more households than people",
        ),
        (DivisionRow("999901101000", "柳溪镇", urban_rural_code="999"), "urban_rural_code", "is not one of: 111, 112"),
        (DivisionRow("999901101000", "柳溪镇", hazards=("meteor",)), "hazards", "is not one of: cold"),
    ],
)
def test_a_fault_is_told_at_its_row_and_column(row, column, reason):
    [(number, found_column, found_reason)] = told(COUNTY, row)

    assert (number, found_column) == (3, column)
    assert found_reason.startswith(reason)
