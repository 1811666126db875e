"""What an observer entered at the station (35, 39): a text of symbols and values, as in frames of characters."""

from dataclasses import replace

from anlan.telemetry.core.sl651.characters import read_characters
from anlan.telemetry.core.sl651.clock import time_digits
from anlan.telemetry.core.sl651.codes import Direction, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.values import Frame, Report


def read_by_hand(frame: Frame, content: bytes, dialect: Dialect = STANDARD) -> Frame:
    """Return the frame as if the text had come as a report: `Q 1.234`, or with its own time `TT 2607010800 Z 10.49`.

    Raises:
        DecodeFault: it is not of this form.
        ValueError: the body has no time of sending.
    """
    if not isinstance(frame.body, Report):
        raise ValueError(f"body is {type(frame.body).__name__}, expected a report")
    opening = f"{frame.body.serial:04X} {time_digits(frame.body.sent_at, 12)} ".encode()
    text = opening + content
    body = read_characters(text + b"\x03", 0, len(text), (Direction.UP, Function.TIMED), dialect)
    return replace(frame, body=body)
