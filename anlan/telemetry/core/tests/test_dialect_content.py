"""The extensions of a device are read, and refused in words where they cannot be used."""

import pytest

from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.extensions import check_extensions
from anlan.telemetry.core.sl651.dialect import STANDARD
from anlan.telemetry.core.sl651.dialect_content import BadDialect, dialect_from_json, stays_on_line
from anlan.telemetry.core.wire_elements import beginning_of

CRACK = {"symbol": "DX", "name": "裂缝", "unit": "mm", "digits": 6, "decimals": 2, "property": "crack"}


def test_an_empty_table_is_the_standard():
    assert dialect_from_json({}) is STANDARD


def test_elements_and_functions_are_read_from_the_table():
    dialect = dialect_from_json({"elements": {"FF12": CRACK}, "functions": {"E1": "32"}})

    assert (dialect.known[0xFF12].symbol, dialect.known[0xFF12].definition) == ("DX", 0x1A)
    assert dialect.body_of(0xE1) == 0x32


def test_the_table_says_how_a_datastream_begins():
    begun = beginning_of("FF12", {"elements": {"FF12": CRACK}})

    assert (begun.property.value, begun.unit, begun.name) == ("crack", "mm", "裂缝")
    assert beginning_of("FF12") is None


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        {"elements": []},
        {"elements": {"39": CRACK}},
        {"elements": {"xyz": CRACK}},
        {"elements": {"FF12": 5}},
        {"elements": {"FF12": CRACK | {"colour": "red"}}},
        {"elements": {"FF12": CRACK | {"property": "width"}}},
        {"elements": {"FF12": CRACK | {"digits": "6"}}},
        {"elements": {"FF12": CRACK | {"decimals": 9}}},
        {"functions": {"32": "33"}},
        {"functions": {"E1": 50}},
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_words(table):
    with pytest.raises(BadDialect) as caught:
        dialect_from_json(table)

    assert str(caught.value)


@pytest.mark.parametrize("table", [{"colour": 1}, {"geo": {"crack": None}}, {"functions": {"E1": 50}}, []])
def test_extensions_that_no_gateway_could_use_are_refused(table):
    with pytest.raises(Refusal):
        check_extensions(table)


def test_extensions_of_every_part_are_taken():
    check_extensions({"elements": {"FF12": CRACK}, "functions": {"E1": "32"}, "stays": False, "geo": {"L1_LF": None}})


def test_stations_stay_on_line_unless_the_table_says_otherwise():
    assert stays_on_line({})
    assert not stays_on_line({"stays": False})
