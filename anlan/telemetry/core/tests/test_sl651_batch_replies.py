"""Reports that are confirmed together get the same bytes as one by one."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.sl651.batch import sent_seconds
from anlan.telemetry.core.sl651.batch_replies import confirmations
from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import confirmation
from anlan.telemetry.core.sl651.values import Frame
from anlan.telemetry.core.tests.sl651_frames import TIMED, addresses, octets, passwords, reports, times

AT = datetime(2017, 7, 18, 11, 0, 16, tzinfo=BEIJING)
FUNCTIONS = st.sampled_from([Function.TEST, Function.TIMED, Function.EXTRA, Function.HOURLY])
ENDS = st.sampled_from([Control.ETX, Control.ETB])
framed = st.builds(
    lambda centre, station, password, function, body, ending: Frame(
        Encoding.HEX, Direction.UP, centre, station, password, int(function), body, ending
    ),
    octets,
    addresses,
    passwords,
    FUNCTIONS,
    reports,
    ENDS,
)


@given(st.lists(st.tuples(framed, st.booleans()), max_size=8), times)
def test_confirmations_of_many_are_those_of_each(told, at):
    frames, stay = [encode(frame) for frame, _ in told], [stays for _, stays in told]

    each = [encode(confirmation(frame, at=at, stays=stays)) for frame, stays in told]

    assert confirmations(frames, at=at, stay=stay) == each


@given(st.lists(framed, min_size=1, max_size=8))
def test_times_of_sending_of_many_are_those_of_each(told):
    assert sent_seconds([encode(frame) for frame in told]).tolist() == [
        frame.body.sent_at.timestamp() for frame in told
    ]


@pytest.mark.parametrize(("ending", "stays", "answer"), [(3, True, "1B"), (3, False, "04"), (0x17, False, "06")])
def test_the_end_says_whether_to_stay_to_leave_or_to_go_on(ending, stays, answer):
    report = encode(replace(decode(bytes.fromhex(TIMED)), ending=ending))

    assert confirmations([report], at=AT, stay=[stays])[0][-3] == int(answer, 16)
