import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from anlan.assessment.documents.tables import BadTable, decode, read_table
from anlan.assessment.documents.workbook_file import BadWorkbook
from anlan.assessment.tests.workbook_files import saved

CHINESE = "名称,人口\n柳溪镇,7000\n石桥乡,5000\n"


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (CHINESE, "utf-8", "UTF-8"),
        (CHINESE, "utf-8-sig", "UTF-8"),
        (CHINESE, "utf-16", "UTF-16"),
        (CHINESE, "gb18030", "GB18030"),
        ("country,risk\nCôte d'Ivoire,5.9\nPerú,4.1\n", "latin-1", "Windows-1252"),
    ],
)
def test_a_table_is_read_in_its_encoding_which_is_told(text, encoding, told):
    decoded = decode(text.encode(encoding))

    assert (decoded.text, decoded.encoding) == (text, told)


def test_western_text_is_not_taken_for_chinese_though_gb18030_would_decode_it():
    content = "country,risk\nCôte d'Ivoire,5.9\n".encode("latin-1")
    content.decode("gb18030")

    assert decode(content).sample == "Côte d'Ivoire"


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_an_encoding_that_is_not_known_is_refused_with_what_to_do(encoding):
    with pytest.raises(BadTable, match="save it as CSV UTF-8"):
        decode("區劃,名稱\n柳溪鎮,臺灣東部".encode(encoding, errors="ignore"))


@given(st.text(st.sampled_from("柳溪镇石桥乡上湾村人口户数应急,\n0123abc")))
def test_common_chinese_survives_utf8_and_gb18030_alike(text):
    table = f"名称,人口\n{text}"  # a word or two alone can be good UTF-8 by chance

    assert decode(table.encode("utf-8")).text == table
    assert decode(table.encode("gb18030")).text == table


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content):
    try:
        table = read_table(content)
    except (BadTable, BadWorkbook):
        return
    assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_separate(delimiter):
    table = read_table(CHINESE.replace(",", delimiter).encode())

    assert table.columns == ("名称", "人口")
    assert table.rows == (("柳溪镇", "7000"), ("石桥乡", "5000"))


def test_the_first_sheet_of_a_workbook_is_a_table_too():
    book = Workbook()
    book.active.append(["name", "hazard"])
    book.active.append(["柳溪镇", 0.25])
    book.active.append([])

    table = read_table(saved(book))

    assert (table.encoding, table.rows) == ("xlsx", (("柳溪镇", "0.25"),))


def test_missing_is_none_and_text_in_a_number_is_told_with_its_cell():
    table = read_table("name,a\nP,1\n\nQ,x\nR,\nS,12 人\nT,37%\n".encode())

    numbers, problems = table.numbers("a")

    assert numbers == (1.0, None, None, None, 0.37)
    assert [(one.cell, one.value) for one in problems] == [("B6", "12 人")]


def test_a_unit_that_stands_twice_is_told():
    _, problems = read_table(b"name,a\nP,1\nQ,2\nP,3\n").names("name")

    assert [(one.cell, one.values["row"]) for one in problems] == [("A4", 2)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no rows"),
        (b"name,a\n", "no rows"),
        (b"name,a\nP,1,2\n", "row 2 has more cells"),
        (b"name,a,a\nP,1,2\n", "two columns are named a"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.xls or \.et"),
    ],
)
def test_what_is_no_table_is_refused(content, message):
    with pytest.raises((BadTable, BadWorkbook), match=message):
        read_table(content)


@pytest.mark.shared
def test_the_inform_table_is_western_and_whole(shared):
    table = read_table(next((shared / "inform").glob("*.csv")).read_bytes())

    assert table.encoding == "Windows-1252"
    assert "Côte d'Ivoire" in table.names("COUNTRY")[0]
    assert table.numbers("Natural")[1] == []
