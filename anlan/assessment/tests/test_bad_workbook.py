import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from anlan.assessment.core import workbook_sheet
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.tests.workbook_cases import LIUXI, SCOPE, SYSTEM
from anlan.assessment.core.workbook_values import OFFLINE, Known, suggestions_of
from anlan.assessment.documents import workbook_file, workbook_read
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.documents.workbook_file import BadWorkbook
from anlan.assessment.documents.workbook_marks import marked_workbook
from anlan.assessment.documents.workbook_read import read_workbook
from anlan.assessment.documents.workbook_words import HIDDEN, PROBLEMS
from anlan.assessment.tests.workbook_files import answer_cell, filled, saved, sheet_of, with_part
from anlan.kernel.codes import Level

ANSWERS = {(LIUXI.code, "ORG-T-02"): Known(3, Entered(value=6))}
CONTENT = make_workbook(SCOPE, ANSWERS)
TOWNSHIP = Level.TOWNSHIP
TOWNSHIP_PART = "xl/worksheets/sheet3.xml"
MERGED_WHOLE = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def problems_after(cells, sheet=None):
    return read_workbook(filled(CONTENT, sheet or sheet_of(TOWNSHIP), cells), SCOPE).problems


def test_a_workbook_of_another_round_is_refused_by_name():
    reading = read_workbook(CONTENT, replace(SCOPE, token="18", round_name="2027年度摸底"))

    assert [problem.message for problem in reading.problems] == [workbook_read.OTHER_ROUND]
    assert reading.problems[0].values == {"found": "2026年度摸底", "expected": "2027年度摸底"}
    assert not reading.cells


def test_a_rounds_workbook_is_not_assessed_behind_the_systems_back():
    assert [problem.message for problem in read_workbook(CONTENT).problems] == [workbook_read.IN_A_ROUND]


def test_a_workbook_of_another_version_of_the_system_is_refused():
    other = replace(SYSTEM, own_share=0.4)

    assert read_workbook(CONTENT, replace(SCOPE, system=other)).problems[0].message == workbook_read.OTHER_SYSTEM


def test_a_workbook_made_for_another_department_is_refused():
    problem = read_workbook(CONTENT, replace(SCOPE, department="housing")).problems[0]

    assert problem.message == workbook_read.OTHER_DEPARTMENT


def test_a_renamed_sheet_is_named_and_accepting_the_closest_reads_it():
    book = load_workbook(BytesIO(CONTENT))
    name = sheet_of(TOWNSHIP)
    book[name].title = f"{name}2"
    problems = read_workbook(saved(book), SCOPE).problems

    reading = read_workbook(saved(book), SCOPE, accepted=suggestions_of(problems))

    assert [(one.sheet, one.message) for one in problems] == [(name, workbook_read.NO_SHEET)]
    assert not reading.problems
    assert reading.cells[0].sheet == f"{name}2"


def test_a_missing_sheet_is_named():
    book = load_workbook(BytesIO(CONTENT))
    del book[sheet_of(Level.VILLAGE)]

    problem = read_workbook(saved(book), SCOPE).problems[0]

    assert (problem.message, problem.values["sheet"]) == (workbook_read.NO_SHEET, sheet_of(Level.VILLAGE))


@pytest.mark.parametrize(
    ("typed", "message", "suggestion"),
    [
        ("12人", "no number", "12"),
        ("十二", "no number", "12"),
        (-2, "less than", "2"),
        (2.5, "no whole number", "2"),
        ("=1+1", "formula", None),
        ("#REF!", "no number", None),
        ("很多", "no number", None),
    ],
)
def test_a_bad_cell_is_told_with_sheet_cell_value_reason_and_suggestion(typed, message, suggestion):
    (problem,) = problems_after({answer_cell(0, 1): typed})

    assert (problem.sheet, problem.cell, problem.value) == (sheet_of(TOWNSHIP), answer_cell(0, 1), str(typed))
    assert message in problem.message
    assert problem.suggestion == suggestion


