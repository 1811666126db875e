"""The workbook on the web: prefilled down, previewed up, mended by a click, taken over all or none."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob
from anlan.assessment.models import Answer
from anlan.assessment.tests.county import (
    NEXT_VILLAGE,
    SECOND_VILLAGE,
    VILLAGE,
    answer,
    county,
    neighbour,
    opened,
    ready,
    say,
    water_officer,
)
from anlan.web.models import Upload

pytestmark = pytest.mark.django_db
VILLAGES = "村级指标"
FIRST_ROW = 9


def download(client, row, code=TOWNSHIP, department=""):
    query = f"?department={department}" if department else ""
    got = client.get(reverse("survey-workbook-file", args=[row.pk, code]) + query)
    assert got.status_code == 200
    return load_workbook(io.BytesIO(got.content))


def cell(book, unit, leaf, sheet=VILLAGES):
    """Return the cell of a unit's leaf."""
    rows = book[sheet]
    column = next(cell.column for cell in rows[8] if cell.value == leaf)
    line = next(cell.row for cell in rows["A"] if cell.value == unit)
    return rows.cell(line, column)


def content_of(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, row, content, code=TOWNSHIP, name="表.xlsx"):
    if not isinstance(content, bytes):
        content = content_of(content)
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("survey-workbook-upload", args=[row.pk, code]), {"file": file})


def preview(client, got):
    assert got.status_code == 302, got.content.decode()[:2000]
    return client.get(got["Location"])


def commit(client, got, **choices):
    return client.post(f"{got['Location']}commit/", choices)


@pytest.fixture
def officer(client):
    found = bob()
    client.force_login(found)
    return found


def test_the_workbook_comes_prefilled_with_others_cells_locked(client, officer):
    row = ready()
    say(officer, row, VILLAGE, "CAP-V-01", 12)

    book = download(client, row, department="emergency")

    assert cell(book, VILLAGE, "CAP-V-01").value == 12
    assert not cell(book, VILLAGE, "CAP-V-01").protection.locked
    assert cell(book, VILLAGE, "PRO-V-05").protection.locked
    assert NEXT_VILLAGE not in [found.value for found in book[VILLAGES]["A"]]


def test_what_was_filled_in_is_shown_first_and_then_taken_over(client, officer):
    row = ready()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    cell(book, SECOND_VILLAGE, "ORG-V-01").value = "有"

    sent = send(client, row, book)
    seen = preview(client, sent)

    assert len(seen.context["found"].changes) == 2
    assert not Answer.objects.exists()
    assert commit(client, sent).status_code == 302
    assert answer(row, VILLAGE, "CAP-V-01").value == 12
    assert answer(row, SECOND_VILLAGE, "ORG-V-01").way == "workbook"


def test_a_blank_leaves_an_answer_and_only_the_word_for_clear_takes_it_away(client, officer):
    row = ready()
    say(officer, row, VILLAGE, "CAP-V-01", 12)
    say(officer, row, VILLAGE, "CAP-V-02", 2)
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = None
    cell(book, VILLAGE, "CAP-V-02").value = "清空"

    commit(client, send(client, row, book))

    assert answer(row, VILLAGE, "CAP-V-01").value == 12
    assert answer(row, VILLAGE, "CAP-V-02").value is None


def test_one_bad_cell_keeps_everything_back_until_its_suggestion_is_accepted(client, officer):
    row = ready()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    bad = cell(book, VILLAGE, "CAP-V-05")
    bad.value = 37
    sent = send(client, row, book)

    problem = preview(client, sent).context["found"].problems[0]
    assert (problem.sheet, problem.cell, problem.value, problem.suggestion) == (VILLAGES, bad.coordinate, "37", "37%")
    assert commit(client, sent).status_code == 409
    assert not Answer.objects.exists()

    client.post(f"{sent['Location']}accept/", {"place": f"{VILLAGES}!{bad.coordinate}"})

    assert commit(client, sent).status_code == 302
    assert answer(row, VILLAGE, "CAP-V-05").value == 0.37


def test_all_suggestions_are_accepted_at_once(client, officer):
    row = ready()
    book = download(client, row)
    for unit in (VILLAGE, SECOND_VILLAGE):
        cell(book, unit, "CAP-V-05").value = 37
        cell(book, unit, "CAP-V-01").value = "十二人"
    sent = send(client, row, book)

    client.post(f"{sent['Location']}accept/", {"all": "1"})

    assert preview(client, sent).context["found"].problems == ()
    assert commit(client, sent).status_code == 302
    assert Answer.objects.count() == 4


def test_the_marked_workbook_can_be_downloaded_mended_and_sent_again(client, officer):
    row = ready()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-05").value = 37
    sent = send(client, row, book)

    marked = load_workbook(io.BytesIO(client.get(f"{sent['Location']}marked/").content))

    assert marked.sheetnames[0] == "问题清单"
    assert cell(marked, VILLAGE, "CAP-V-05").comment
    cell(marked, VILLAGE, "CAP-V-05").value = 0.37
    again = send(client, row, marked)
    assert preview(client, again).context["found"].problems == ()


