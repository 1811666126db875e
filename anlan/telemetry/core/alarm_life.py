"""Which states of an alarm may follow which.

Source: docs/methods/alarm-rules.md, section 5.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.watch import News


class AlarmState(StrEnum):
    """State of an alarm."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"  # a person has seen it
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"  # readings that came late or were corrected show that there was none


ALARM_STATE_NAMES: Mapping[AlarmState, str] = {
    AlarmState.RAISED: mark("raised"),
    AlarmState.ACKNOWLEDGED: mark("acknowledged"),
    AlarmState.CLEARED: mark("cleared"),
    AlarmState.WITHDRAWN: mark("withdrawn"),
}
ALARM_NEXT: Mapping[str, Collection[str]] = {
    AlarmState.RAISED: {AlarmState.ACKNOWLEDGED, AlarmState.CLEARED, AlarmState.WITHDRAWN},
    AlarmState.ACKNOWLEDGED: {AlarmState.RAISED, AlarmState.CLEARED, AlarmState.WITHDRAWN},  # raised: it went up
    AlarmState.CLEARED: {AlarmState.RAISED, AlarmState.WITHDRAWN},  # raised: late readings show that it had not ended
    AlarmState.WITHDRAWN: {AlarmState.RAISED},  # a second correction brought it back
}
AFTER_NEWS: Mapping[News, AlarmState] = {
    News.RAISED: AlarmState.RAISED,
    News.ROSE: AlarmState.RAISED,  # who saw it yellow has not seen it red
    News.CLEARED: AlarmState.CLEARED,
}


class BadAlarmMove(Refusal):
    """The state does not allow the move."""


def check_alarm_move(old: str, new: str) -> None:
    """Refuse a move that the states do not allow.

    Raises:
        BadAlarmMove: `new` may not follow `old`.
    """
    if new not in ALARM_NEXT[old]:
        raise BadAlarmMove("The alarm is %(old)s and cannot become %(new)s", old=str(old), new=str(new))


def state_after(old: str, news: News) -> str:
    """Return the state of an alarm after news of it; going down changes nothing."""
    return AFTER_NEWS.get(news, old)