def test_accepting_a_suggestion_reads_it_in_place_of_what_was_typed():
    content = filled(CONTENT, sheet_of(TOWNSHIP), {answer_cell(0, 2): 37, answer_cell(0, 1): "１２"})
    problems = read_workbook(content, SCOPE).problems

    reading = read_workbook(content, SCOPE, accepted=suggestions_of(problems))

    assert [problem.suggestion for problem in problems] == ["37%"]
    assert [cell.entered.value for cell in reading.changes] == [12, 0.37]


def test_merged_cells_are_found_in_the_file():
    book = load_workbook(BytesIO(CONTENT))
    book[sheet_of(TOWNSHIP)].merge_cells("E9:E10")

    assert read_workbook(saved(book), SCOPE).problems[0].message == workbook_sheet.MERGED


def test_a_code_eaten_by_the_spreadsheet_is_told_and_guessed_by_name():
    (problem,) = problems_after({"A9": 9.999e11})

    assert (problem.cell, problem.suggestion) == ("A9", LIUXI.code)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (OLE, r"\.xls or \.et.*Save as"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"code,name\n1,2\n", "no .xlsx workbook"),
        (b"%PDF-1.7", "no .xlsx workbook"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (CONTENT[: len(CONTENT) // 2], "damaged"),
        (with_part(CONTENT, "xl/vbaProject.bin", b"macro"), "macros"),
        (with_part(CONTENT, "xl/workbook.bin", b"binary"), "xlsb"),
    ],
)
def test_a_file_that_is_no_xlsx_is_refused_with_what_to_do(content, message):
    with pytest.raises(BadWorkbook, match=message):
        read_workbook(content, SCOPE)


def test_a_document_that_is_no_workbook_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(BadWorkbook, match="no .xlsx workbook"):
        read_workbook(out.getvalue(), SCOPE)


def test_a_workbook_of_somebody_elses_is_refused():
    with pytest.raises(BadWorkbook, match="no survey workbook"):
        read_workbook(saved(Workbook()), SCOPE)


def test_a_workbook_whose_hidden_sheet_was_changed_is_refused():
    with pytest.raises(BadWorkbook, match="hidden sheet of this workbook was changed"):
        read_workbook(filled(CONTENT, HIDDEN, {"B4": "soon"}), SCOPE)


def test_a_file_of_two_hundred_megabytes_is_refused_by_its_size():
    with pytest.raises(BadWorkbook, match="has 200 MB; at most 20 MB"):
        workbook_file.check_size(200 * 1024 * 1024)


def test_a_zip_bomb_is_refused_before_anything_is_unpacked():
    bomb = with_part(CONTENT, "xl/worksheets/sheet9.xml", bytes(160 * 1024 * 1024))

    with pytest.raises(BadWorkbook, match="unpacks to 16. MB"):
        read_workbook(bomb, SCOPE)


def test_a_part_that_unpacks_two_hundred_times_is_refused():
    bomb = with_part(CONTENT, "xl/worksheets/sheet9.xml", bytes(60 * 1024 * 1024))

    assert len(bomb) * 200 < 60 * 1024 * 1024
    with pytest.raises(BadWorkbook, match="unpacks"):
        read_workbook(bomb, SCOPE)


def test_an_archive_inside_whose_xml_names_expand_is_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'

    with pytest.raises(BadWorkbook, match="damaged"):
        read_workbook(with_part(CONTENT, "xl/sharedStrings.xml", laughs), SCOPE)


def test_a_sheet_without_an_end_is_refused():
    part = _township_part(CONTENT)
    endless = re.sub(rb"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>', part[1])

    with pytest.raises(BadWorkbook, match="beyond row 20000"):
        read_workbook(with_part(CONTENT, part[0], endless), SCOPE)


def _township_part(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return TOWNSHIP_PART, archive.read(TOWNSHIP_PART)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_a_changed_byte_never_breaks_the_reader(place, change):
    content = bytearray(CONTENT)
    content[place] ^= change

    with suppress(BadWorkbook):
        read_workbook(bytes(content), SCOPE)


PARTS = [name for name in zipfile.ZipFile(BytesIO(CONTENT)).namelist() if name.endswith((".xml", ".rels"))]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PARTS), st.data())
def test_a_changed_part_never_breaks_reader_or_marker(name, data):
    part = bytearray(zipfile.ZipFile(BytesIO(CONTENT)).read(name))
    place = data.draw(st.integers(0, len(part) - 1))
    length, change = data.draw(st.integers(1, 9)), data.draw(st.binary(max_size=4) | st.sampled_from([b"9", b'"']))
    part[place : place + length] = change
    content = with_part(CONTENT, name, bytes(part))

    problems = ()
    with suppress(BadWorkbook):
        problems = read_workbook(content, SCOPE).problems

    assert marked_workbook(content, problems)


def marked(cells):
    content = filled(CONTENT, sheet_of(TOWNSHIP), cells)
    problems = read_workbook(content, SCOPE).problems
    return load_workbook(BytesIO(marked_workbook(content, problems))), problems


def test_the_marked_workbook_explains_each_bad_cell_where_it_stands():
    book, _ = marked({answer_cell(0, 1): "12人"})
    cell = book[sheet_of(TOWNSHIP)][answer_cell(0, 1)]

    assert cell.value == "12人"
    assert cell.fill.fgColor.rgb == "FFF4B8B0"
    assert "12" in cell.comment.text


def test_the_marked_workbook_lists_every_problem_first():
    book, problems = marked({answer_cell(0, 1): "12人", answer_cell(1, 0): "也许"})
    sheet = book.worksheets[0]

    assert sheet.title == gettext(PROBLEMS)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:4] for row in rows] == [
        [1, sheet_of(TOWNSHIP), answer_cell(0, 1), "12人"],
        [2, sheet_of(TOWNSHIP), answer_cell(1, 0), "也许"],
    ]
    assert rows[0][5] == "12"
    assert all(row[4] for row in rows)


