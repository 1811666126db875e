from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.utils.translation import gettext, override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.tests.workbook_cases import CLOSES, LIUXI, SCOPE, SYSTEM, UNITS
from anlan.assessment.core.values import Kind
from anlan.assessment.core.workbook_values import OFFLINE, Known, same_entry
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.documents.workbook_read import read_workbook
from anlan.assessment.documents.workbook_words import HIDDEN
from anlan.assessment.tests.workbook_files import answer_cell, filled, sheet_of
from anlan.kernel.codes import Level

TOWNSHIPS = Level.TOWNSHIP
POSTS = (LIUXI.code, "ORG-T-02")
ANSWERS = {POSTS: Known(3, Entered(value=6)), (LIUXI.code, "PRO-T-02"): Known(1, Entered(day=date(2025, 3, 1)))}
OFFLINE_SCOPE = replace(SCOPE, token=OFFLINE)


def entries(leaf):
    numbers = {
        Kind.BOOLEAN: st.sampled_from([0.0, 1.0]),
        Kind.NUMBER: st.integers(0, 10**9).map(float),
        Kind.RATIO: st.floats(0, 1),
    }
    if leaf.kind is Kind.DATE:
        return st.dates(date(1980, 1, 1), CLOSES).map(lambda day: Entered(day=day))
    return numbers[leaf.kind].map(lambda value: Entered(value=value))


@st.composite
def answers(draw):
    keys = [(unit, leaf) for unit in UNITS for leaf in SYSTEM.at_level(unit.level)]
    chosen = draw(st.lists(st.sampled_from(keys), unique_by=lambda key: (key[0].code, key[1].code)))
    return {(unit.code, leaf.code): Known(draw(st.integers(1, 9)), draw(entries(leaf))) for unit, leaf in chosen}


@settings(max_examples=25, deadline=None)
@given(answers())
def test_a_workbook_gives_back_the_answers_it_was_made_with_and_none_of_them_is_a_change(known):
    reading = read_workbook(make_workbook(SCOPE, known), SCOPE)

    assert not reading.problems
    assert not reading.changes
    assert {cell.key: cell.base.version for cell in reading.cells} == {key: one.version for key, one in known.items()}
    assert all(same_entry(cell.entered, known[cell.key].entered) for cell in reading.cells)


@settings(max_examples=25, deadline=None)
@given(answers())
def test_a_workbook_of_its_own_gives_back_units_system_and_answers(known):
    reading = read_workbook(make_workbook(OFFLINE_SCOPE, known))

    assert not reading.problems
    assert reading.scope.units == UNITS
    assert reading.scope.system == SYSTEM
    assert reading.survey().closes_on == CLOSES
    assert set(reading.survey().answers) == set(known)


def test_what_somebody_typed_over_is_a_change_that_knows_its_base_version():
    typed = {answer_cell(0, 1): "8", answer_cell(1, 0): "有"}
    content = filled(make_workbook(SCOPE, ANSWERS), sheet_of(TOWNSHIPS), typed)

    changes = read_workbook(content, SCOPE).changes

    assert [(one.key, one.entered.value, one.base.version, one.cell) for one in changes] == [
        (POSTS, 8, 3, answer_cell(0, 1)),
        (("999901101000", "ORG-T-01"), 1, 0, answer_cell(1, 0)),
    ]


def test_emptying_a_cell_leaves_the_answer_and_qingkong_takes_it_away():
    typed = {answer_cell(0, 1): "清空", answer_cell(0, 3): None}
    content = filled(make_workbook(SCOPE, ANSWERS), sheet_of(TOWNSHIPS), typed)

    changes = read_workbook(content, SCOPE).changes

    assert [(one.leaf_code, one.is_cleared) for one in changes] == [("ORG-T-02", True)]


def test_a_workbook_made_in_english_is_read_in_chinese():
    with override("en"):
        content = make_workbook(OFFLINE_SCOPE, ANSWERS)
        assert "Township indicators" in load_workbook(BytesIO(content)).sheetnames

    with override("zh-hans"):
        reading = read_workbook(content)

    assert not reading.problems
    assert reading.scope.units == UNITS


