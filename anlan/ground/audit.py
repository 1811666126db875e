"""Writing, sealing and checking the audit trail.

Entries commit with the change that they tell of, without a lock. One sealer numbers committed
entries afterwards and chains them: each seal hashes its entry and the seal before, and is signed,
so that a changed, removed or inserted entry shows, and a tail not yet sealed is told from tampering.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, models, transaction

from anlan.ground.copying import insert_rows
from anlan.ground.models import AuditEntry, AuditSeal
from anlan.kernel.canonical import canonical_json

SEALER_LOCK = 0x414E4C41  # one sealer at a time
GENESIS = "0" * 64


class Actor(Protocol):
    """Whoever acts: an id and a name, kept as a snapshot."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found."""

    sealed: int
    unsealed: int
    broken_at: int | None  # number of the first seal that does not hold


def audit(
    actor: Actor | None, verb: str, row: models.Model, *, at: datetime, detail: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Write one entry in the current transaction. `actor` None is the system itself."""
    entry = _entry(actor, verb, row, at=at, detail=detail or {})
    entry.save()
    return entry


def audit_many(
    actor: Actor | None, verb: str, rows: Iterable[tuple[models.Model, Mapping[str, Any]]], *, at: datetime
) -> None:
    """Write one entry a row with its own detail, all at once: for imports."""
    insert_rows([_entry(actor, verb, row, at=at, detail=detail) for row, detail in rows])


def _entry(actor: Actor | None, verb: str, row: models.Model, *, at: datetime, detail: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(
        at=at,
        verb=verb,
        object_kind=row._meta.label_lower,
        object_id=str(row.pk),
        object_name=str(row)[:200],
        division_code=str(getattr(row, "division_code", "") or getattr(row, "code", "") or "")[:12],
        actor_id=actor.pk if actor else None,
        actor_name=str(actor.name) if actor else "",
        detail=dict(detail),
    )


def history_of(kind: str, object_id: object, limit: int = 100) -> list[AuditEntry]:
    """Return what happened to one thing, newest first."""
    return list(AuditEntry.objects.filter(object_kind=kind, object_id=str(object_id)).order_by("-id")[:limit])


def _digest(before: str, number: int, entry: AuditEntry) -> str:
    content = {
        "number": number,
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "verb": entry.verb,
        "object": [entry.object_kind, entry.object_id, entry.object_name, entry.division_code],
        "actor": [entry.actor_id, entry.actor_name],
        "detail": entry.detail,
    }
    return hashlib.sha256((before + canonical_json(content)).encode()).hexdigest()


def _sign(digest: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), digest.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def seal(batch: int = 5000) -> int:
    """Chain committed entries that have no seal yet; return how many. Does nothing beside another sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        return 0
    last = AuditSeal.objects.order_by("-number").first()
    number, before = (last.number, last.sha256) if last else (0, GENESIS)
    seals = []
    for entry in AuditEntry.objects.filter(seal__isnull=True).order_by("id")[:batch]:
        number += 1
        before = _digest(before, number, entry)
        seals.append(AuditSeal(number=number, entry=entry, sha256=before, signature=_sign(before)))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def verify_audit() -> Verdict:
    """Walk the chain from its beginning."""
    before, broken = GENESIS, None
    for expected, link in enumerate(AuditSeal.objects.select_related("entry").order_by("number").iterator(2000), 1):
        before = _digest(before, link.number, link.entry)
        intact = link.number == expected and hmac.compare_digest(link.sha256, before)
        if not intact or not hmac.compare_digest(link.signature, _sign(before)):
            broken = link.number
            break
    unsealed = AuditEntry.objects.filter(seal__isnull=True).count()
    return Verdict(sealed=AuditSeal.objects.count(), unsealed=unsealed, broken_at=broken)
