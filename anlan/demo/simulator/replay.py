"""Real data from a CSV sent by the demo's devices: device, element, time, value.

Times are ISO 8601 (Beijing time where they name no zone). With `as_of` the last one is moved to that instant and all
others with it; with a speed they come as far apart as they were, so many times faster.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path

from anlan.demo.simulator.wires import Told
from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.sl651.clock import BEIJING

COLUMNS = ("device", "element", "time", "value")


class BadReplay(Refusal):
    """The file cannot be replayed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One report of a device."""

    device: str
    told: Told


def lines_of(path: Path, devices: Collection[str]) -> list[Line]:
    """Return the reports of a file, oldest first; values of one device and time go together.

    Raises:
        BadReplay: the file has other columns, a row that cannot be read, or a device that is not on record.
    """
    together: dict[tuple[float, str], dict[str, float]] = {}
    for device, element, at, value in _rows(path, devices):
        together.setdefault((at, device), {})[element] = value
    if not together:
        raise BadReplay("The file holds no readings")
    return [Line(device, Told(at, values)) for (at, device), values in sorted(together.items())]


def moved(lines: list[Line], as_of: float) -> list[Line]:
    """Return the reports moved so that the last is of an instant, seconds since 1970."""
    by = as_of - lines[-1].told.at
    return [Line(line.device, Told(line.told.at + by, line.told.values)) for line in lines]


def _rows(path: Path, devices: Collection[str]) -> Iterator[tuple[str, str, float, float]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise BadReplay("The columns are %(found)s, expected device,element,time,value", found=str(rows.fieldnames))
        for number, row in enumerate(rows, start=2):
            if row["device"] not in devices:
                raise BadReplay("Line %(line)d: there is no device %(device)s", line=number, device=str(row["device"]))
            yield row["device"], row["element"], _time(row["time"], number), _value(row["value"], number)


def _time(text: str, number: int) -> float:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise BadReplay("Line %(line)d: %(text)s is no time", line=number, text=str(text)) from None


def _value(text: str, number: int) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = float("nan")
    if not isfinite(value):
        raise BadReplay("Line %(line)d: %(text)s is no number", line=number, text=str(text))
    return value
