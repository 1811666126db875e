from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core import workbook_sheet as sheets
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.tests.workbook_cases import ASKED, HEADER, LIUXI, SHIQIAO, township_sheet
from anlan.assessment.core.workbook_sheet import cell_name, cell_position, patched, read_level_sheet
from anlan.assessment.core.workbook_values import Known, suggestions_of

GOOD = ("999901100000", "柳溪镇", "青岚县", "是", 6, 0.5, date(2025, 3, 1))


def only_problem(sheet, asked=ASKED):
    cells, problems = read_level_sheet(sheet, asked)
    assert len(problems) == 1, problems
    return problems[0]


def test_each_answer_is_found_by_its_row_and_its_column():
    cells, problems = read_level_sheet(township_sheet(GOOD), ASKED)

    assert not problems
    assert [(cell.key, cell.entered, cell.cell) for cell in cells] == [
        (("999901100000", "ORG-T-01"), Entered(value=1), "D3"),
        (("999901100000", "ORG-T-02"), Entered(value=6), "E3"),
        (("999901100000", "PRO-T-06"), Entered(value=0.5), "F3"),
        (("999901100000", "PRO-T-02"), Entered(day=date(2025, 3, 1)), "G3"),
    ]


def test_columns_may_be_moved_and_stand_beside_remarks_of_ones_own():
    order = (5, 1, 0, 4, 3, 6)
    sheet = township_sheet(
        (*(GOOD[place] for place in order), "联系老王"), header=(*(HEADER[place] for place in order), "备注")
    )

    cells, problems = read_level_sheet(sheet, ASKED)

    assert not problems
    assert {cell.leaf_code: cell.cell for cell in cells}["PRO-T-06"] == "A3"


def test_a_blank_cell_leaves_the_answer_and_qingkong_clears_it():
    cells, problems = read_level_sheet(township_sheet((LIUXI.code, LIUXI.name, "", None, "清空", "  ", None)), ASKED)

    assert not problems
    assert [(cell.leaf_code, cell.is_cleared) for cell in cells] == [("ORG-T-02", True)]


def test_what_was_printed_and_left_alone_is_no_change():
    known = {(LIUXI.code, "ORG-T-02"): Known(3, Entered(value=6)), (LIUXI.code, "PRO-T-06"): Known(1)}
    asked = replace(ASKED, known=known)

    cells, _ = read_level_sheet(township_sheet(GOOD), asked)

    changed = {cell.leaf_code: cell.base.version for cell in cells if cell.is_changed}
    assert changed == {"ORG-T-01": 0, "PRO-T-06": 1, "PRO-T-02": 0}


@pytest.mark.parametrize(
    ("code", "name", "message", "suggestion"),
    [
        ("3.2058E+11", "柳溪镇", "spreadsheet turned into a number", LIUXI.code),
        (320580000000.0, "柳溪镇", "none of the divisions", LIUXI.code),
        ("99990110000", "柳溪镇", "has %(found)d digits", LIUXI.code),
        ("999901999000", "石桥", "none of the divisions", None),
        ("柳溪镇", "柳溪镇", "only digits", LIUXI.code),
        (None, "柳溪镇", "no division code", LIUXI.code),
        ("999901101000", "柳溪镇", "were mixed up", SHIQIAO.name),
    ],
)
def test_a_bad_code_is_explained_and_guessed_by_the_name(code, name, message, suggestion):
    problem = only_problem(township_sheet((code, name, "", "是", 6, 0.5, None)))

    assert message in problem.message
    assert problem.suggestion == suggestion


def test_an_expired_code_names_what_the_division_became():
    asked = replace(ASKED, expired={"999901102000": "柳溪镇"})

    problem = only_problem(township_sheet(("999901102000", "旧乡", "", "是", None, None, None)), asked)

    assert problem.message == sheets.EXPIRED_CODE
    assert problem.values["successor"] == "柳溪镇"