def test_only_the_levels_of_its_units_get_a_sheet():
    content = make_workbook(replace(SCOPE, units=(LIUXI,)))

    names = load_workbook(BytesIO(content)).sheetnames

    assert sheet_of(Level.TOWNSHIP) in names
    assert sheet_of(Level.VILLAGE) not in names


def test_a_blank_workbook_has_every_level_and_rows_to_type_divisions_into():
    content = make_workbook(replace(OFFLINE_SCOPE, units=(), area=""))
    content = filled(content, gettext("Divisions"), {"A2": "999901100000", "B2": "柳溪镇", "E2": 7000})
    content = filled(content, sheet_of(TOWNSHIPS), {"A9": "999901100", "B9": "柳溪镇", answer_cell(0, 1): 6})

    reading = read_workbook(content)

    assert not reading.problems
    assert [(unit.name, unit.population) for unit in reading.scope.units] == [("柳溪镇", 7000)]
    assert [cell.key for cell in reading.cells] == [POSTS]


def test_codes_are_text_and_others_cells_are_locked():
    book = load_workbook(BytesIO(make_workbook(replace(SCOPE, department="emergency"), ANSWERS)))
    sheet = book[sheet_of(TOWNSHIPS)]

    assert (sheet["A9"].value, sheet["A9"].number_format) == ("999901100000", "@")
    assert sheet.protection.sheet
    assert sheet["A9"].protection.locked
    assert not sheet[answer_cell(0, 0)].protection.locked
    assert sheet[answer_cell(0, 2)].protection.locked  # housing's column
    assert sheet[answer_cell(0, 2)].fill.fgColor.rgb != sheet[answer_cell(0, 0)].fill.fgColor.rgb


def test_the_open_columns_and_no_others_are_validated_while_typing():
    book = load_workbook(BytesIO(make_workbook(replace(SCOPE, department="emergency"))))

    rules = book[sheet_of(TOWNSHIPS)].data_validations.dataValidation

    assert sorted(str(rule.sqref) for rule in rules) == ["D9:D10", "E9:E10", "G9:G10"]
    assert next(rule.formula1 for rule in rules if str(rule.sqref) == "D9:D10").endswith('清空"')
    assert "DATE(2026,10,31)" in next(rule.formula1 for rule in rules if str(rule.sqref) == "G9:G10")


def test_the_head_stays_in_view_and_the_pages_are_set_up():
    sheet = load_workbook(BytesIO(make_workbook(SCOPE)))[sheet_of(TOWNSHIPS)]

    assert sheet.freeze_panes == "D9"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$3:$8")


def test_the_hidden_sheet_cannot_be_shown_by_a_click():
    assert load_workbook(BytesIO(make_workbook(SCOPE)))[HIDDEN].sheet_state == "veryHidden"


def test_the_same_scope_gives_the_same_bytes():
    assert make_workbook(SCOPE, ANSWERS) == make_workbook(SCOPE, ANSWERS)


def test_a_name_that_looks_like_a_formula_stays_text():
    unit = replace(LIUXI, name="=HYPERLINK(1)")

    content = make_workbook(replace(SCOPE, units=(unit,)))

    assert load_workbook(BytesIO(content))[sheet_of(TOWNSHIPS)]["B9"].data_type == "s"


@pytest.mark.parametrize("department", [None, "emergency"])
def test_the_cover_says_what_for_and_how(department):
    cover = load_workbook(BytesIO(make_workbook(replace(SCOPE, department=department)))).worksheets[0]

    texts = {str(cell.value) for row in cover.iter_rows() for cell in row}

    assert {"2026年度摸底", "青岚县", "2026-10-31", "清空"} <= texts


def test_full_width_signs_of_a_system_survive_the_way_through_a_workbook():
    leaves = tuple(replace(leaf, measure_zh=f"{leaf.measure_zh}，按年（季）核对；") for leaf in SYSTEM.leaves)
    system = replace(SYSTEM, leaves=leaves)

    reading = read_workbook(make_workbook(replace(OFFLINE_SCOPE, system=system)))

    assert reading.scope.system == system
