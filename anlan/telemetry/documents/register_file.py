"""The register as a workbook of four sheets, both ways; keepers' numbers, passwords and keys stay out of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from anlan.kernel.refusal import mark
from anlan.telemetry.core.properties import PROPERTIES, PROTOCOL_NAMES, STATION_KIND_NAMES
from anlan.telemetry.core.quantities import QUANTITIES
from anlan.telemetry.core.register_checking import DATASTREAMS, DEVICES, STATIONS, THRESHOLDS, RegisterFault
from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow, Register, StationRow, ThresholdRow
from anlan.telemetry.core.rules import COLOUR_NAMES
from anlan.web.row_books import Kind, RowFault, RowField
from anlan.web.sheet_books import BookSheet, Rows, SheetFault, sheets_in, sheets_workbook

YES_NO = (("yes", mark("yes")), ("no", mark("no")))
KINDS = tuple((each.value, name) for each, name in STATION_KIND_NAMES.items())
PROTOCOLS = tuple((each.value, name) for each, name in PROTOCOL_NAMES.items())
MEASURED = tuple((each.value, facts.name) for each, facts in PROPERTIES.items())
LIMITED = tuple((each.value, facts.name) for each, facts in QUANTITIES.items())
COLOURS = tuple((str(each.value), name) for each, name in COLOUR_NAMES.items())
NUMBER, DAY = Kind.NUMBER, Kind.DAY
IN_USE = RowField("is_in_use", mark("In use"), choices=YES_NO, width=8)
DEVICE, ELEMENT = RowField("device", mark("Device's code")), RowField("element", mark("Element"))
SHEETS = (
    BookSheet(STATIONS, mark("Stations"), (
        RowField("code", mark("Code")), RowField("name", mark("Name"), width=26),
        RowField("kind", mark("Kind of station"), choices=KINDS), RowField("division_code", mark("Unit's code")),
        RowField("longitude", mark("Longitude"), NUMBER), RowField("latitude", mark("Latitude"), NUMBER),
        RowField("elevation_m", mark("Elevation (m)"), NUMBER), RowField("site", mark("Monitored site")),
        RowField("river", mark("River")), RowField("upstream", mark("Codes of the stations upstream"), width=24),
        RowField("owner", mark("Owner")), RowField("maintainer", mark("Maintained by")),
        RowField("maintained_on", mark("Last maintained"), DAY), RowField("installed_on", mark("Installed"), DAY),
        RowField("keeper_name", mark("Responsible person")), IN_USE, RowField("note", mark("Note"), width=30),
    )),
    BookSheet(DEVICES, mark("Devices"), (
        RowField("code", mark("Device's code")), RowField("station", mark("Station's code")),
        RowField("protocol", mark("Protocol"), choices=PROTOCOLS), RowField("model", mark("Make and model")),
        RowField("address", mark("SL 651 address")), RowField("centre", mark("SL 651 centre"), NUMBER), IN_USE,
    )),
    BookSheet(DATASTREAMS, mark("Datastreams"), (
        DEVICE, ELEMENT, RowField("name", mark("Name")), RowField("property", mark("Property"), choices=MEASURED),
        RowField("unit", mark("Unit (UCUM)"), width=12), RowField("factor", mark("Factor"), NUMBER),
        RowField("offset", mark("Offset"), NUMBER), RowField("interval_s", mark("Reporting interval (s)"), NUMBER),
        RowField("lowest", mark("Lowest believed"), NUMBER), RowField("highest", mark("Highest believed"), NUMBER),
        RowField("spike", mark("Spike"), NUMBER),
        RowField("stuck_s", mark("Suspicious when unchanged for (s)"), NUMBER),
        RowField("is_counter", mark("A counter that only grows (rain)"), choices=YES_NO),
        RowField("wraps_at", mark("Counter begins again at"), NUMBER),
        RowField("noise_mm", mark("Noise of displacement (mm)"), NUMBER),
        RowField("is_confirmed", mark("Confirmed"), choices=YES_NO, width=10), IN_USE,
    )),
    BookSheet(THRESHOLDS, mark("Limits"), (
        DEVICE, ELEMENT, RowField("quantity", mark("What is limited"), choices=LIMITED, width=22),
        RowField("colour", mark("Colour"), choices=COLOURS, width=10), RowField("value", mark("Limit"), NUMBER),
    )),
)  # fmt: skip
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
SEPARATORS = re.compile(r"[\s,;，；、]+")
NOWHERE = float("nan")
Row = TypeVar("Row", StationRow, DeviceRow, DatastreamRow, ThresholdRow)


def register_workbook(register: Register) -> bytes:
    """Return the register as a workbook."""
    parts = (register.stations, register.devices, register.datastreams, register.thresholds)
    return sheets_workbook(
        (sheet, [_told(sheet, row) for row in rows]) for sheet, rows in zip(SHEETS, parts, strict=True)
    )


def register_in(content: bytes) -> tuple[Register, Mapping[str, list[int]]]:
    """Return the register that a workbook holds, and by sheet the numbers of its rows there.

    Raises:
        BadRowBook: it is no workbook of a register.
        FaultySheets: a cell holds something else than its column.
    """
    found = sheets_in(content, SHEETS)
    register = Register(
        _rows(StationRow, found[STATIONS]),
        _rows(DeviceRow, found[DEVICES]),
        _rows(DatastreamRow, found[DATASTREAMS]),
        _rows(ThresholdRow, found[THRESHOLDS]),
    )
    return register, {key: [number for number, _row in rows] for key, rows in found.items()}


def faults_in_sheets(faults: Iterable[RegisterFault], numbers: Mapping[str, list[int]]) -> list[SheetFault]:
    """Return the faults of a register where they stand in the workbook that it came from."""
    return [
        SheetFault(
            BY_KEY[each.part],
            RowFault(
                numbers[each.part][each.row],
                next((column.title for column in BY_KEY[each.part].fields if column.name == each.fault.column), ""),
                each.fault.value,
                each.fault.message,
                each.fault.values,
            ),
        )
        for each in faults
    ]


def _told(sheet: BookSheet, row: Any) -> dict[str, Any]:
    told = {column.name: getattr(row, column.name) for column in sheet.fields}
    return {name: _cell(name, value) for name, value in told.items()}


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value) if name == "colour" else value


def _rows(kind: type[Row], rows: Rows) -> tuple[Row, ...]:
    return tuple(kind(**_said(kind, row)) for _number, row in rows)


def _said(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row of the workbook says; an empty cell is the field's own default, or nothing."""
    known = {each.name: each for each in fields(kind)}
    said = {name: _value(name, value) for name, value in row.items() if value is not None}
    blank = {"longitude": NOWHERE, "latitude": NOWHERE, "value": NOWHERE, "colour": 0}
    missing = [name for name, each in known.items() if name not in said and _has_no_default(each)]
    return {name: blank.get(name, "") for name in missing} | said


def _value(name: str, value: Any) -> Any:
    if name in {"is_in_use", "is_counter", "is_confirmed"}:
        return value == "yes"
    if name == "upstream":
        return tuple(each for each in SEPARATORS.split(value) if each)
    return round(value) if name == "centre" else int(value) if name == "colour" else value


def _has_no_default(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING
