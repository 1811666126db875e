"""An indicator system as a file, YAML or workbook, both ways."""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter
import yaml

from anlan.assessment.core.system_content import system_content, system_from_content
from anlan.assessment.core.values import Dimension
from anlan.assessment.documents.workbook_file import OpenWorkbook
from anlan.kernel.refusal import Refusal
from anlan.web.safety import safe_cell

LEAF_FIELDS = (
    "code",
    "dimension",
    "level",
    "name_zh",
    "name_en",
    "kind",
    "unit",
    "target",
    "direction",
    "weight",
    "department",
    "unit_price_fen",
    "lead_days",
    "minimum",
    "maximum",
    "evidence_zh",
    "measure_zh",
    "measure_en",
)
RULE_FIELDS = ("leaf", "relation", "other", "factor")
MOST_PARTS = 1000
MOST_BYTES = 2 * 1024 * 1024
NAMES = ("key", "name_zh", "name_en", "own_share")
GENERAL, LEAVES, FACTORS, COMPARISONS, RULES = "system", "leaves", "factors", "comparisons", "contradictions"
ENDINGS = ("yaml", "yml", "xlsx")


class BadSystemFile(Refusal):
    """The file holds no indicator system."""


def system_yaml(content: Mapping[str, Any]) -> bytes:
    """Return the system as YAML that a person can edit."""
    # Stored content has lost the order of its fields, and choices are words of their own kind.
    plain = json.loads(json.dumps(system_content(system_from_content(content))))
    text: str = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    return text.encode()


def system_workbook(content: Mapping[str, Any]) -> bytes:
    """Return the system as a workbook: one sheet a part, the first row of each naming its fields."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    for name, rows in _sheets(content).items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [safe_cell(cell) for cell in row], bold if number == 0 else None)
        sheet.freeze_panes(1, 1)
        sheet.autofit()
    book.close()
    return stream.getvalue()


def _sheets(content: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    factors = content.get("profile_factors") or {}
    comparisons = content.get("dimension_comparisons")
    return {
        GENERAL: [["field", "value"], *([name, content[name]] for name in NAMES), *_dotted(content)],
        LEAVES: _table(LEAF_FIELDS, content["leaves"]),
        FACTORS: [
            ["profile", "leaf", "factor"],
            *([profile, leaf, factor] for profile, each in factors.items() for leaf, factor in each.items()),
        ],
        COMPARISONS: [list(Dimension), *([_as_fraction(cell) for cell in row] for row in comparisons or ())],
        RULES: _table(RULE_FIELDS, content.get("contradictions") or ()),
    }


def _as_fraction(value: float) -> float | str:
    """Return 4/3 as people write it: a workbook's numbers keep one digit too few for it."""
    near = Fraction(value).limit_denominator(MOST_PARTS)
    return str(near) if near.denominator > 1 and float(near) == value else value


def _dotted(content: Mapping[str, Any]) -> list[list[Any]]:
    parts = ("dimension_weights", "grades")
    return [[f"{part}.{name}", value] for part in parts for name, value in content[part].items()]


def _table(fields: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [list(fields), *([row.get(field) for field in fields] for row in rows)]


def content_from_file(name: str, content: bytes) -> dict[str, Any]:
    """Return the content that the file holds; `core.system_content` judges whether it is a system.

    Raises:
        BadSystemFile: another kind of file, too large, or not what its name says.
        BadWorkbook: the workbook cannot be opened.
    """
    if len(content) > MOST_BYTES:
        raise BadSystemFile(
            "The file has %(found)d bytes; a system has at most %(most)d", found=len(content), most=MOST_BYTES
        )
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise BadSystemFile("%(name)s is no system: bring .yaml or .xlsx", name=name)
    return _from_workbook(OpenWorkbook(content)) if ending == "xlsx" else _from_yaml(content)


def _from_yaml(content: bytes) -> dict[str, Any]:
    try:
        found = yaml.safe_load(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise BadSystemFile("The file is no YAML in UTF-8: %(reason)s", reason=str(error)[:200]) from None
    if not isinstance(found, dict):
        raise BadSystemFile("The file holds no fields")
    return {str(key): value for key, value in found.items()}


def _from_workbook(book: OpenWorkbook) -> dict[str, Any]:
    for sheet in (GENERAL, LEAVES):
        if sheet not in book.names:
            raise BadSystemFile("The sheet %(sheet)s is missing", sheet=sheet)
    content: dict[str, Any] = {"dimension_weights": {}, "grades": {}}
    for row in _records(book, GENERAL):
        part, _dot, name = str(row.get("field", "")).partition(".")
        (content.setdefault(part, {}) if name else content)[name or part] = row.get("value")
    content["leaves"] = [_leaf(row) for row in _records(book, LEAVES)]
    content["contradictions"] = [_with_numbers(row, ("factor",)) for row in _records(book, RULES)]
    factors: dict[str, dict[str, Any]] = {}
    for row in _records(book, FACTORS):
        factors.setdefault(str(row.get("profile")), {})[str(row.get("leaf"))] = _number(row.get("factor"))
    comparisons = _records(book, COMPARISONS)
    content["profile_factors"] = factors
    content["dimension_comparisons"] = [[_number(cell) for cell in row.values()] for row in comparisons] or None
    return content


def _records(book: OpenWorkbook, sheet: str) -> list[dict[str, Any]]:
    """Return the rows below the head as fields; empty cells are left out, empty rows too."""
    if sheet not in book.names:
        return []
    head, *rows = book.rows(sheet).rows or ((),)
    names = [str(cell) for cell in head]
    found = [{key: _text(cell) for key, cell in zip(names, row, strict=False) if cell is not None} for row in rows]
    return [row for row in found if row]


def _text(cell: Any) -> Any:
    """Return text without the apostrophe that kept it from being run."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and safe_cell(cell[1:]) == cell else cell


def _leaf(row: dict[str, Any]) -> dict[str, Any]:
    texts: dict[str, Callable[[Any], Any]] = dict.fromkeys(("code", "unit", "name_zh", "name_en"), str)
    return {key: texts.get(key, lambda value: value)(value) for key, value in row.items()}


def _with_numbers(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {key: _number(value) if key in names else value for key, value in row.items()}


def _number(value: Any) -> Any:
    """Return a number; a fraction may be written as text: 1/3."""
    try:
        return float(Fraction(value)) if isinstance(value, str) else value
    except (ValueError, ZeroDivisionError):
        return value
