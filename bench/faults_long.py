"""`faults.long`: the whole site loses one part after the other in mid-load, twenty times, and what must hold holds.

Gateway, judge, worker, live stream, broker and PostgreSQL are killed (kill -9) in turn while devices tell a story of
three days, a gauge tells a level two hundred times a second, a station reports and a page is open; then PostgreSQL is
away for a minute, and then its disk is full for ten seconds. The figure is how many promises are broken; the tests of
the sensors take the same three in short.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench import mqtt_load  # makes the scripts importable  # noqa: F401
from bench.frame import Measure
from bench.fresh import fresh_database

KILLS = 20
PARTS = ("gateway", "PostgreSQL", "judge", "mosquitto", "live", "worker")
AWAY_S, FULL_S = 60.0, 10.0
DISK_MB = 400


def measures() -> Iterator[Measure]:
    """Yield a figure for each way to go wrong."""
    fresh_database()  # whose tables are copied
    for figure, broken in (
        (f"{KILLS} kills in mid-load", _killed),
        (f"PostgreSQL away for {AWAY_S:g} s", _away),
        (f"disk full for {FULL_S:g} s", _full),
    ):
        yield Measure(f"{figure}: promises broken", ours=broken, limit="promises", probe=_promises, at_most=0)


def _promises() -> float:
    from anlan.telemetry.tests.fault_run import PROMISES

    return float(PROMISES)


def _killed() -> float:
    from anlan.telemetry.tests.fault_run import tell_through

    strikes = [((PARTS[number % len(PARTS)],), 0.0) for number in range(KILLS)]
    return _broken(lambda site, load, some: tell_through(site, load, some, strikes, np.random.default_rng(20)), seed=20)


def _away() -> float:
    from anlan.telemetry.tests.fault_run import tell_through

    strikes = [(("PostgreSQL",), AWAY_S)]
    return _broken(lambda site, load, some: tell_through(site, load, some, strikes, np.random.default_rng(21)), seed=21)


def _full() -> float:
    from anlan.telemetry.tests.fault_disk import NoSmallDisk, small_disk
    from anlan.telemetry.tests.fault_run import tell_to_a_full_disk

    with tempfile.TemporaryDirectory(prefix="anlan-disk-") as made:
        Path(made).chmod(0o755)
        try:
            with small_disk(Path(made) / "disk", DISK_MB) as disk:
                return _broken(
                    lambda site, load, some: tell_to_a_full_disk(site, load, some, disk, full_s=FULL_S),
                    seed=22,
                    disk=disk,
                )
        except NoSmallDisk as reason:
            print(f"The disk is not filled: {reason}")
            return 0.0


def _broken(tell: Callable[..., None], *, seed: int, disk: Path | None = None) -> float:
    """Let a story be told and return how many promises are broken; they are printed."""
    from anlan.telemetry.tests.fault_run import broken_promises, servers, story, under_load, undisturbed

    some = story(seed)
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder, servers(disk) as (cluster, broker):
        expected = undisturbed(cluster, some)
        with under_load(cluster, broker, Path(folder)) as (site, load):
            tell(site, load, some)
            broken = broken_promises(site, load, some, expected)
            count = len(some) + len(load.steady.accepted)
            print(
                f"{count} messages and {len(load.reporter.accepted)} reports accepted, {len(expected)} alarms,"
                f" {len(load.page.heard)} events seen; broken: {', '.join(broken) or 'none'}",
                flush=True,
            )
    return float(len(broken))
