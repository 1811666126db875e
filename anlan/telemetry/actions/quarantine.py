"""What could not be taken in: taken again once the register knows better, or put aside for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg import Connection

from anlan.ground.audit import Actor, audit, audit_many
from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.actions.keeping import Intake, begin_datastreams
from anlan.telemetry.gateway.decoding import Taking, take_again
from anlan.telemetry.models import Quarantined, QuarantineState
from anlan.telemetry.queries.passwords import passwords_now
from anlan.telemetry.queries.wire import wire_now


class IsSettled(Refusal):
    """It was taken again or put aside before."""


class StillRefused(Refusal):
    """It cannot be taken in now either; it waits on."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of many: taken in, and still refused."""

    taken: int = 0
    refused: int = 0


@transaction.atomic
def replay(*, actor: Actor, quarantined_id: int, at: datetime) -> Quarantined:
    """Read the bytes again by the register as it stands now, as if they came when they came first.

    Raises:
        IsSettled: it was taken again or put aside before.
        StillRefused: they cannot be taken in now either; nothing is kept.
    """
    row = _locked(quarantined_id)
    connection.ensure_connection()
    raw: Connection[Any] = connection.connection
    taking = _taken(raw, row)
    if taking.refused:
        first = taking.refused[0]
        raise StillRefused(first.reason, **dict(first.values))
    taking.keep(raw, at=at)
    _settle(row, QuarantineState.REPLAYED, actor, at)
    audit(actor, mark("quarantine replayed"), row, at=at)
    return row


def replay_many(*, actor: Actor, quarantined_ids: Collection[int], at: datetime) -> Replayed:
    """Read many again, oldest first, each by itself; what is settled meanwhile counts for neither."""
    taken = refused = 0
    for pk in sorted(quarantined_ids):
        try:
            replay(actor=actor, quarantined_id=pk, at=at)
            taken += 1
        except StillRefused:
            refused += 1
        except IsSettled:
            continue
    return Replayed(taken, refused)


@transaction.atomic
def put_aside(*, actor: Actor, quarantined_ids: Collection[int], at: datetime) -> int:
    """Put what waits aside for good: it stays on record and asks for nobody; return how many."""
    rows = list(_waiting().filter(pk__in=quarantined_ids).order_by("pk"))
    for row in rows:
        _settle(row, QuarantineState.DROPPED, actor, at)
    audit_many(actor, mark("quarantine put aside"), [(row, {}) for row in rows], at=at)
    return len(rows)


def _waiting() -> Any:
    return Quarantined.objects.select_for_update().filter(state=QuarantineState.WAITING)


def _locked(quarantined_id: int) -> Quarantined:
    row = _waiting().filter(pk=quarantined_id).first()
    if row is None:
        raise IsSettled("This was taken in or put aside before")
    return row  # type: ignore[no-any-return]


def _taken(raw: "Connection[Any]", row: Quarantined) -> Taking:
    """Return what comes of the bytes, with a datastream begun for each element that has a meaning."""
    arrived, passwords, wire = row.first_at.timestamp(), passwords_now(raw), wire_now(raw)
    taking = take_again(Intake(wire), row.protocol, row.source, bytes(row.payload), arrived, passwords=passwords)
    if not taking.missing:
        return taking
    wire = begin_datastreams(raw, [(device, element) for (_id, element), device in taking.missing.items()])
    return take_again(Intake(wire), row.protocol, row.source, bytes(row.payload), arrived, passwords=passwords)


def _settle(row: Quarantined, state: str, actor: Actor, at: datetime) -> None:
    row.state, row.settled_at, row.settled_by_name = state, at, str(actor.name)
    row.save(update_fields=["state", "settled_at", "settled_by_name"])