@pytest.mark.parametrize(("side", "kept"), [("mine", 12), ("theirs", 20)])
def test_a_cell_changed_on_both_sides_waits_for_a_choice(client, officer, side, kept):
    row = ready()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    cell(book, VILLAGE, "CAP-V-02").value = 2
    say(alice(), row, VILLAGE, "CAP-V-01", 20)
    sent = send(client, row, book)

    clash = preview(client, sent).context["found"].conflicts[0][0]
    assert (clash.typed.entered.value, clash.current.entered.value) == (12, 20)
    assert commit(client, sent).status_code == 409
    assert not Answer.objects.filter(leaf__code="CAP-V-02").exists()

    name = f"choice:{VILLAGE}:CAP-V-01"
    assert commit(client, sent, **{name: f"{side}:{clash.current.version}"}).status_code == 302
    assert answer(row, VILLAGE, "CAP-V-01").value == kept
    assert answer(row, VILLAGE, "CAP-V-02").value == 2


def test_a_choice_made_against_an_older_value_is_asked_again(client, officer):
    row, analyst = ready(), alice()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    say(analyst, row, VILLAGE, "CAP-V-01", 20)
    sent = send(client, row, book)
    say(analyst, row, VILLAGE, "CAP-V-01", 21)

    got = commit(client, sent, **{f"choice:{VILLAGE}:CAP-V-01": "mine:1"})

    assert got.status_code == 409
    assert answer(row, VILLAGE, "CAP-V-01").value == 21


def test_two_departments_return_one_workbook_and_neither_undoes_the_other(client, officer):
    row, water = ready(), water_officer()
    whole = content_of(download(client, row))
    mine, theirs = load_workbook(io.BytesIO(whole)), load_workbook(io.BytesIO(whole))
    cell(mine, VILLAGE, "CAP-V-01").value = 12
    cell(theirs, VILLAGE, "PRO-V-05").value = 0.9
    commit(client, send(client, row, mine))

    client.force_login(water)
    commit(client, send(client, row, theirs))

    assert answer(row, VILLAGE, "CAP-V-01").author_ids == [officer.pk]
    assert answer(row, VILLAGE, "PRO-V-05").author_ids == [water.pk]


def test_a_department_s_change_in_another_s_column_is_a_problem_of_that_cell(client):
    row, water = ready(), water_officer()
    client.force_login(alice())
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    client.force_login(water)

    found = preview(client, send(client, row, book)).context["found"]

    assert [problem.cell for problem in found.problems] == [cell(book, VILLAGE, "CAP-V-01").coordinate]


def test_a_workbook_of_another_round_is_refused(client, officer):
    county()
    first, second = opened(name="春季"), opened(name="秋季")

    found = preview(client, send(client, second, download(client, first))).context["found"]

    assert len(found.problems) == 1
    assert "春季" in str(found.problems[0].values)


def test_the_county_s_analyst_gets_everything_in_one_workbook(client):
    row = ready()
    client.force_login(alice())

    book = download(client, row, COUNTY)

    assert {VILLAGE, NEXT_VILLAGE} <= {found.value for found in book[VILLAGES]["A"]}
    assert "县级指标" in book.sheetnames


def spoiled(book, change) -> bytes:
    change(book)
    return content_of(book)


def merge_cells(book):
    book[VILLAGES].merge_cells("D9:E9")


def rename_sheet(book):
    book[VILLAGES].title = "村级"


def rename_column(book):
    cell_of_header(book, "CAP-V-01").value = "CAP-V-1"


def cell_of_header(book, text):
    return next(found for found in book[VILLAGES][8] if found.value == text)


def put_code(text):
    return lambda book: setattr(book[VILLAGES].cell(FIRST_ROW, 1), "value", text)


def put(leaf, value):
    return lambda book: setattr(cell(book, VILLAGE, leaf), "value", value)


@pytest.mark.parametrize(
    "change",
    [
        merge_cells,
        rename_sheet,
        rename_column,
        put_code("99990110120"),
        put_code("3.2058E+11"),
        put_code("999901199201"),
        put_code(SECOND_VILLAGE),
        put("CAP-V-01", "很多"),
        put("CAP-V-01", -1),
        put("CAP-V-05", 37),
        put("CAP-V-01", "=1+1"),
        put("PRO-V-01", "2027-05-01"),
    ],
)
def test_what_cannot_be_read_keeps_the_whole_workbook_back(client, officer, change):
    row = ready()
    book = download(client, row)
    cell(book, SECOND_VILLAGE, "CAP-V-02").value = 2
    sent = send(client, row, spoiled(book, change))

    assert preview(client, sent).context["found"].problems
    assert commit(client, sent).status_code == 409
    assert not Answer.objects.exists()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return out.getvalue()


def with_macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/vbaProject.bin", b"x" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("旧.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("宏.xlsm", b"PK", ".xlsx"),
        ("宏.xlsx", with_macros(), "宏"),
        ("炸.xlsx", bomb(), "MB"),
        ("空.xlsx", b"", ""),
        ("坏.xlsx", b"PK\x03\x04broken", ""),
        ("大.xlsx", b"PK\x03\x04" + b"\0" * (21 * 1024 * 1024), "MB"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_on_the_page_and_not_kept(client, officer, name, content, told):
    row = ready()

    got = send(client, row, content, name=name)

    assert got.status_code == 422
    assert "invalid-feedback" in got.content.decode()
    assert told in got.content.decode()
    assert not Upload.objects.exists()


def test_an_upload_is_its_sender_s_alone_and_taken_over_once(client, officer):
    row = ready()
    book = download(client, row)
    cell(book, VILLAGE, "CAP-V-01").value = 12
    sent = send(client, row, book)
    assert commit(client, sent).status_code == 302

    assert commit(client, sent).status_code == 409
    client.force_login(neighbour())
    assert client.get(sent["Location"]).status_code == 404
