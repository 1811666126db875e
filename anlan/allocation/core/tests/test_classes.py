from copy import deepcopy

import pytest

from anlan.allocation.core.classes import (
    BadTable,
    NoClass,
    TableHasHoles,
    check_publishable,
    classify,
    default_table,
    table_content,
    table_from_content,
)
from anlan.allocation.core.facts import UnitFacts

FAR = UnitFacts("999901101201", "Far village", "village", landform="mountain", minutes=95.0)


def content(**row):
    made = deepcopy(table_content(default_table()))
    made["rows"] = [{"class": "general", "when": [], **row}]
    return made


def test_content_is_read_as_it_was_written():
    assert table_from_content(table_content(default_table())) == default_table()


def test_a_far_mountain_village_is_remote_by_the_second_row():
    found = classify(default_table(), [FAR])[0]

    assert (found.class_key, found.row_number) == ("remote_mountain", 2)


def test_a_unit_in_no_class_is_refused_by_name():
    with pytest.raises(NoClass, match=r"Far village \(999901101201\) fits no row"):
        classify(table_from_content(content(when=[{"fact": "landform", "test": "among", "values": ["plain"]}])), [FAR])


def test_a_table_with_holes_is_not_published():
    with pytest.raises(TableHasHoles, match="no row fits some units"):
        check_publishable(table_from_content(content(when=[{"fact": "minutes", "test": "between", "least": 10}])))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"class": "moon"}, "names the class moon"),
        ({"when": [{"fact": "landform", "test": "among", "values": ["sea"]}]}, "sea is no value of landform"),
        ({"when": [{"fact": "minutes", "test": "between", "least": 30, "most": 30}]}, "at least 30 and below 30"),
        ({"when": [{"fact": "minutes", "test": "among", "values": ["3"]}]}, "asks for minutes in a way"),
        ({"when": [{"fact": "hazards", "test": "any", "values": ["meteor"]}]}, "meteor is no value of hazards"),
        ({"when": [{"fact": "density", "test": "around"}]}, "no decision table"),
    ],
)
def test_what_is_no_row_is_refused(row, told):
    with pytest.raises(BadTable, match=told):
        table_from_content(content(**row))


def test_a_table_without_rows_is_refused():
    with pytest.raises(BadTable, match="at least one row"):
        table_from_content({**content(), "rows": []})


def test_a_class_that_stands_twice_is_refused():
    twice = content()
    twice["classes"].append(twice["classes"][0])

    with pytest.raises(BadTable, match="remote_mountain stands twice"):
        table_from_content(twice)
