"""Rows written by COPY are those that the ordinary statements would write; constraints and triggers hold."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from anlan.ground.copying import FEW, insert_rows, update_rows
from anlan.ground.models import AuditEntry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def entries(count):
    return [
        AuditEntry(at=NOON, verb="told", object_kind="x", object_id=str(number), detail={"说": ["a\tb\n\\", number]})
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, FEW + 1])
def test_few_and_many_rows_are_read_back_as_they_were_written(count):
    rows = entries(count)

    insert_rows(rows)

    stored = list(AuditEntry.objects.order_by("pk"))
    assert [(row.pk, row.at, row.object_id, row.detail) for row in stored] == [
        (row.pk, row.at, row.object_id, row.detail) for row in rows
    ]


def test_rows_written_afterwards_get_other_ids():
    insert_rows(entries(FEW))

    assert AuditEntry.objects.create(at=NOON, verb="told", object_kind="x", object_id="y").pk not in range(FEW)
    assert AuditEntry.objects.count() == FEW + 1


def test_one_row_that_breaks_a_constraint_keeps_all_out():
    rows = entries(FEW)
    rows[-1].verb = None

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(rows)

    assert AuditEntry.objects.count() == 0


def test_triggers_hold_for_updates_too():
    rows = entries(FEW)
    insert_rows(rows)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        update_rows(rows, ["verb"])


@pytest.mark.parametrize("count", [1, FEW])
def test_only_the_named_fields_are_written(count):
    from django.contrib.sessions.models import Session

    sessions = [Session(session_key=f"k{number}", session_data="old", expire_date=NOON) for number in range(count)]
    Session.objects.bulk_create(sessions)
    for session in sessions:
        session.session_data, session.expire_date = "new", datetime(2030, 1, 1, tzinfo=UTC)

    update_rows(sessions, ["session_data"])
    update_rows(sessions, ["session_data"])

    assert set(Session.objects.values_list("session_data", "expire_date")) == {("new", NOON)}
