"""What a person puts in the place of a raw value; the raw value stays, and figures and alarms are judged anew."""

from datetime import datetime

from django.db import connection, transaction

from anlan.ground.audit import Actor, audit
from anlan.ground.versions import Conflict
from anlan.kernel.faults import Fault
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.keeping import judge_again
from anlan.telemetry.core.quality import MOST
from anlan.telemetry.core.register_checking import BadRow
from anlan.telemetry.models import Correction, Datastream, Reading


@transaction.atomic
def correct_reading(  # noqa: PLR0913  a correction is a value with its reason and what the person saw
    *, actor: Actor, datastream_id: int, time: datetime, value: float | None, reason: str, seen: int, at: datetime
) -> Correction:
    """Put a value in the place of a raw one; None strikes it.

    Args:
        actor: who answers for it.
        datastream_id: whose reading it is.
        time: of the reading.
        value: in the unit of the datastream.
        reason: in the person's words.
        seen: id of the correction that stood when the person looked, 0 for none.
        at: now.

    Raises:
        Conflict: somebody corrected it meanwhile.
        BadRow: there is no such reading, no reason, or the value is none.
    """
    stream = Datastream.objects.select_for_update(of=("self",)).select_related("station").get(pk=datastream_id)
    _check(stream, time, value, reason)
    _supersede(stream, time, seen)
    row = Correction.objects.create(
        datastream=stream, time=time, value=value, reason=reason.strip(), by_id=actor.pk, by_name=str(actor.name), at=at
    )
    detail = {"time": time.isoformat(), "to": value, "reason": row.reason}
    audit(actor, mark("reading corrected"), stream, at=at, detail=detail)
    _judge(stream, time, at)
    return row


@transaction.atomic
def withdraw_correction(*, actor: Actor, datastream_id: int, time: datetime, seen: int, at: datetime) -> None:
    """Let the raw value count again.

    Raises:
        Conflict: somebody corrected it anew or withdrew it meanwhile.
    """
    stream = Datastream.objects.select_for_update(of=("self",)).select_related("station").get(pk=datastream_id)
    _supersede(stream, time, seen)
    audit(actor, mark("correction withdrawn"), stream, at=at, detail={"time": time.isoformat()})
    _judge(stream, time, at)


def _supersede(stream: Datastream, time: datetime, seen: int) -> None:
    standing = Correction.objects.filter(datastream=stream, time=time, is_current=True)
    found = standing.values_list("pk", flat=True).first() or 0
    if found != seen:
        raise Conflict("Somebody corrected this reading meanwhile; look at it again")
    standing.update(is_current=False)


def _check(stream: Datastream, time: datetime, value: float | None, reason: str) -> None:
    faults = []
    if not reason.strip():
        faults.append(Fault("reason", "", mark("Say why; it stands beside the value")))
    if value is not None and not abs(value) <= MOST:  # not a number fails too
        faults.append(Fault("value", str(value), mark("%(value)s is no number"), {"value": str(value)}))
    if not Reading.objects.filter(datastream_id=stream.pk, time=time).exists():
        faults.append(Fault("time", time.isoformat(), mark("There is no reading of that instant")))
    if faults:
        raise BadRow(faults)


def _judge(stream: Datastream, time: datetime, at: datetime) -> None:
    connection.ensure_connection()
    judge_again(connection.connection, [(stream.pk, time.timestamp())], at=at)
