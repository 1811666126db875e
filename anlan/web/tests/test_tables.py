"""Lists: sort, filter, page, columns, export, bulk: one declaration, two statements."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from anlan.web.models import Upload
from anlan.web.tables import Filter, Table
from anlan.web.tests.cast import NOON

pytestmark = pytest.mark.django_db


def keep(name: str, size: int = 1, **fields: Any) -> Upload:
    return Upload.objects.create(
        **{
            "purpose": "test",
            "name": name,
            "path": name,
            "sha256": name,
            "size": size,
            "actor_id": 1,
            "actor_name": "Alice",
            "created_at": NOON,
        }
        | fields
    )


def names(response: Any) -> list[str]:
    return [line.cells[0].content for line in response.context["table"].lines]


def test_rows_stand_in_the_tables_own_order(as_alice):
    for name in ("b", "c", "a"):
        keep(name)

    response = as_alice.get("/files/")

    assert names(response) == ["a", "b", "c"]
    assert "beside the table" in response.content.decode()


@pytest.mark.parametrize(("sort", "order"), [("size", ["b", "a", "c"]), ("-size", ["c", "a", "b"]), ("-name", "cba")])
def test_a_head_sorts_both_ways(as_alice, sort, order):
    keep("a", 20), keep("b", 10), keep("c", 30)

    response = as_alice.get("/files/", {"sort": sort})

    assert names(response) == list(order)
    direction = "descending" if sort.startswith("-") else "ascending"
    assert f'aria-sort="{direction}"' in response.content.decode()


def test_a_column_that_does_not_sort_leaves_the_order(as_alice):
    keep("b"), keep("a")

    assert names(as_alice.get("/files/", {"sort": "sender"})) == ["a", "b"]
    assert names(as_alice.get("/files/", {"sort": "actor_id"})) == ["a", "b"]


def test_a_sorted_head_offers_the_other_way_and_the_first_page(as_alice):
    for number in range(12):
        keep(f"{number:02}")

    content = as_alice.get("/files/", {"sort": "size", "page": 2}).content.decode()

    assert 'href="?sort=-size"' in content


def test_filters_narrow_by_choice_text_and_number(as_alice):
    keep("river", 5), keep("road", 50, state="discarded", settled_at=NOON), keep("roof", 500, actor_name="Bob")

    assert names(as_alice.get("/files/", {"state": "discarded"})) == ["road"]
    assert names(as_alice.get("/files/", {"name": "RO"})) == ["road", "roof"]
    assert names(as_alice.get("/files/", {"least": "50"})) == ["road", "roof"]
    assert names(as_alice.get("/files/", {"of": "Bob", "name": "ro"})) == ["roof"]


@pytest.mark.parametrize(
    "query", [{"least": "many"}, {"state": "burnt"}, {"name": "\x00"}, {"page": "x"}, {"page": "99"}]
)
def test_what_no_filter_understands_is_shown_as_wrong_and_narrows_nothing(as_alice, query):
    keep("river")

    response = as_alice.get("/files/", query)

    assert names(response) == ["river"]
    assert any(field.is_bad for field in response.context["table"].fields) == bool({"least", "state"} & set(query))


def test_a_long_list_has_pages_and_a_total(as_alice):
    for number in range(23):
        keep(f"{number:02}")

    response = as_alice.get("/files/", {"page": 3, "name": ""})

    assert names(response) == ["20", "21", "22"]
    assert "共 23 行" in response.content.decode()
    assert 'href="?page=2&amp;name="' in response.content.decode() or "page=2" in response.content.decode()


def test_two_statements_serve_a_page_of_any_size(as_alice, django_assert_num_queries):
    for number in range(10):
        keep(f"{number:02}")
    as_alice.get("/files/")

    with django_assert_num_queries(4):  # session, person, count, rows
        as_alice.get("/files/", {"state": "pending", "sort": "size"})


@pytest.mark.parametrize("query", ["columns=size,kept", "columns=size&columns=kept"])
def test_the_reader_chooses_the_columns(as_alice, query):
    keep("river")

    response = as_alice.get(f"/files/?{query}")

    assert [head.title for head in response.context["table"].heads] == ["Its size (MB)", "Its time"]
    assert "2026年11月23日 12:00" in response.content.decode()


def test_columns_that_do_not_exist_show_the_first_choice(as_alice):
    keep("river")

    response = as_alice.get("/files/?columns=nonsense")

    assert [head.title for head in response.context["table"].heads] == [
        "Its name",
        "Its size (MB)",
        "Its sender",
        "Its state",
    ]


def test_a_row_leads_to_its_page_and_a_cell_may_have_its_own_template(as_alice):
    row = keep("river", 1234)

    content = as_alice.get("/files/").content.decode()

    assert f'<a href="/files/{row.pk}/">river</a>' in content
    assert f"<i>pending {row.pk}</i>" in content
    assert '<td class="text-end">1,234</td>' in content


def test_names_are_escaped(as_alice):
    keep("<script>alert(1)</script>")

    assert "<script>alert" not in as_alice.get("/files/").content.decode()


def test_htmx_gets_only_the_table_and_history_the_whole_page(as_alice):
    keep("river")
    asked = {"HX-Request": "true", "HX-Target": "table-files"}

    part = as_alice.get("/files/", headers=asked).content.decode()
    whole = as_alice.get("/files/", headers=asked | {"HX-History-Restore-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div class="card table-card" id="table-files">')
    assert "<html" in whole


def test_an_empty_list_says_so_and_an_empty_filter_leads_back(as_alice):
    empty = as_alice.get("/files/").content.decode()
    keep("river")
    narrowed = as_alice.get("/files/", {"name": "sea", "sort": "size"}).content.decode()

    assert "这里还没有内容" in empty
    assert 'href="?sort=size"' in narrowed


def test_an_export_holds_what_is_shown_on_all_pages(as_alice):
    for number in range(12):
        keep(f"{number:02}", number + 1, created_at=NOON + timedelta(hours=number))
    keep("hidden", state="discarded", settled_at=NOON)

    response = as_alice.get("/files/?export=csv&state=pending&sort=-size&columns=name,size,kept")

    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0] == ["Its name", "Its size (MB)", "Its time"]
    assert [line[0] for line in lines[1:]] == [f"{number:02}" for number in range(11, -1, -1)]
    assert lines[1][1:] == ["12", "2026-11-23 23:00:00"]
    assert 'filename="kept-files.csv"' in response["Content-Disposition"]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_comes_back_as_text(as_alice, formula):
    keep(formula)

    text = as_alice.get("/files/?export=csv").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(as_alice.get("/files/?export=xlsx").content))

    assert list(csv.reader(io.StringIO(text)))[1][0] == f"'{formula}"
    cell = book.active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", formula, True)


def test_numbers_and_times_of_a_workbook_stay_numbers_and_times(as_alice):
    keep("river", 1234)

    book = load_workbook(io.BytesIO(as_alice.get("/files/?export=xlsx&columns=size,kept").content))

    assert book.active["A2"].value == 1234
    assert book.active["B2"].value.isoformat() == "2026-11-23T12:00:00"
    assert book.active.freeze_panes == "A2"
    assert book.active.auto_filter.ref == "A1:B2"


def test_a_bulk_action_gets_the_chosen_rows(as_alice):
    row = keep("river")

    content = as_alice.get("/files/").content.decode()
    answer = as_alice.post("/drop/", {"chosen": [row.pk, "x"]})

    assert 'formaction="/drop/"' in content
    assert f'name="chosen" value="{row.pk}"' in content
    assert answer.content.decode() == f"[{row.pk}]"


def test_a_bulk_action_without_a_row_is_refused(as_alice):
    answer = as_alice.post("/drop/", {})

    assert answer.status_code == 409
    assert "请先选择至少一行" in answer.content.decode()


def test_filters_may_not_take_the_tables_own_words():
    with pytest.raises(ValueError, match="reserved names: page"):
        Table("x", (), filters=(Filter("page", "Page", "page"),))
