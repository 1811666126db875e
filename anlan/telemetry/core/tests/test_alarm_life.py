import pytest

from anlan.telemetry.core.alarm_life import (
    ALARM_NEXT,
    ALARM_STATE_NAMES,
    AlarmState,
    BadAlarmMove,
    check_alarm_move,
    state_after,
)
from anlan.telemetry.core.watch import News


def test_an_alarm_is_raised_acknowledged_and_cleared():
    check_alarm_move(AlarmState.RAISED, AlarmState.ACKNOWLEDGED)
    check_alarm_move(AlarmState.ACKNOWLEDGED, AlarmState.CLEARED)


def test_nobody_acknowledges_what_is_over():
    with pytest.raises(BadAlarmMove, match="is cleared and cannot become acknowledged"):
        check_alarm_move(AlarmState.CLEARED, AlarmState.ACKNOWLEDGED)


def test_every_state_has_its_moves_and_its_name():
    assert set(ALARM_NEXT) == set(ALARM_STATE_NAMES) == set(AlarmState)


@pytest.mark.parametrize(
    ("news", "state"),
    [
        (News.ROSE, AlarmState.RAISED),
        (News.FELL, AlarmState.ACKNOWLEDGED),
        (News.CLEARED, AlarmState.CLEARED),
    ],
)
def test_an_alarm_that_went_up_must_be_acknowledged_anew(news, state):
    assert state_after(AlarmState.ACKNOWLEDGED, news) == state
