from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection

from anlan.ground.audit import audit, history_of, seal, verify_audit
from anlan.ground.models import AuditEntry, AuditSeal

ALICE = SimpleNamespace(pk=1, name="Alice")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def write_three() -> list[AuditEntry]:
    subject = AuditSeal(number=7)
    return [audit(ALICE, f"step {n}", subject, at=NOON, detail={"step": n}) for n in range(3)]


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ground_auditentry", "ground_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # what only the database's owner can do
        cursor.execute(sql)


def test_sealing_chains_every_committed_entry_once():
    write_three()

    assert seal() == 3
    assert seal() == 0
    verdict = verify_audit()
    assert (verdict.sealed, verdict.unsealed, verdict.broken_at) == (3, 0, None)


def test_an_unsealed_tail_is_not_tampering():
    write_three()
    seal()
    audit(ALICE, "later", AuditSeal(number=7), at=NOON)

    verdict = verify_audit()

    assert (verdict.unsealed, verdict.broken_at) == (1, None)


def test_a_changed_entry_breaks_the_chain_at_its_number():
    write_three()
    seal()
    tamper("UPDATE ground_auditentry SET verb = 'nothing happened' WHERE verb = 'step 1'")

    assert verify_audit().broken_at == 2


def test_a_removed_entry_breaks_the_chain():
    write_three()
    seal()
    tamper("DELETE FROM ground_auditseal WHERE number = 2")

    assert verify_audit().broken_at == 3


def test_a_chain_rebuilt_without_the_key_is_found(settings):
    write_three()
    seal()

    settings.SECRET_KEY = "another key"

    assert verify_audit().broken_at == 1


@pytest.mark.parametrize("change", ["UPDATE ground_auditentry SET verb = ''", "DELETE FROM ground_auditentry"])
def test_the_database_refuses_to_change_history(change):
    write_three()

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change)


def test_history_shows_the_newest_first():
    write_three()

    assert [entry.verb for entry in history_of("ground.auditseal", 7)] == ["step 2", "step 1", "step 0"]
