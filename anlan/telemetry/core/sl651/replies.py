"""What the centre says: confirmations with the right end character, questions, the clock.

    station ended with  centre ends with
    ETX                 EOT (the station may leave) or ESC (it stays on line)
    ETB                 ACK (go on)
    any packet wrong    NAK, with the number of the wrong packet

A confirmation repeats the running number and carries the centre's time; a question begins with number 0 and ends with
ENQ. Keep-alives are not answered.
"""

from collections.abc import Iterable
from datetime import datetime

from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.values import (
    Asked,
    Body,
    Fragment,
    Frame,
    Opaque,
    Packet,
    PeriodAsked,
    Plain,
    Reading,
    Setting,
    Settings,
    Step,
    Wanted,
)

FIVE_MINUTES = {table.RAIN_5_MIN: 0x60} | dict.fromkeys(
    range(table.FIRST_LEVEL_5_MIN, table.LAST_LEVEL_5_MIN + 1), 0xC0
)
PASSWORD_CODE, CLEAR_CODE, RESET_CODE = 0x03, 0x97, 0x98


def wants_reply(frame: Frame) -> bool:
    """Tell whether the centre answers: everything that stations send of themselves but keep-alives."""
    return frame.direction is Direction.UP and frame.function != Function.LINK


def serial_of(body: Body) -> int:
    """Return the running number of a body, 0 where it has none."""
    if isinstance(body, Opaque | Fragment):
        return int.from_bytes(body.content[:2], "big") if len(body.content) > 1 else 0
    return body.serial


def confirmation(frame: Frame, *, at: datetime, stays: bool = True) -> Frame:
    """Return the answer to a frame that was taken: it may be sent only after what it said is kept.

    Args:
        frame: what came; of several packets the last one, or the whole message.
        at: the centre's time.
        stays: the station shall stay on line (ESC) and not leave (EOT).
    """
    ending = Control.ACK if not frame.is_last else Control.ESC if stays else Control.EOT
    packet = None if frame.packet is None else Packet(frame.packet.total, frame.packet.total)
    return _down(frame, Plain(serial_of(frame.body), at), ending, packet)


def send_again(frame: Frame, *, number: int, serial: int, at: datetime) -> Frame:
    """Return the answer that asks for one packet again; `frame` is any packet of the message."""
    total = frame.packet.total if frame.packet else 1
    return _down(frame, Plain(serial, at), Control.NAK, Packet(total, number))


def _down(frame: Frame, body: Plain, ending: Control, packet: Packet | None) -> Frame:
    head = (frame.encoding, Direction.DOWN, frame.centre, frame.station, frame.password, frame.function)
    return Frame(*head, body=body, ending=ending, packet=packet)


class Centre:
    """One centre's side of a conversation with one station: what it may ask."""

    def __init__(self, *, centre: int, station: str, password: int, encoding: Encoding = Encoding.HEX) -> None:
        self.centre, self.station, self.password, self.encoding = centre, station, password, encoding

    def ask(self, function: int, body: Body) -> Frame:
        """Return a question with any body."""
        head = (self.encoding, Direction.DOWN, self.centre, self.station, self.password, function)
        return Frame(*head, body=body, ending=Control.ENQ)

    def ask_plain(self, function: Function, *, at: datetime) -> Frame:
        """Return one of the questions without content: 37, 39, 44, 45, 46, 50, 51."""
        return self.ask(function, Plain(0, at))

    def set_clock(self, *, at: datetime) -> Frame:
        """Return 4A: the time of the frame is the time to be set."""
        return self.ask(Function.SET_CLOCK, Plain(0, at))

    def ask_period(self, code: int, *, at: datetime, span: tuple[datetime, datetime], step: Step) -> Frame:
        """Return 38: the values of an element from one full hour to another."""
        return self.ask(Function.ASK_PERIOD, PeriodAsked(0, at, *span, step, wanted(code)))

    def ask_elements(self, codes: Iterable[int], *, at: datetime) -> Frame:
        """Return 3A: the current values of some elements."""
        return self.ask(Function.ASK_ELEMENTS, Asked(0, at, tuple(wanted(code) for code in codes)))

    def read_settings(self, asked: Iterable[Wanted], *, at: datetime, is_base: bool = False) -> Frame:
        """Return 41 for base settings or 43 for run settings."""
        function = Function.READ_BASE if is_base else Function.READ_RUN
        return self.ask(function, Asked(0, at, tuple(asked)))

    def write_settings(self, settings: Iterable[Setting], *, at: datetime, is_base: bool = False) -> Frame:
        """Return 40 for base settings or 42 for run settings."""
        function = Function.WRITE_BASE if is_base else Function.WRITE_RUN
        return self.ask(function, Settings(0, at, "", tuple(settings)))

    def change_password(self, new: int, *, at: datetime) -> Frame:
        """Return 49: the old and the new password."""
        both = (Setting(PASSWORD_CODE, 0, one.to_bytes(2, "big")) for one in (self.password, new))
        return self.ask(Function.PASSWORD, Settings(0, at, "", tuple(both)))

    def clear_store(self, *, at: datetime) -> Frame:
        """Return 47."""
        return self.ask(Function.CLEAR_STORE, Asked(0, at, (Wanted(CLEAR_CODE, 0),)))

    def reset(self, *, at: datetime) -> Frame:
        """Return 48: back to what the factory set."""
        return self.ask(Function.FACTORY_RESET, Asked(0, at, (Wanted(RESET_CODE, 0),)))


def wanted(code: int, dialect: Dialect = STANDARD) -> Wanted:
    """Return an element as it is asked for.

    Raises:
        ValueError: it is in no table.
    """
    if code in table.SPECIAL:
        return Wanted(code, table.SPECIAL[code][3])
    if code in FIVE_MINUTES:
        return Wanted(code, FIVE_MINUTES[code])
    if code not in dialect.known:
        raise ValueError(f"element {code:02X} is in no table")
    return Wanted(code, dialect.known[code].definition)


def reading(
    code: int, value: float | None, *, encoding: Encoding = Encoding.HEX, dialect: Dialect = STANDARD
) -> Reading:
    """Return a value as a station of that encoding sends it, with the digits of the element table.

    Raises:
        ValueError: the element is in no table.
    """
    definition = wanted(code, dialect).definition
    size, decimals = definition >> 3, definition & 7
    number = None if value is None else round(value * 10**decimals)
    if encoding is Encoding.HEX:
        return Reading(code, size, decimals, number)
    if number is None:
        return Reading(code, 1, 0, None)
    shown = f"{value:.{decimals}f}"
    return Reading(code, len(shown), decimals, number)
