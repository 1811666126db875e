"""A device's extensions of SL 651 as they are kept in the register, read and checked.

    {"elements": {"FF12": {"symbol": "DX", "name": "深部位移", "unit": "mm", "digits": 6, "decimals": 2,
                           "property": "displacement", "binary": false, "counter": false}},
     "functions": {"E1": "32"},
     "stays": true}

`elements`: by code, FF00–FFFF or 76–EF. `functions`: the maker's own code, E0–FF, → the code whose body it has.
`stays`: whether the station shall stay on line after a confirmation (ESC), or may leave (EOT) when nothing is asked.
"""

import re
from collections.abc import Mapping
from typing import Any

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.element_table import Element

ELEMENT_KEYS = {"symbol", "name", "unit", "digits", "decimals", "property", "binary", "counter"}
MOST_DIGITS, MOST_DECIMALS = 30, 7


class BadDialect(Refusal):
    """A mapping table that cannot be used."""


def dialect_from_json(content: object) -> Dialect:
    """Return the mapping table of a device.

    Raises:
        BadDialect: it is none; told in words for the person who edits it.
    """
    table = _mapping(content, "extensions")
    elements = {_code(code): each for code, each in _mapping(table.get("elements", {}), "elements").items()}
    functions = {_code(own): _code(of) for own, of in _mapping(table.get("functions", {}), "functions").items()}
    if not elements and not functions:
        return STANDARD
    try:
        return Dialect({code: _element(code, each) for code, each in elements.items()}, functions)
    except ValueError as fault:
        raise BadDialect(mark("The extensions cannot be used: %(why)s"), why=str(fault)) from None


def stays_on_line(content: Mapping[str, Any]) -> bool:
    """Tell whether the station shall stay on line after a confirmation."""
    return bool(content.get("stays", True))


def _mapping(content: object, name: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise BadDialect(mark("%(name)s is not a table of names and values"), name=name)
    return content


def _code(text: object) -> int:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?", text):
        raise BadDialect(mark("%(code)s is no code of two or four hexadecimal digits"), code=str(text))
    return int(text, 16)


def _element(code: int, content: object) -> Element:
    table = _mapping(content, f"{code:02X}")
    unknown = sorted(set(table) - ELEMENT_KEYS)
    if unknown:
        raise BadDialect(mark("Element %(code)s has no field %(field)s"), code=f"{code:02X}", field=unknown[0])
    measured = table.get("property", Property.OTHER)
    if measured not in list(Property):
        raise BadDialect(mark("%(property)s is no property that is measured"), property=str(measured))
    symbol = str(table.get("symbol") or f"X{code:02X}")
    words = (symbol, str(table.get("name", "")), str(table.get("unit", "")))
    digits = _number(table, "digits", 8, (1, MOST_DIGITS))
    decimals = _number(table, "decimals", 0, (0, MOST_DECIMALS))
    return Element(code, *words, digits, decimals, is_binary=bool(table.get("binary", False)))


def _number(table: Mapping[str, Any], name: str, default: int, bounds: tuple[int, int]) -> int:
    number = table.get(name, default)
    if isinstance(number, bool) or not isinstance(number, int) or not bounds[0] <= number <= bounds[1]:
        raise BadDialect(
            mark("%(field)s is %(found)s, expected a whole number from %(least)d to %(most)d"),
            field=name,
            found=str(number),
            least=bounds[0],
            most=bounds[1],
        )
    return number