def test_a_listed_text_that_looks_like_a_formula_stays_text():
    book, _ = marked({answer_cell(0, 1): "=cmd|'/c calc'!A1"})
    cell = book.worksheets[0]["D2"]

    assert (cell.value, cell.data_type) == ("=cmd|'/c calc'!A1", "s")


def test_a_marked_workbook_that_was_mended_is_accepted():
    book, _ = marked({answer_cell(0, 1): "12人"})
    book[sheet_of(TOWNSHIP)][answer_cell(0, 1)] = 12

    reading = read_workbook(saved(book), SCOPE)

    assert not reading.problems
    assert [(cell.entered.value, cell.base.version) for cell in reading.changes] == [(12, 3)]


def test_marking_again_keeps_one_list():
    book, _ = marked({answer_cell(0, 1): "12人"})
    content = saved(book)

    again = load_workbook(BytesIO(marked_workbook(content, read_workbook(content, SCOPE).problems)))

    assert [name for name in again.sheetnames if name.startswith(gettext(PROBLEMS))] == [gettext(PROBLEMS)]


def test_what_cannot_be_opened_comes_back_as_the_list_alone():
    book = load_workbook(BytesIO(marked_workbook(OLE, read_workbook(CONTENT, replace(SCOPE, token="18")).problems)))

    assert book.sheetnames == [gettext(PROBLEMS)]


def test_a_sheet_merged_from_end_to_end_is_listed_and_not_opened_whole():
    book = load_workbook(BytesIO(CONTENT))
    content = saved(book)
    name, part = _township_part(content)
    content = with_part(content, name, part.replace(b"</sheetData>", MERGED_WHOLE))

    problems = read_workbook(content, SCOPE).problems

    assert problems[0].message == workbook_sheet.MERGED
    assert load_workbook(BytesIO(marked_workbook(content, problems))).sheetnames == [gettext(PROBLEMS)]


def test_a_workbook_of_its_own_names_the_bad_division():
    content = make_workbook(replace(SCOPE, token=OFFLINE))

    problems = read_workbook(filled(content, gettext("Divisions"), {"E3": "七千人"})).problems

    assert [(one.cell, one.suggestion) for one in problems] == [("E3", "7000")]
