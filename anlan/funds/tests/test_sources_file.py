"""Sources of money by Excel, both ways."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anlan.accounts.tests.factories import COUNTY, NOON, alice
from anlan.funds import actions, queries
from anlan.funds.core.values import NewEarmark
from anlan.funds.documents.sources_file import FIELDS, sources_workbook
from anlan.funds.models import Source
from anlan.funds.tests.factories import MILLION_FEN, SOURCE, frank, source
from anlan.web.row_books import FaultyRows, rows_workbook

pytestmark = pytest.mark.django_db
ROW = {"name": "县级预算", "year": 2026, "given_by": "county", "amount": 1000.5, "account_code": "2240109"}


@pytest.fixture
def as_frank(client):
    client.force_login(frank())
    return client


def book(*rows: dict) -> bytes:
    return rows_workbook(FIELDS, rows)


def send(client, content: bytes):
    return client.post(reverse("sources-file"), {"file": SimpleUploadedFile("sources.xlsx", content)})


def bring_in(*rows: dict) -> tuple[int, int]:
    return actions.bring_in_sources(actor=None, county_code=COUNTY, content=book(*rows), at=NOON)


def test_what_is_on_record_taken_over_again_changes_nothing(as_frank):
    source(None, NewEarmark(dimensions=("materials",)))
    content = as_frank.get(reverse("sources-workbook")).content

    assert send(as_frank, content).status_code == 302
    row = Source.objects.get()
    assert (row.version, row.amount_fen, row.received_on) == (1, 3 * MILLION_FEN, date(2026, 4, 10))


def test_a_known_source_is_corrected_and_keeps_its_purposes_any_other_is_recorded():
    known = source(None, NewEarmark(dimensions=("materials",)))
    facts = queries.sources_of(COUNTY, [2026])[0]
    changed = sources_workbook([replace(facts, amount_fen=MILLION_FEN)])

    assert actions.bring_in_sources(actor=None, county_code=COUNTY, content=changed, at=NOON) == (0, 1)
    assert bring_in(ROW) == (1, 0)
    known.refresh_from_db()
    assert (known.amount_fen, known.earmarks.count()) == (MILLION_FEN, 1)
    assert Source.objects.get(name="县级预算").amount_fen == 100_050


def test_withdrawn_money_is_not_in_the_workbook():
    row = source()
    actions.withdraw_source(actor=frank(), source_id=row.pk, expected_version=1, reason="收回", at=NOON)

    assert queries.standing_for(alice()) == []


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"amount": -1}, "Amount (yuan)"), ({"year": 1900}, "Year"), ({"account_code": "22"}, "Budget account")],
)
def test_one_faulty_row_takes_nothing_over(changes, column):
    with pytest.raises(FaultyRows) as refused:
        bring_in(ROW, ROW | {"name": "别的"} | changes)

    assert [(fault.row, fault.column) for fault in refused.value.rows] == [(3, column)]
    assert not Source.objects.exists()


def test_the_same_source_twice_in_a_file_is_refused():
    with pytest.raises(FaultyRows) as refused:
        bring_in(ROW, ROW | {"amount": 5})

    assert [(fault.row, fault.values) for fault in refused.value.rows] == [(3, {"row": 2})]


def test_the_page_lists_the_rows_to_mend(as_frank):
    response = send(as_frank, book(ROW | {"year": 1900}))

    assert response.status_code == 422
    assert "1900" in response.content.decode()
    assert not Source.objects.exists()


def test_what_is_no_workbook_is_refused_at_the_field(as_frank):
    response = send(as_frank, b"no book")

    assert response.status_code == 422
    assert 'id="id_file_error"' in response.content.decode()


def test_whoever_only_reads_brings_nothing_in(client):
    client.force_login(alice())

    assert client.get(reverse("sources-file")).status_code == 404
    assert client.get(reverse("sources-workbook")).status_code == 200


def test_the_workbook_s_columns_are_the_source_s_fields():
    names = {column.name for column in FIELDS} - {"amount"} | {"amount_fen", "county_code"}

    assert names == set(SOURCE.__slots__)
