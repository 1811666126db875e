import pytest

from anlan.places.core.csv_rows import BadFile, read_divisions
from anlan.places.core.texts import BadText
from anlan.places.core.values import DivisionRow

HEAD = "code,name,population,households"
COUNTY_LINE = "999901000000,青岚县,4000,1200"


def read(*lines: str, encoding: str = "utf-8"):
    return read_divisions("\r\n".join(lines).encode(encoding))


def problems(*lines: str) -> list[tuple[int, str, str, str]]:
    return [
        (one.row, one.column, one.value, one.message % one.values if one.values else one.message)
        for one in read(*lines).problems
    ]


def test_a_row_is_read_with_its_facts():
    file = read(
        "区划代码,名称,人口,面积,地形,城乡分类,区域类型,灾害特征,经度,纬度",
        '999901101201,柳溪村,"1,500",12.5,丘陵,220,山区,山洪、地震,109.05,28.1',
    )

    assert file.problems == ()
    assert file.rows[2] == DivisionRow(
        "999901101201",
        "柳溪村",
        1500,
        None,
        12.5,
        "hill",
        "220",
        "mountain",
        ("mountain", "earthquake"),
        seat=(109.05, 28.1),
    )


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("gbk", "GB18030")]
)
def test_the_encoding_is_told(encoding, told):
    file = read(HEAD, COUNTY_LINE, encoding=encoding)

    assert file.encoding == told
    assert file.rows[2].name == "青岚县"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("code,name\n999901000000,青嵐縣柳溪鄉楓渡鎮蘆塘村竹塢", "big5"),
        ("code,name\n999901000000,Pré-en-Pail été à Bèze", "latin-1"),
        ("code,name\n999901000000,青岚县", "utf-16"),
        ("code,name\n999901000000,カタカナ東京渋谷区", "shift-jis"),
    ],
)
def test_a_wrong_encoding_is_refused(text, encoding):
    with pytest.raises(BadText, match="save it as CSV UTF-8"):
        read_divisions(text.encode(encoding))


@pytest.mark.parametrize(
    ("line", "column", "value", "reason"),
    [
        ("3.2058E+11,张家港,1,1", "code", "3.2058E+11", "turned into a number"),
        ("99990110120,柳溪村,1,1", "code", "99990110120", "has 11 digits"),
        ("甲乙,柳溪村,1,1", "code", "甲乙", "only digits are allowed"),
        (",柳溪村,1,1", "code", "", "only digits are allowed"),
        ("999901000000,青岚县,many,1", "population", "many", "no number"),
        ("999901000000,青岚县,12.5,1", "population", "12.5", "no number"),
        ("999901000000,青岚县,inf,1", "population", "inf", "no number"),
        ("999901000000,青岚县,1,99999999999", "households", "99999999999", "no number"),
    ],
)
def test_a_bad_cell_is_told_with_row_column_value_and_reason(line, column, value, reason):
    [(row, found_column, found_value, found_reason)] = problems(HEAD, COUNTY_LINE, line)

    assert (row, found_column, found_value) == (3, column, value)
    assert reason in found_reason


@pytest.mark.parametrize(
    ("head", "cell", "reason"),
    [
        ("level", "hamlet", "is not one of: "),
        ("level", "village", "the code is of another level"),
        ("parent_code", "999902000000", "by its code it lies in 999901000000"),
        ("landform", "lake", "is not one of: "),
        ("region_type", "rich", "is not one of: "),
        ("hazards", "meteor", "is not one of: "),
    ],
)
def test_a_word_that_cannot_be_is_told(head, cell, reason):
    [(row, column, value, found_reason)] = problems(f"code,name,{head}", f"999901101000,柳溪镇,{cell}")

    assert (row, column, value) == (2, head, cell)
    assert found_reason.startswith(reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "code, name is missing"),
        ("区划,名字\n1,2".encode(), "code, name is missing"),
        (b"code,name\n", "has 0 rows"),
        (b"code,code12,name\n1,1,x", "code is there twice"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content, reason):
    with pytest.raises(BadFile, match=reason):
        read_divisions(content)


def test_columns_that_are_not_known_are_told():
    assert read("code,name,mayor", "999901000000,青岚县,王").unknown_columns == ("mayor",)


def test_empty_lines_are_left_out():
    assert list(read(HEAD, COUNTY_LINE, "", ",,,").rows) == [2]
