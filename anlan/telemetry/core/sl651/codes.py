"""The numbers of SL 651-2014: control characters, function codes, classes of stations, bits of the status.

Source: SL 651-2014 (the bits of the status: table 58); docs/methods/sl651.md.
"""

from collections.abc import Mapping
from enum import IntEnum, IntFlag, StrEnum

from anlan.kernel.refusal import mark


class Encoding(StrEnum):
    """How a frame is written."""

    HEX = "hex"  # bytes and BCD digits, begins with 7E7E
    ASCII = "ascii"  # characters, begins with SOH


class Direction(IntEnum):
    """Who speaks; the value stands in the high four bits of the length."""

    UP = 0  # a station to its centre
    DOWN = 8  # the centre to a station


class Control(IntEnum):
    """Control characters of a frame."""

    SOH = 0x01
    STX = 0x02
    ETX = 0x03
    EOT = 0x04
    ENQ = 0x05
    ACK = 0x06
    NAK = 0x15
    SYN = 0x16
    ETB = 0x17
    ESC = 0x1B


HEX_START = b"\x7e\x7e"
ENDINGS: Mapping[Direction, frozenset[int]] = {
    Direction.UP: frozenset({Control.ETX, Control.ETB}),
    Direction.DOWN: frozenset({Control.ENQ, Control.EOT, Control.ACK, Control.NAK, Control.ESC}),
}


class Function(IntEnum):
    """What a frame is about."""

    LINK = 0x2F
    TEST = 0x30
    SERIES = 0x31
    TIMED = 0x32
    EXTRA = 0x33
    HOURLY = 0x34
    MANUAL = 0x35
    PICTURE = 0x36
    ASK_NOW = 0x37
    ASK_PERIOD = 0x38
    ASK_MANUAL = 0x39
    ASK_ELEMENTS = 0x3A
    WRITE_BASE = 0x40
    READ_BASE = 0x41
    WRITE_RUN = 0x42
    READ_RUN = 0x43
    PUMP_READINGS = 0x44
    VERSION = 0x45
    STATUS = 0x46
    CLEAR_STORE = 0x47
    FACTORY_RESET = 0x48
    PASSWORD = 0x49
    SET_CLOCK = 0x4A
    IC_CARD = 0x4B
    PUMPS = 0x4C
    VALVES = 0x4D
    GATES = 0x4E
    QUOTA = 0x4F
    EVENTS = 0x50
    READ_CLOCK = 0x51


FIRST_OWN, LAST_OWN = 0xE0, 0xFF  # left to the user by the standard

FUNCTION_NAMES: Mapping[Function, str] = {
    Function.LINK: mark("Keep-alive"),
    Function.TEST: mark("Test report"),
    Function.SERIES: mark("Report of equal steps"),
    Function.TIMED: mark("Timed report"),
    Function.EXTRA: mark("Extra report"),
    Function.HOURLY: mark("Hourly report"),
    Function.MANUAL: mark("Report by hand"),
    Function.PICTURE: mark("Picture"),
    Function.ASK_NOW: mark("Current values"),
    Function.ASK_PERIOD: mark("Values of a period"),
    Function.ASK_MANUAL: mark("Values entered by hand"),
    Function.ASK_ELEMENTS: mark("Chosen elements"),
    Function.WRITE_BASE: mark("Write base settings"),
    Function.READ_BASE: mark("Read base settings"),
    Function.WRITE_RUN: mark("Write run settings"),
    Function.READ_RUN: mark("Read run settings"),
    Function.PUMP_READINGS: mark("Values of the pump motor"),
    Function.VERSION: mark("Software version"),
    Function.STATUS: mark("Status and alarms"),
    Function.CLEAR_STORE: mark("Clear the station's store"),
    Function.FACTORY_RESET: mark("Factory reset"),
    Function.PASSWORD: mark("Change the password"),
    Function.SET_CLOCK: mark("Set the clock"),
    Function.IC_CARD: mark("IC card"),
    Function.PUMPS: mark("Switch pumps"),
    Function.VALVES: mark("Switch valves"),
    Function.GATES: mark("Move gates"),
    Function.QUOTA: mark("Water quota"),
    Function.EVENTS: mark("Event log"),
    Function.READ_CLOCK: mark("Read the clock"),
}


class StationClass(IntEnum):
    """What kind of station sends; the value is the class byte, a letter."""

    RAIN = ord("P")
    RIVER = ord("H")
    RESERVOIR = ord("K")
    SLUICE = ord("Z")
    PUMPING = ord("D")
    TIDE = ord("T")
    SOIL = ord("M")
    GROUNDWATER = ord("G")
    QUALITY = ord("Q")
    INTAKE = ord("I")
    OUTLET = ord("O")


STATION_CLASS_NAMES: Mapping[StationClass, str] = {
    StationClass.RAIN: mark("Rain gauge"),
    StationClass.RIVER: mark("River station"),
    StationClass.RESERVOIR: mark("Reservoir station"),
    StationClass.SLUICE: mark("Sluice station"),
    StationClass.PUMPING: mark("Pumping station"),
    StationClass.TIDE: mark("Tide station"),
    StationClass.SOIL: mark("Soil moisture station"),
    StationClass.GROUNDWATER: mark("Groundwater station"),
    StationClass.QUALITY: mark("Water quality station"),
    StationClass.INTAKE: mark("Water intake"),
    StationClass.OUTLET: mark("Water outlet"),
}


class Status(IntFlag):
    """Bits of element 45: the station's state and alarms; the other 20 bits are reserved."""

    MAINS_OFF = 1 << 0
    BATTERY_LOW = 1 << 1
    LEVEL_OVER = 1 << 2
    FLOW_OVER = 1 << 3
    QUALITY_OVER = 1 << 4
    FLOW_METER_FAULT = 1 << 5
    LEVEL_METER_FAULT = 1 << 6
    DOOR_CLOSED = 1 << 7
    STORE_FAULT = 1 << 8
    IC_CARD_ON = 1 << 9
    PUMP_STOPPED = 1 << 10
    QUOTA_OVER = 1 << 11


STATUS_NAMES: Mapping[Status, str] = {
    Status.MAINS_OFF: mark("Mains power is off"),
    Status.BATTERY_LOW: mark("Battery is low"),
    Status.LEVEL_OVER: mark("Water level is over its limit"),
    Status.FLOW_OVER: mark("Flow is over its limit"),
    Status.QUALITY_OVER: mark("Water quality is over its limit"),
    Status.FLOW_METER_FAULT: mark("Flow meter has a fault"),
    Status.LEVEL_METER_FAULT: mark("Level meter has a fault"),
    Status.DOOR_CLOSED: mark("Cabinet door is closed"),
    Status.STORE_FAULT: mark("Memory has a fault"),
    Status.IC_CARD_ON: mark("IC card is in use"),
    Status.PUMP_STOPPED: mark("Pump has stopped"),
    Status.QUOTA_OVER: mark("Water left is under its quota"),
}
