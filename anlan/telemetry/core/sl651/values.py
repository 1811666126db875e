"""What a frame says, as values; everything needed to write the same bytes again.

A value is kept as a whole number of its last decimal place, as the digits stand on the wire: 12.20 V is 1220 with
2 decimals. Times know their zone. Source: SL 651-2014; docs/methods/sl651.md.
"""

from dataclasses import dataclass
from datetime import datetime

from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Status

HYDROLOGICAL = "00"
LAST_STATION, LAST_RELAY, EVERYBODY = 60_000, 65_534, 65_535


@dataclass(frozen=True, slots=True)
class StationAddress:
    """Where a station belongs, read from its ten digits: a hydrological code, or a division and a number in it."""

    text: str

    @property
    def hydrological_code(self) -> str:
        """Return the eight digits of a hydrological station (SL 502); empty for any other."""
        return self.text[2:] if self.text.startswith(HYDROLOGICAL) else ""

    @property
    def division(self) -> str:
        """Return the six digits of the county that the station stands in; empty for a hydrological one."""
        return "" if self.hydrological_code else self.text[:6]

    @property
    def number(self) -> int:
        """Return the number within the division: 1–60000 station, –65534 relay, 65535 everybody, 0 nobody."""
        return 0 if self.hydrological_code else int(self.text[6:], 16)


@dataclass(frozen=True, slots=True)
class StationMark:
    """F1F1: who measured. `address` as in the frame; `station_class` is the letter's byte, None where none is sent."""

    address: str
    station_class: int | None


@dataclass(frozen=True, slots=True)
class TimeMark:
    """F0F0: when what follows was observed, to the minute."""

    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One element: `number` in units of its last decimal place, None where missing; `size` bytes on the wire, 0–31."""

    code: int
    size: int
    decimals: int
    number: int | None

    @property
    def value(self) -> float | None:
        """Return the value in the unit of the element table."""
        return None if self.number is None else self.number / 10**self.decimals


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one element at equal steps from the time of observation on; `size` bytes each.

    F4 (rain, 0.1 mm, at most 25.4: what is more is counted in the next step) and F5–FC (level above the base, 0.01 m,
    at most 655.34) come twelve at a time; invalid ones are None.
    """

    code: int
    size: int
    decimals: int
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """04: the time between the values of a series, as a rule only one of the three; all zero goes with hours of 12."""

    days: int
    hours: int
    minutes: int


@dataclass(frozen=True, slots=True)
class StatusWord:
    """45: state and alarms as 32 bits."""

    bits: int

    @property
    def flags(self) -> Status:
        """Return the bits that the standard gives a meaning."""
        return Status(self.bits & (2 * Status.QUOTA_OVER - 1))


@dataclass(frozen=True, slots=True)
class Content:
    """F2 by hand, F3 picture, FD velocities in bulk: the rest of the body as it is."""

    code: int
    content: bytes


Item = StationMark | TimeMark | Reading | Series | Step | StatusWord | Content


@dataclass(frozen=True, slots=True)
class Wanted:
    """An element or setting that is asked for: its code and its definition byte."""

    code: int
    definition: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the station, its bytes as they are (digits, whole numbers or letters, see annex D)."""

    code: int
    decimals: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Plain:
    """A body of running number and time only: keep-alive, confirmation, most questions; 4A: the time to be set."""

    serial: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """Elements in the order sent. Replies that only say who answers are reports of one mark."""

    serial: int
    sent_at: datetime
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Down: 3A elements, 41 and 43 settings, 47 clear, 48 reset."""

    serial: int
    sent_at: datetime
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class PeriodAsked:
    """Down 38: values from one full hour to another at a step."""

    serial: int
    sent_at: datetime
    since: datetime
    until: datetime
    step: Step
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Settings:
    """40–43 and 49, both ways; `address` is empty downward. 49 down holds the old and the new password, as code 03."""

    serial: int
    sent_at: datetime
    address: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """Up 45."""

    serial: int
    sent_at: datetime
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Switched:
    """4C pumps, 4D valves, 4E gates, both ways: who is on (open), the first first; openings of gates as sent."""

    serial: int
    sent_at: datetime
    address: str
    states: tuple[bool, ...]
    openings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """4F, both ways: whether water is only given up to a quota."""

    serial: int
    sent_at: datetime
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class EventLog:
    """Up 50: how often each of the 32 kinds of event happened, 0–65535."""

    serial: int
    sent_at: datetime
    address: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A body of a function code left to the user, as it is."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Fragment:
    """The content of one of several packets; understood when all are there, see `packets`."""

    content: bytes


Body = Plain | Report | Asked | PeriodAsked | Settings | Version | Switched | Quota | EventLog | Opaque | Fragment


@dataclass(frozen=True, slots=True)
class Packet:
    """Which of how many packets, both 1–4095."""

    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `centre` 0–255; `station` ten digits; `password` 0–65535; `ending` a control character."""

    encoding: Encoding
    direction: Direction
    centre: int
    station: str
    password: int
    function: int
    body: Body
    ending: int
    packet: Packet | None = None

    @property
    def is_last(self) -> bool:
        """Tell whether the station has nothing more to say."""
        return self.ending != Control.ETB
