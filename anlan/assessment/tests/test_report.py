import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from anlan.assessment.core.assess import assess
from anlan.assessment.core.values import Result
from anlan.assessment.documents.report import Report, make_report, make_reports
from anlan.assessment.tests.factories import COUNTY, flat, small_county, small_system, survey

TOWN = "999901100000"
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def found() -> Result:
    drawn = np.random.default_rng(7)

    def share(unit, asked):
        return None if drawn.random() < 0.05 else float(drawn.random())

    asked = survey(share, units=small_county(townships=9, villages=3))
    return assess(asked, small_system(), method="default", rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def county_report(found) -> Report:
    return make_report(found, COUNTY, issued_on=DAY, issuer="青岚县应急管理局", boundaries=squares(found))


def squares(found: Result) -> dict[str, dict]:
    """Each unit a square of its own, in a row."""
    return {
        result.unit.code: {"type": "Polygon", "coordinates": [[(x, 30), (x + 1, 30), (x + 1, 31), (x, 31), (x, 30)]]}
        for x, result in enumerate(found.units)
    }


def docx_text(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf_text(content: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return re.sub(r"\s", "", text)


def test_both_files_say_the_same(county_report):
    for text in (docx_text(county_report.docx), pdf_text(county_report.pdf)):
        assert "青岚县基层应急能力评估报告" in text
        assert "青岚县应急管理局" in text
        assert "2026年11月24日" in text
        for section in county_report.content.sections.values():
            assert re.sub(r"\s", "", section.heading) in re.sub(r"\s", "", text)
            for paragraph in section.paragraphs:
                assert re.sub(r"\s", "", paragraph.text)[:40] in re.sub(r"\s", "", text)


def test_the_same_result_gives_the_same_bytes(found, county_report):
    again = make_report(found, COUNTY, issued_on=DAY, issuer="青岚县应急管理局", boundaries=squares(found))

    assert again.docx == county_report.docx
    assert again.pdf == county_report.pdf


def test_two_processes_give_the_same_bytes_as_one(found):
    codes = [result.unit.code for result in found.units][:4]

    together = list(make_reports(found, codes, issued_on=DAY))

    assert [report.content.title for report in together][:2] == [
        "青岚县基层应急能力评估报告",
        "第1镇基层应急能力评估报告",
    ]
    assert together[1] == make_report(found, codes[1], issued_on=DAY)


def test_few_reports_are_made_here(found):
    report, *rest = make_reports(found, [TOWN], issued_on=DAY)

    assert rest == []
    assert report.content.issuer == "青岚县应急管理局"


def test_every_leaf_stands_in_the_appendix(county_report):
    appendix = "\n".join(cell for table in county_report.content.appendix_tables for row in table.rows for cell in row)

    assert all(leaf.code in appendix for leaf in small_system().leaves)


def test_a_chinese_report_has_no_english_left(county_report):
    text = docx_text(county_report.docx)
    codes = "|".join({leaf.code[:3] for leaf in small_system().leaves})

    english = re.findall(rf"\b(?!{codes}|SHA)[A-Za-z]{{3,}}\b", text)

    assert [word for word in english if not re.fullmatch(r"[0-9a-f]+", word)] == []


def test_an_english_report_reads_english(found):
    with translation.override("en"):
        report = make_report(found, TOWN, issued_on=DAY)

    assert "Assessment report of the grassroots emergency capability of 第1镇" in docx_text(report.docx)
    assert "2. Conclusion" in docx_text(report.docx)
    assert "Rescue team size" in docx_text(report.docx)


def test_with_boundaries_there_is_a_map_and_without_a_sentence(found, county_report):
    bare = make_report(found, COUNTY, issued_on=DAY)

    assert pictures(county_report.docx) == pictures(bare.docx) + 1
    assert "没有边界数据" in docx_text(bare.docx)
    assert "没有边界数据" in pdf_text(bare.pdf)
    assert "没有边界数据" not in docx_text(county_report.docx)


def pictures(content: bytes) -> int:
    with ZipFile(BytesIO(content)) as parts:
        return sum(name.startswith("word/media/") for name in parts.namelist())


def test_names_with_markup_characters_come_through(found):
    odd = replace(found.units[0], unit=replace(found.units[0].unit, name="青<岚>&县"))
    renamed = replace(found, units=(odd, *found.units[1:]))

    report = make_report(renamed, COUNTY, issued_on=DAY)

    assert "青<岚>&县基层应急能力评估报告" in docx_text(report.docx)
    assert "青<岚>&县基层应急能力评估报告" in pdf_text(report.pdf)


def test_table_heads_repeat_and_rows_stay_whole(county_report):
    tables = Document(BytesIO(county_report.docx)).tables

    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for table in tables for row in table.rows)


def test_pages_are_a4_and_numbered(county_report):
    pages = PdfReader(BytesIO(county_report.pdf)).pages

    assert all((round(page.mediabox.width), round(page.mediabox.height)) == (595, 842) for page in pages)
    assert all(f"— {number} —" in page.extract_text() for number, page in enumerate(pages, 1))


def test_a_village_alone_has_a_report():
    alone = tuple(unit for unit in small_county() if unit.code == "999901100201")
    found = assess(survey(flat(0.6), units=alone), small_system(), method="default", rng=np.random.default_rng(1))

    report = make_report(found, "999901100201", issued_on=DAY)

    assert report.content.tables["ranking"] is None
    assert "第1镇1村基层应急能力评估报告" in docx_text(report.docx)


def test_a_unit_without_answers_has_a_report(found):
    silent = assess(
        survey(lambda unit, asked: None if unit.code.startswith("999901100") else 0.7),
        small_system(),
        method="default",
        rng=np.random.default_rng(1),
    )

    report = make_report(silent, TOWN, issued_on=DAY)

    assert "无法评分" in docx_text(report.docx)


def test_a_stranger_has_no_report(found):
    with pytest.raises(ValueError, match="no unit 110000000000"):
        make_report(found, "110000000000", issued_on=DAY)
