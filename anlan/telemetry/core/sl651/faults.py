"""Why bytes are no frame: a reason and the place where it shows, for the quarantine and whoever reads it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from anlan.kernel.refusal import Refusal, mark


class Reason(StrEnum):
    """What is wrong; kept with the bytes."""

    NO_FRAME = "no_frame"
    CUT_SHORT = "cut_short"
    HEADER = "header"
    LENGTH = "length"
    END = "end"
    CRC = "crc"
    DIRECTION = "direction"
    FUNCTION = "function"
    BODY_SHORT = "body_short"
    LEFT_OVER = "left_over"
    TIME = "time"
    MARK = "mark"
    ELEMENT = "element"
    DIGITS = "digits"
    TEXT = "text"
    PACKET = "packet"
    TOO_LARGE = "too_large"


REASON_TEXTS: Mapping[Reason, str] = {
    Reason.NO_FRAME: mark("no frame begins at byte %(offset)d"),
    Reason.CUT_SHORT: mark("the frame is cut short at byte %(offset)d"),
    Reason.HEADER: mark("the header is broken at byte %(offset)d"),
    Reason.LENGTH: mark("the length at byte %(offset)d is %(found)d, and %(expected)d bytes are there"),
    Reason.END: mark("byte %(offset)d is %(found)s, no end character"),
    Reason.CRC: mark("the CRC at byte %(offset)d is %(found)s, computed %(expected)s"),
    Reason.DIRECTION: mark("the frame goes the other way: byte %(offset)d"),
    Reason.FUNCTION: mark("function code %(found)s at byte %(offset)d is not defined"),
    Reason.BODY_SHORT: mark("the body ends at byte %(offset)d, in the middle of a field"),
    Reason.LEFT_OVER: mark("bytes are left over in the body from byte %(offset)d"),
    Reason.TIME: mark("%(found)s at byte %(offset)d is no time"),
    Reason.MARK: mark("%(found)s at byte %(offset)d stands where %(expected)s is expected"),
    Reason.ELEMENT: mark("element %(found)s at byte %(offset)d is not known or has another length"),
    Reason.DIGITS: mark("%(found)s at byte %(offset)d is no number"),
    Reason.TEXT: mark("%(found)s at byte %(offset)d is no text of this kind"),
    Reason.PACKET: mark("packet %(found)d of %(expected)d cannot be, at byte %(offset)d"),
    Reason.TOO_LARGE: mark("the packets together are larger than %(expected)d bytes"),
}


class DecodeFault(Refusal):
    """Bytes that cannot be understood; `offset` counts from the first byte of the frame, 0."""

    def __init__(self, reason: Reason, offset: int, **values: Any) -> None:
        super().__init__(REASON_TEXTS[reason], offset=offset, **values)
        self.reason = reason
        self.offset = offset
