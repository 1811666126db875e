"""How everything is measured: beside a peer where there is one, and against what this machine can do at best.

The limit is probed before and after; when the two differ by more than 15 % something else was running, and the figure
is taken again, at most five times. Each figure is one line for people and one JSON line in var/bench.jsonl.
"""

import gc
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

OUT = Path(__file__).resolve().parents[1] / "var" / "bench.jsonl"
TRIES = 5
AGREE = 0.15
Probe = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure to be taken; less is better in all of them.

    `ours` and `peer_value` return what they cost; `probe` what the limit costs. Goals: `at_most`, in the figure's own
    unit; `times_peer`, how many times better than the peer; `times_limit`, at most so many times the limit.
    """

    figure: str
    ours: Probe
    limit: str
    probe: Probe
    peer: str = ""
    peer_value: Probe | None = None
    at_most: float | None = None
    times_peer: float | None = None
    times_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is written of a figure; the names are those of the JSON lines."""

    bench: str
    figure: str
    ours: float
    peer: str | None
    peer_value: float | None
    ratio: float | None
    limit: str
    limit_ratio: float
    valid: bool
    ok: bool


def seconds_of(work: Callable[[], object], repeats: int = 3, *, pauses: bool = True) -> float:
    """Return the least time that a piece of work took; without pauses to clear up, each follows the one before."""
    times = []
    for number in range(repeats):
        if pauses or number == 0:
            gc.collect()
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def take(bench: str, measure: Measure) -> Line:
    """Take one figure, again while the machine is not quiet."""
    for attempt in range(1, TRIES + 1):
        before = measure.probe()
        ours = measure.ours()
        peer = measure.peer_value() if measure.peer_value else None
        after = measure.probe()
        valid = abs(before - after) <= AGREE * min(before, after)
        if valid or attempt == TRIES:
            break
    limit = (before + after) / 2
    return Line(
        bench=bench,
        figure=measure.figure,
        ours=_short(ours),
        peer=measure.peer or None,
        peer_value=None if peer is None else _short(peer),
        ratio=None if peer is None else _short(peer / ours),
        limit=measure.limit,
        limit_ratio=_short(ours / limit),
        valid=valid,
        ok=_is_met(measure, ours, peer, limit),
    )


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _is_met(measure: Measure, ours: float, peer: float | None, limit: float) -> bool:
    return (
        (measure.at_most is None or ours <= measure.at_most)
        and (measure.times_peer is None or (peer is not None and peer >= measure.times_peer * ours))
        and (measure.times_limit is None or ours <= measure.times_limit * limit)
    )


def run(bench: str, measures: Iterable[Measure], console: Console) -> list[Line]:
    """Take the figures of a bench, print them and append them to the file."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for measure in measures:
        lines.append(take(bench, measure))
        with OUT.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(lines[-1]), ensure_ascii=False) + "\n")
    console.print(_table(bench, lines))
    return lines


def _table(bench: str, lines: Iterable[Line]) -> Table:
    table = Table(title=bench)
    for heading in ("figure", "ours", "peer", "its value", "times better", "limit", "ours / limit", "valid", "goal"):
        table.add_column(heading, justify="left" if heading in {"figure", "peer", "limit"} else "right")
    for line in lines:
        table.add_row(
            line.figure,
            f"{line.ours:.4g}",
            line.peer or "–",
            "–" if line.peer_value is None else f"{line.peer_value:.4g}",
            "–" if line.ratio is None else f"{line.ratio:.3g}",
            line.limit,
            f"{line.limit_ratio:.3g}",
            "yes" if line.valid else "NO",
            "met" if line.ok else "MISSED",
        )
    return table
