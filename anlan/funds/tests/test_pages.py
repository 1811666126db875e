"""Pages of the money: who sees and changes it, what is told of it, what is refused in words."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.queries import person_called
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, NOON, TOWNSHIP, alice, bob, carol, post
from anlan.funds import queries
from anlan.funds.actions import withdraw_source
from anlan.funds.core.spending import SPENDINGS, Spending
from anlan.funds.core.values import NewEarmark
from anlan.funds.models import Source
from anlan.funds.panels import open_source
from anlan.funds.tests.factories import MILLION_FEN, frank, source
from anlan.places.actions import DivisionRow, load_divisions
from anlan.places.tests.factories import SINCE

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "县级预算",
    "given_by": "county",
    "year": "2026",
    "amount": "1200000.50",
    "received_on": "2026-03-01",
    "document_number": "青财预〔2026〕3号",
    "account_code": "2240109",
}


@pytest.fixture(autouse=True)
def county():
    rows = [DivisionRow(COUNTY, "青岚县"), DivisionRow(TOWNSHIP, "柳溪镇")]
    load_divisions(actor=None, rows=rows, valid_from=SINCE, at=NOON)


@pytest.fixture
def as_frank(client):
    client.force_login(frank())
    return client


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


@pytest.fixture
def half_spent() -> Iterator[None]:
    """A context above that has given out half a million of every source."""
    spending = Spending("test", "test", lambda ids: dict.fromkeys(ids, MILLION_FEN // 2))
    SPENDINGS.register(spending)
    yield
    SPENDINGS._entries.remove(spending)


def text_of(response) -> str:
    return response.content.decode()


def changing(row: Source) -> list[str]:
    names = ("source-edit", "source-bind", "source-withdraw")
    return [reverse(name, args=[row.pk]) for name in names]


def test_the_list_tells_the_sums_of_each_year(as_alice):
    source()
    source(name="省级专项", received_on=None, amount_fen=MILLION_FEN)

    shown = text_of(as_alice.get(reverse("sources")))

    assert "400.00" in shown
    assert "300.00" in shown
    assert "省级专项" in shown


def test_what_a_plan_took_is_not_left(as_alice, half_spent):
    row = source()

    assert queries.sums_for(person_called("alice"))[0].left_fen == 2.5 * MILLION_FEN
    assert "2,500,000.00" in text_of(as_alice.get(reverse("source", args=[row.pk])))


def test_withdrawn_money_is_listed_and_not_counted(as_alice):
    row = source()
    withdraw_source(actor=person_called("alice"), source_id=row.pk, expected_version=1, reason="收回", at=NOON)

    assert queries.sums_for(person_called("alice")) == []
    assert row.name in text_of(as_alice.get(reverse("sources"), {"state": "withdrawn"}))
    assert row.name not in text_of(as_alice.get(reverse("sources"), {"state": "received"}))
    assert "收回" in text_of(as_alice.get(reverse("source", args=[row.pk])))


@pytest.mark.parametrize(("wanted", "is_listed"), [("bound", True), ("free", False)])
def test_the_list_is_narrowed_to_what_is_earmarked(as_alice, wanted, is_listed):
    row = source(None, NewEarmark(dimensions=("materials",)), NewEarmark(unit_levels=("village",)))

    assert (row.name in text_of(as_alice.get(reverse("sources"), {"bound": wanted}))) is is_listed


def test_a_source_says_what_it_is_for_in_words(as_alice):
    row = source(None, NewEarmark(("materials",), ("M-MAT-T-01",), (TOWNSHIP,), ("village",), "装备"))

    shown = text_of(as_alice.get(reverse("source", args=[row.pk])))

    assert all(word in shown for word in ("装备", "柳溪镇", "M-MAT-T-01"))


def test_the_finance_officer_records_a_source(as_frank):
    response = as_frank.post(reverse("source-new"), TYPED)

    row = Source.objects.get()
    assert response["Location"] == reverse("source", args=[row.pk])
    assert row.amount_fen == 120_000_050
    assert row.county_code == COUNTY


@pytest.mark.parametrize(
    ("field", "value"), [("amount", "0"), ("account_code", "22"), ("year", "1900"), ("received_on", "2024-01-01")]
)
def test_what_cannot_be_is_told_at_its_field(as_frank, field, value):
    response = as_frank.post(reverse("source-new"), TYPED | {field: value})

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response) or "alert-danger" in text_of(response)
    assert not Source.objects.exists()


def test_the_same_document_twice_is_refused_and_the_typed_text_stays(as_frank):
    as_frank.post(reverse("source-new"), TYPED)

    response = as_frank.post(reverse("source-new"), TYPED)

    assert response.status_code == 422
    assert "青财预〔2026〕3号" in text_of(response)
    assert Source.objects.count() == 1


def test_a_source_is_corrected_as_it_was_seen(as_frank):
    row = source()
    url = reverse("source-edit", args=[row.pk])

    assert as_frank.post(url, TYPED | {"version": "1"}).status_code == 302
    assert as_frank.post(url, TYPED | {"version": "1", "name": "别的"}).status_code == 409
    row.refresh_from_db()
    assert row.name == "县级预算"


def test_a_purpose_is_added_and_taken_away(as_frank):
    row = source()
    typed = {
        "version": "1",
        "dimensions": ["materials"],
        "areas": [TOWNSHIP[:9]],
        "measures": "M-1，M-2",
        "note": "装备",
    }

    assert as_frank.post(reverse("source-bind", args=[row.pk]), typed).status_code == 302
    earmark = row.earmarks.get()
    assert earmark.measures == ["M-1", "M-2"]
    assert as_frank.post(reverse("source-unbind", args=[row.pk, earmark.pk]), {"version": "2"}).status_code == 302
    assert not row.earmarks.exists()


@pytest.mark.parametrize("typed", [{}, {"measures": "不对"}])
def test_a_purpose_that_binds_to_nothing_is_refused_in_words(as_frank, typed):
    row = source()

    response = as_frank.post(reverse("source-bind", args=[row.pk]), {"version": "1"} | typed)

    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert not row.earmarks.exists()


def test_money_is_withdrawn_with_a_reason_and_then_changed_no_more(as_frank):
    row = source()
    url = reverse("source-withdraw", args=[row.pk])

    assert as_frank.post(url, {"version": "1", "reason": " "}).status_code == 422
    assert as_frank.post(url, {"version": "1", "reason": "上级收回"}).status_code == 302
    assert [as_frank.get(each).status_code for each in changing(row)] == [404, 404, 404]


def test_whoever_only_reads_is_offered_no_change_and_refused_it(as_alice):
    row = source()

    shown = text_of(as_alice.get(reverse("source", args=[row.pk])))

    assert not any(url in shown for url in changing(row))
    assert [as_alice.get(url).status_code for url in [*changing(row), reverse("source-new")]] == [404] * 4


def test_another_county_s_money_is_not_there(client):
    row = source()
    client.force_login(carol())

    assert [client.get(url).status_code for url in [reverse("source", args=[row.pk]), *changing(row)]] == [404] * 4
    assert row.name not in text_of(client.get(reverse("sources")))


def test_a_township_sees_no_sources_of_money(client):
    row = source()
    client.force_login(bob())

    assert client.get(reverse("source", args=[row.pk])).status_code == 404
    assert row.name not in text_of(client.get(reverse("sources")))
    assert reverse("sources") not in text_of(client.get(reverse("home")))


def test_nobody_is_asked_to_log_in(client):
    urls = [reverse("sources"), reverse("source-new"), reverse("source", args=[1]), *changing(Source(pk=1))]

    assert [client.get(url).status_code for url in urls] == [302] * len(urls)


def test_the_navigation_leads_the_finance_officer_there(as_frank):
    assert reverse("sources") in text_of(as_frank.get(reverse("home")))


def test_the_panel_of_a_source_is_written_by_whoever_manages_it():
    row = source()

    assert open_source(frank(), row.pk).may_write
    assert not open_source(alice(), row.pk).may_write


def test_the_county_is_asked_for_only_where_there_are_several(as_frank):
    assert 'name="county_code"' not in text_of(as_frank.get(reverse("source-new")))
    post(person_called("frank"), Role.FINANCE_OFFICER, ELSEWHERE)
    assert 'name="county_code"' in text_of(as_frank.get(reverse("source-new")))
