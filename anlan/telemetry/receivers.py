"""What telemetry does at its own news, outside the process that judges. Each runs twice without harm."""

from django.utils.timezone import now

from anlan.ground.events import on
from anlan.telemetry.actions.alarms import call_a_person
from anlan.telemetry.events import ALARM_CHANGED


@on(ALARM_CHANGED)
def call_for_grave_alarms(alarm_id: int) -> None:
    call_a_person(alarm_id=alarm_id, at=now())