def test_a_unit_that_stands_twice_is_refused_where_it_stands_again():
    problem = only_problem(township_sheet(GOOD, GOOD))

    assert (problem.message, problem.cell, problem.values["row"]) == (sheets.TWICE, "A4", 3)


def test_a_renamed_column_is_named_and_the_closest_is_suggested():
    header = tuple("ORG-T-2" if title == "ORG-T-02" else title for title in HEADER)

    problem = only_problem(township_sheet(GOOD, header=header))

    assert problem.values["code"] == "ORG-T-02"
    assert (problem.cell, problem.value, problem.suggestion) == ("E2", "ORG-T-2", "ORG-T-02")


def test_a_missing_column_is_named():
    problem = only_problem(township_sheet(GOOD[:6], header=HEADER[:6]))

    assert (problem.message, problem.values["code"], problem.suggestion) == (sheets.NO_COLUMN, "PRO-T-02", None)


def test_a_column_that_stands_twice_is_refused():
    problem = only_problem(township_sheet((*GOOD, 7), header=(*HEADER, "ORG-T-02")))

    assert (problem.message, problem.cell) == (sheets.TWO_COLUMNS, "H2")


def test_a_renamed_code_column_is_found_by_likeness():
    problem = only_problem(township_sheet(GOOD, header=("区划编码", *HEADER[1:])))

    assert (problem.message, problem.cell, problem.suggestion) == (sheets.NO_CODES, "A2", "区划代码")


def test_a_sheet_without_the_row_of_codes_says_so():
    problem = only_problem(township_sheet(GOOD, header=("区划代码", "名称")))

    assert problem.message == sheets.NO_HEADER


def test_merged_cells_among_the_answers_are_refused_and_a_merged_title_is_not():
    problem = only_problem(township_sheet(GOOD, merged=("A1:G1", "E3:E4")))

    assert (problem.message, problem.cell, problem.values["range"]) == (sheets.MERGED, "E3", "E3:E4")


def test_nobody_changes_what_another_department_fills_in():
    asked = replace(ASKED, department="emergency", known={(LIUXI.code, "PRO-T-06"): Known(2, Entered(value=0.4))})

    problem = only_problem(township_sheet(GOOD), asked)

    assert (problem.message, problem.cell, problem.suggestion) == (sheets.NOT_YOURS, "F3", "0.4")


def test_another_departments_answer_left_alone_is_no_fault():
    asked = replace(ASKED, department="emergency", known={(LIUXI.code, "PRO-T-06"): Known(2, Entered(value=0.5))})

    cells, problems = read_level_sheet(township_sheet(GOOD), asked)

    assert not problems
    assert "PRO-T-06" not in {cell.leaf_code for cell in cells if cell.is_changed}


def test_every_accepted_suggestion_mends_its_cell():
    sheet = township_sheet(
        ("99990110000", "柳溪镇", "", "已设立", "12人", 37, "2025年3月"),
        header=tuple("ORG-T-2" if title == "ORG-T-02" else title for title in HEADER),
    )
    _, problems = read_level_sheet(sheet, ASKED)
    sheet = patched(sheet, suggestions_of(problems))
    _, problems = read_level_sheet(sheet, ASKED)

    cells, problems = read_level_sheet(patched(sheet, suggestions_of(problems)), ASKED)

    assert not problems
    assert [cell.entered for cell in cells] == [
        Entered(value=1),
        Entered(value=12),
        Entered(value=0.37),
        Entered(day=date(2025, 3, 1)),
    ]


@given(st.integers(0, 20_000), st.integers(0, 16_383))
def test_a_cells_name_and_its_place_are_one(row, column):
    assert cell_position(cell_name(row, column)) == (row, column)


@given(st.lists(st.lists(st.none() | st.text(max_size=6) | st.floats() | st.booleans(), max_size=8), max_size=5))
def test_whatever_stands_on_a_sheet_is_read_or_told(rows):
    read_level_sheet(township_sheet(*(tuple(row) for row in rows)), ASKED)
