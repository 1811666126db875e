"""The catalogue of measures as a workbook of one sheet, both ways; what is wrong is told row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter

from anlan.assessment.core.entry import NO
from anlan.kernel.refusal import Refusal
from anlan.web.safety import safe_cell

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2000
SHEET = "measures"
FIELDS = (
    "code",
    "name_zh",
    "name_en",
    "dimension",
    "level",
    "unit",
    "unit_price_yuan",
    "running_yuan",
    "is_example",
    "lead_months",
    "life_years",
    "least",
    "most",
    "most_per_1000",
    "effects",
    "serves_effects",
    "serves_most",
    "within_km",
    "requires",
    "excludes",
    "department",
)
TEXTS = ("code", "name_zh", "name_en", "dimension", "level", "unit", "department")
WHOLE = ("lead_months", "life_years", "least", "most")


class BadMeasuresFile(Refusal):
    """The file is no workbook of measures."""


@dataclass(frozen=True, slots=True)
class RowTrouble:
    """What is wrong in one row of the sheet."""

    row: int
    refused: Refusal


def measures_workbook(content: Mapping[str, Any]) -> bytes:
    """Return the catalogue as a workbook: the first row names the fields, one measure a row, prices in yuan."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, sheet = book.add_format({"bold": True}), book.add_worksheet(SHEET)
    sheet.write_row(0, 0, FIELDS, bold)
    for number, measure in enumerate(content["measures"], 1):
        sheet.write_row(number, 0, [safe_cell(cell) for cell in _cells(measure)])
    sheet.freeze_panes(1, 2)
    sheet.autofit()
    book.close()
    return stream.getvalue()


def _cells(measure: Mapping[str, Any]) -> list[Any]:
    serves = measure.get("serves") or {}
    written = {
        **measure,
        "unit_price_yuan": measure["unit_price_fen"] / 100,
        "running_yuan": (measure.get("running_fen") or 0) / 100,
        "is_example": "yes" if measure.get("is_example", True) else "no",
        "effects": _effects_text(measure.get("effects") or {}),
        "serves_effects": _effects_text(serves.get("effects") or {}),
        "serves_most": serves.get("most"),
        "within_km": serves.get("within_km"),
        "requires": "; ".join(" / ".join(group) for group in measure.get("requires") or ()),
        "excludes": "; ".join(measure.get("excludes") or ()),
    }
    return [written.get(name) for name in FIELDS]


def _effects_text(effects: Mapping[str, float]) -> str:
    return "; ".join(f"{leaf}={by:g}" for leaf, by in effects.items())


def content_from_workbook(content: bytes) -> tuple[dict[str, Any], list[RowTrouble]]:
    """Return the catalogue's content and what is wrong in which row; `core.measure_checks` judges the rest.

    Raises:
        BadMeasuresFile: it is no workbook, too large, or has no sheet with these fields.
    """
    measures, troubles = [], []
    for number, row in _rows(content):
        try:
            measures.append(_measure(row))
        except Refusal as refused:
            troubles.append(RowTrouble(number, refused))
    return {"measures": measures}, troubles


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    if len(content) > MOST_BYTES:
        raise BadMeasuresFile(
            "The file has %(found)d bytes; a catalogue has at most %(most)d", found=len(content), most=MOST_BYTES
        )
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        raise BadMeasuresFile("The file is no workbook: save it as .xlsx and bring it in again") from None
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    lines = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
    head = [str(cell or "").strip() for cell in next(lines, ())]
    missing = [name for name in FIELDS if name not in head]
    if missing:
        raise BadMeasuresFile("The sheet lacks the columns %(columns)s", columns=", ".join(missing))
    for number, cells in enumerate(lines, 2):
        row = {name: cell for name, cell in zip(head, cells, strict=False) if cell not in {None, ""}}
        if row:
            yield number, row


def _measure(row: Mapping[str, Any]) -> dict[str, Any]:
    served = _effects(row, "serves_effects")
    most_per_1000 = row.get("most_per_1000")
    return {
        **{name: str(row.get(name, "")).lstrip("'") for name in TEXTS},
        **{name: _whole(row, name) for name in WHOLE},
        "unit_price_fen": _fen(row, "unit_price_yuan"),
        "running_fen": _fen(row, "running_yuan") or 0,
        "is_example": str(row.get("is_example", "yes")).strip().lower() not in NO,
        "most_per_1000": None if most_per_1000 is None else _number(row, "most_per_1000"),
        "effects": _effects(row, "effects"),
        "serves": {
            "effects": served,
            "most": _whole(row, "serves_most") if "serves_most" in row else None,
            "within_km": _number(row, "within_km") if "within_km" in row else None,
        }
        if served
        else None,
        "requires": [_codes(group, "/") for group in _codes(row.get("requires"), ";")],
        "excludes": _codes(row.get("excludes"), ";"),
    }


def _codes(text: Any, mark: str) -> list[str]:
    return [code.strip() for code in str(text or "").replace("；", ";").split(mark) if code.strip()]


def _effects(row: Mapping[str, Any], name: str) -> dict[str, float]:
    effects = {}
    for part in _codes(row.get(name), ";"):
        leaf, _equals, by = part.partition("=")
        effects[leaf.strip()] = _as_number(name, by)
    return effects


def _number(row: Mapping[str, Any], name: str) -> float:
    return _as_number(name, row.get(name))


def _as_number(name: str, value: Any) -> float:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        raise BadMeasuresFile("%(field)s: %(found)s is no number", field=name, found=str(value)) from None


def _whole(row: Mapping[str, Any], name: str) -> int:
    found = _number(row, name) if name in row else 0.0
    if not found.is_integer():
        raise BadMeasuresFile("%(field)s: %(found)s is no whole number", field=name, found=f"{found:g}")
    return int(found)


def _fen(row: Mapping[str, Any], name: str) -> int | None:
    return round(_number(row, name) * 100) if name in row else None
