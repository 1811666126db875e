"""What people do with alarms: acknowledge them; and whom a grave one calls."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from anlan.ground.audit import Actor, audit
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import mark
from anlan.telemetry.core.alarm_life import AlarmState, check_alarm_move
from anlan.telemetry.core.rules import Colour, Kind
from anlan.telemetry.events import ALARM_CHANGED
from anlan.telemetry.models import Alarm
from anlan.telemetry.queries.alarms import live_news
from anlan.web.live import publish_many
from anlan.worklists.actions import finish_task, put_task

ACKNOWLEDGED = "acknowledged"


@transaction.atomic
def acknowledge_alarm(*, actor: Actor, alarm_id: int, expected_version: int, at: datetime) -> Alarm:
    """Note that a person has seen an alarm.

    Raises:
        Conflict: it changed since the person saw it.
        BadAlarmMove: it is over, or somebody has acknowledged it.
    """
    alarm = Alarm.objects.select_for_update().get(pk=alarm_id)
    check_version(alarm, expected_version)
    check_alarm_move(alarm.state, AlarmState.ACKNOWLEDGED)
    alarm.state, alarm.acknowledged_at = AlarmState.ACKNOWLEDGED, at
    alarm.acknowledged_by_id, alarm.acknowledged_by_name = actor.pk, str(actor.name)
    save_version(alarm, ["state", "acknowledged_at", "acknowledged_by_id", "acknowledged_by_name"])
    audit(actor, "alarm acknowledged", alarm, at=at, detail={"colour": alarm.colour})
    finish_task(actor=actor, key=task_key(alarm), at=at)
    announce(ALARM_CHANGED, alarm_id=alarm.pk)
    publish_many(live_news({alarm.pk: ACKNOWLEDGED}, [alarm]), at=at)
    return alarm


@transaction.atomic
def call_a_person(*, alarm_id: int, at: datetime) -> None:
    """Put a grave alarm that nobody has acknowledged on the township's list; take off what is over. Runs twice."""
    alarm = Alarm.objects.select_for_update().select_related("station").filter(pk=alarm_id).first()
    if alarm is None:
        return
    is_grave = alarm.kind == Kind.HAZARD and alarm.colour >= Colour.ORANGE
    if not is_grave or alarm.state != AlarmState.RAISED:
        finish_task(actor=None, key=task_key(alarm), at=at)
        return
    put_task(
        actor=None,
        key=task_key(alarm),
        title=mark("%(station)s: %(rule)s, look at it and act"),
        values={"station": alarm.station.name, "rule": alarm.rule_name_zh},
        division_code=f"{alarm.division_code[:9]}000",
        department=None,
        url=f"/telemetry/alarms/{alarm.pk}/",
        due_on=localdate(at),
        at=at,
    )


def task_key(alarm: Alarm) -> str:
    """Return the key of the task by which an alarm calls a person."""
    return f"telemetry.alarm:{alarm.pk}"
