"""The scores and the needs list as workbooks."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from anlan.assessment.core.assess import assess
from anlan.assessment.core.values import Result
from anlan.assessment.documents.needs import make_needs_workbook
from anlan.assessment.documents.scores import make_scores_workbook
from anlan.assessment.tests.factories import COUNTY, small_county, small_system, survey

TOWN = "999901100000"


@pytest.fixture(scope="module")
def found() -> Result:
    def share(unit, asked):
        return None if (unit.code, asked.code) == (TOWN, "ORG-T-01") else 0.3 + 0.07 * (len(asked.code + unit.name) % 8)

    return assess(survey(share, units=small_county()), small_system(), method="default", rng=np.random.default_rng(1))


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def column(sheet, head: int, title: str) -> list:
    titles = [cell.value for cell in sheet[head]]
    return [row[titles.index(title)] for row in sheet.iter_rows(min_row=head + 1, values_only=True)]


def test_the_needs_list_has_every_need_with_its_price(found):
    sheet = opened(make_needs_workbook(found))["帮扶需求"]

    assert column(sheet, 4, "优先序") == sorted(need.priority for need in found.needs)
    assert sum(column(sheet, 4, "估算费用（元）")) == pytest.approx(sum(need.cost_fen for need in found.needs) / 100)
    assert set(column(sheet, 4, "单位")) == {need.unit_name for need in found.needs}


def test_totals_by_township_and_dimension_equal_the_list(found):
    book = opened(make_needs_workbook(found))
    whole = sum(need.cost_fen for need in found.needs) / 100

    assert sum(column(book["按乡镇汇总"], 4, "估算费用（元）")) == pytest.approx(whole)
    assert sum(column(book["按维度汇总"], 4, "估算费用（元）")) == pytest.approx(whole)
    assert sum(column(book["按乡镇汇总"], 4, "帮扶需求")) == len(found.needs)


def test_the_sum_above_the_list_follows_the_filter(found):
    sheet = opened(make_needs_workbook(found))["帮扶需求"]

    assert "SUBTOTAL(109," in str([cell.value for cell in sheet[3]])


@pytest.mark.parametrize("make", [make_needs_workbook, make_scores_workbook])
def test_sheets_are_frozen_filtered_and_ready_to_print(found, make):
    for sheet in opened(make(found)):
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9


@pytest.mark.parametrize("make", [make_needs_workbook, make_scores_workbook])
def test_the_same_result_gives_the_same_bytes(found, make):
    assert make(found) == make(found)


@pytest.mark.parametrize("make", [make_needs_workbook, make_scores_workbook])
def test_a_name_that_looks_like_a_formula_stays_text(found, make):
    danger = '=HYPERLINK("http://x","y")'
    units = tuple(replace(unit, unit=replace(unit.unit, name=danger)) for unit in found.units)
    needs = tuple(replace(need, unit_name=danger) for need in found.needs)

    cells = [cell for sheet in opened(make(replace(found, units=units, needs=needs))) for row in sheet for cell in row]

    assert {cell.data_type for cell in cells if cell.value == danger} == {"s"}


def test_rankings_come_with_bounds_and_rank_interval(found):
    sheet = opened(make_scores_workbook(found))["乡镇"]

    assert column(sheet, 3, "位次") == [1, 2, 2]  # equal scores share a rank
    lower, score, upper = (column(sheet, 3, title) for title in ("得分下限", "得分", "得分上限"))
    assert all(low <= middle + 1e-9 <= high + 2e-9 for low, middle, high in zip(lower, score, upper, strict=True))


def test_every_leaf_of_every_unit_is_listed_and_the_missing_apart(found):
    book = opened(make_scores_workbook(found))

    assert len(column(book["指标得分"], 3, "编码")) == sum(len(unit.leaves) for unit in found.units)
    assert column(book["缺失数据"], 3, "编码") == ["ORG-T-01"]
    assert column(book["缺失数据"], 3, "区划代码") == [TOWN]


def test_the_method_names_the_hashes(found):
    cells = [cell.value for row in opened(make_scores_workbook(found))["方法"] for cell in row]

    assert found.input_sha256 in cells
    assert found.system_sha256 in cells


def test_a_county_without_needs_still_has_a_list(found):
    book = opened(make_needs_workbook(replace(found, needs=())))

    assert COUNTY not in [cell.value for row in book["帮扶需求"] for cell in row]
    assert column(book["按维度汇总"], 4, "费用占比") == [0, 0, 0, 0, 0]
