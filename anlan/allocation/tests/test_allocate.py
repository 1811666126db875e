from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from anlan.accounts.tests.factories import alice
from anlan.allocation.tests.plan_county import county
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.tests.workbook_cases import CLOSES, SCOPE, SYSTEM, UNITS
from anlan.assessment.core.values import Kind, Leaf
from anlan.assessment.core.workbook_values import OFFLINE, Known
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.tests.workbook_files import answer_cell, filled, sheet_of
from anlan.kernel.codes import Level

OUT = "资源分配方案"


def half(leaf: Leaf) -> Entered:
    """Return an answer that leaves something to do."""
    if leaf.kind is Kind.BOOLEAN:
        return Entered(value=0.0)
    if leaf.kind is Kind.DATE:
        return Entered(day=date.fromordinal(CLOSES.toordinal() - round(leaf.target * 1.5)))
    ratio = 0.5 if leaf.direction == "positive" else 1.5
    return Entered(value=float(round(leaf.target * ratio)) if leaf.kind is Kind.NUMBER else min(leaf.target * ratio, 1))


@pytest.fixture
def workbook(tmp_path):
    known = {(unit.code, leaf.code): Known(1, half(leaf)) for unit in UNITS for leaf in SYSTEM.at_level(unit.level)}
    path = tmp_path / "摸底.xlsx"
    path.write_bytes(make_workbook(replace(SCOPE, token=OFFLINE), known))
    return path


def run(*args: object, **options: object) -> str:
    told = StringIO()
    call_command("allocate", *map(str, args), stdout=told, **options)
    return told.getvalue()


def test_a_workbook_and_a_budget_become_the_plan_s_documents_without_a_database(workbook, tmp_path):
    out = tmp_path / "out"

    told = run(workbook, budget="80000", out=out)

    assert sorted(path.name for path in out.iterdir()) == [f"{OUT}.docx", f"{OUT}.xlsx"]
    assert "与理论上界相差不超过" in told
    book = openpyxl.load_workbook(out / f"{OUT}.xlsx")
    rows = [row for row in book.worksheets[0].iter_rows(min_row=5, values_only=True) if row[0]]
    assert rows
    assert sum(row[11] + row[12] for row in rows) <= 80_000
    assert all(row[17] for row in rows)


def test_the_same_workbook_and_budget_give_the_same_bytes(workbook, tmp_path):
    for name in ("one", "two"):
        run(workbook, budget="80000", out=tmp_path / name)

    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"budget": "0"}, "预算为 0"),
        ({"budget": "-5"}, "-5.00"),
        ({"budget": "much"}, "much"),
        ({"budget": "1000", "weak_gain": 40.0}, "至少需要"),
        ({"budget": "1000", "years": 9}, "1 至 5 年"),
        ({"budget": "1000", "township_least": 300.0}, "300.0"),
    ],
)
def test_a_budget_or_floor_that_cannot_be_is_refused_and_nothing_is_written(workbook, tmp_path, options, words):
    out = tmp_path / "out"

    with pytest.raises(CommandError) as refused:
        run(workbook, out=out, **options)

    assert words in str(refused.value)
    assert not out.exists()


def test_a_workbook_with_a_bad_cell_comes_back_marked_and_nothing_else(workbook, tmp_path):
    out = tmp_path / "out"
    workbook.write_bytes(filled(workbook.read_bytes(), sheet_of(Level.TOWNSHIP), {answer_cell(0, 1): "很多"}))

    with pytest.raises(CommandError):
        run(workbook, budget="80000", out=out)

    assert [path.name for path in out.iterdir()] == ["errors.xlsx"]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.xlsx", budget="80000", out=tmp_path / "out")


@pytest.mark.django_db
def test_without_a_workbook_the_latest_assessment_is_planned(tmp_path):
    county(alice())

    told = run(budget="100000", out=tmp_path / "out")

    assert "柳溪镇" in told
    assert (tmp_path / "out" / f"{OUT}.docx").read_bytes()[:2] == b"PK"


@pytest.mark.django_db
def test_a_database_without_a_county_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match="县"):
        run(budget="100000", out=tmp_path / "out")


def test_the_papers_hold_text_that_looks_like_a_formula_as_text(workbook, tmp_path):
    run(workbook, budget="80000", out=tmp_path / "out")

    book = openpyxl.load_workbook(BytesIO((tmp_path / "out" / f"{OUT}.xlsx").read_bytes()))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows(min_row=5) for cell in row}
    assert "f" not in kinds
