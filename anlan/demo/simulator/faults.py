"""Devices that misbehave on purpose, each in its own way."""

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """How a device misbehaves."""

    SILENT = "silent"  # says nothing after its second report
    BATTERY = "battery"  # its supply runs down
    AHEAD = "ahead"  # its clock is two hours fast
    LONG_AGO = "long ago"  # its clock begins again in 1970
    JUMPS = "jumps"  # shows a jump there and back, now and then
    GARBLED = "garbled"  # every third message is cut or has a wrong checksum
    TWICE = "twice"  # says everything twice
    LATE = "late"  # keeps its reports for some minutes and sends them together, in the wrong order


FAULTS: Mapping[str, Fault] = {
    "QL005": Fault.SILENT,
    "QL050": Fault.SILENT,
    "QL170": Fault.SILENT,
    "QL012": Fault.BATTERY,
    "QL135": Fault.BATTERY,
    "QL020": Fault.AHEAD,
    "QL121": Fault.LONG_AGO,
    "QL030": Fault.JUMPS,
    "QL140": Fault.JUMPS,
    "QL041": Fault.GARBLED,
    "QL103": Fault.GARBLED,
    "QL060": Fault.TWICE,
    "QL070": Fault.LATE,
}
AHEAD_S = 7200.0
LATE_REPORTS = 4
RUN_DOWN_V = 10.4
UNKNOWN_ADDRESS = "0099019999"  # a station that nobody registered


def clock_of(fault: Fault | None, now: float) -> float:
    """Return what the device takes for the time, seconds since 1970."""
    if fault is Fault.AHEAD:
        return now + AHEAD_S
    return now % 86400.0 if fault is Fault.LONG_AGO else now


def garbled(payload: bytes, count: int) -> bytes:
    """Return every third message damaged: cut, or one bit turned."""
    if count % 3 != 2 or len(payload) < 8:
        return payload
    if count % 2:
        return payload[: len(payload) * 2 // 3]
    middle = len(payload) // 2
    return payload[:middle] + bytes([payload[middle] ^ 0x10]) + payload[middle + 1 :]
