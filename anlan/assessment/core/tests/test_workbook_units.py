import pytest

from anlan.assessment.core import workbook_units
from anlan.assessment.core.tests.workbook_cases import COUNTY, LIUXI, SHANGWAN
from anlan.assessment.core.values import Profile, Region
from anlan.assessment.core.workbook_units import Words, read_units
from anlan.assessment.core.workbook_values import SheetRows

HEADER = ("区划代码", "名称", "层级", "所属", "人口", "户数", "区域类型", "灾害类型")
WORDS = Words(
    labels=dict(zip(workbook_units.FIELDS, HEADER, strict=True)),
    regions={"山区": "mountain", "发达": "developed"},
    hazards={"山洪地质灾害": "mountain", "森林火灾": "forest_fire"},
)
COUNTY_ROW = ("999901000000", "青岚县", "县", None, 12_000, 4_000, "山区", "山洪地质灾害")
LIUXI_ROW = ("999901100000", "柳溪镇", "乡镇", "青岚县", "7,000", 2_300, None, None)
SHANGWAN_ROW = (999901100200.0, "上湾村", "村", "柳溪镇", 800, 260)


def read(*rows, header=HEADER):
    return read_units(SheetRows("单位信息", (header, *rows)), WORDS)


def only_problem(*rows, header=HEADER):
    _, problems = read(*rows, header=header)
    assert len(problems) == 1, problems
    return problems[0]


def test_units_are_read_with_what_weighs_and_classes_them():
    units, problems = read(COUNTY_ROW, LIUXI_ROW, SHANGWAN_ROW)

    assert not problems
    assert units == [COUNTY, LIUXI, SHANGWAN]


def test_hazards_may_be_separated_by_comma_space_or_chinese_comma():
    units, _ = read((*COUNTY_ROW[:6], "发达", "山洪地质灾害, 森林火灾 "))

    assert units[0].region is Region.DEVELOPED
    assert units[0].profiles == {Profile.MOUNTAIN, Profile.FOREST_FIRE}


@pytest.mark.parametrize(
    ("row", "cell", "message", "suggestion"),
    [
        (("9999011", "柳溪镇"), "A3", "has %(found)d digits", None),
        (("999900000000", "某市"), "A3", workbook_units.TOO_HIGH, None),
        (("999901000000", "青岚县"), "A3", "stood already", None),
        (("999901100000", ""), "B3", workbook_units.NO_NAME, None),
        (("999901100000", "柳溪镇", "", "", "约7000人"), "E3", "no number", "7000"),
        (("999901100000", "柳溪镇", "", "", -3), "E3", "less than", "3"),
        (("999901100000", "柳溪镇", "", "", 1, 1, "山地"), "G3", workbook_units.NO_SUCH_WORD, None),
        (("999901100000", "柳溪镇", "", "", 1, 1, "", "森林火险"), "H3", workbook_units.NO_SUCH_WORD, "森林火灾"),
        (("999901101200", "上湾村"), "A3", workbook_units.NO_PARENT, None),
        (("999902000000", "邻县"), "A3", workbook_units.TWO_ROOTS, None),
    ],
)
def test_a_bad_unit_is_told_with_its_cell(row, cell, message, suggestion):
    problem = only_problem(COUNTY_ROW, row)

    assert message in problem.message
    assert (problem.cell, problem.suggestion) == (cell, suggestion)


def test_a_renamed_column_is_named():
    problem = only_problem(COUNTY_ROW, header=("代码", *HEADER[1:]))

    assert (problem.values["label"], problem.cell, problem.suggestion) == ("区划代码", "A1", "区划代码")


def test_a_sheet_without_units_says_so():
    assert only_problem().message == workbook_units.NO_UNITS


def test_one_unit_alone_is_a_county_of_one():
    units, problems = read(("999901100000", "柳溪镇"))

    assert not problems
    assert units[0].parent_code is None
