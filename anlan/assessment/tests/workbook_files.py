"""Workbooks as people hand them in: filled in, damaged, or no workbook at all."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from django.utils.translation import gettext
from openpyxl import load_workbook

from anlan.assessment.documents.workbook import FIRST_LEAF, HEADER
from anlan.assessment.documents.workbook_words import LEVEL_SHEETS
from anlan.kernel.codes import Level

FIRST_ROW = HEADER + 2  # as a person counts


def sheet_of(level: Level) -> str:
    """Return the name of a level's sheet in the language of the test."""
    return gettext(LEVEL_SHEETS[level])


def answer_cell(unit: int, leaf: int) -> str:
    """Return the name of the cell of the n-th unit and n-th leaf of a sheet."""
    return f"{'ABCDEFGHIJKLMNOP'[FIRST_LEAF + leaf]}{FIRST_ROW + unit}"


def filled(content: bytes, sheet: str, cells: Mapping[str, object]) -> bytes:
    """Return the workbook with these cells typed over."""
    book = load_workbook(BytesIO(content))
    for cell, value in cells.items():
        book[sheet][cell] = value
    return saved(book)


def saved(book) -> bytes:
    """Return the book's bytes."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return the file with a part of the archive added or replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return out.getvalue()
