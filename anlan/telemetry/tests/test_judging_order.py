"""Alarms are a function of the readings: in whatever order, batches and repetitions they come, whoever judges them."""

from typing import Any

import numpy as np
import pytest
from django.db import transaction

from anlan.telemetry.core.series import DAY, HOUR
from anlan.telemetry.judging.rounds import Judge
from anlan.telemetry.models import Latest, Reading, Threshold
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import T, alarm_story, book, run_until_judged, told

pytestmark = pytest.mark.django_db
Told = tuple[str, str, float, float]  # device, element, time, value
START = T - 3 * DAY


class Undone(Exception):
    """The run is over; the next begins where it began."""


def register() -> None:
    """Register two gauges of a river, a rain gauge, and a slope with three points."""
    for code in ("D1", "D2"):
        level = make.datastream(make.device(code, at=make.station(f"R{code}")), interval_s=300.0, spike=2.0)
        for colour, limit in ((2, 102.0), (3, 103.0), (4, 104.0)):
            Threshold.objects.create(datastream=level, quantity="reading", colour=colour, value=limit)
    make.datastream(make.device("D3", at=make.station("P1", kind="rain")), "rain", interval_s=300.0)
    make.datastream(make.device("D4", at=make.station("P2", kind="rain")), "rain", interval_s=3600.0, is_counter=True)
    for place in range(3):
        point = make.device(f"G{place}", at=make.station(f"S{place}", kind="landslide", site="East slope"))
        make.datastream(
            point,
            "displacement",
            interval_s=HOUR,
            uniform_mm_d=0.2,
            uniform_by_name="Alice",
            uniform_by_id=1,
            spike=200.0,
        )
    book()


def readings(rng: np.random.Generator) -> list[Told]:
    """Return three days of readings that raise alarms of every kind of figure, with holes and spikes."""
    found: list[Told] = []
    steps = np.arange(START, T, 300.0)
    for code in ("D1", "D2"):
        waves = 101 + 1.5 * np.sin((steps - START) / rng.uniform(8000, 30000) + rng.uniform(0, 6))
        values = np.round(waves + rng.normal(0, 0.15, len(steps)), 2)
        values[rng.random(len(steps)) < 0.01] += 40.0
        found += [(code, "level", *each) for each in zip(steps.tolist(), values.tolist(), strict=True)]
    storm = np.where(rng.random(len(steps)) < 0.15, rng.exponential(6.0, len(steps)), 0.0).round(1)
    found += [("D3", "rain", *each) for each in zip(steps.tolist(), storm.tolist(), strict=True)]
    hours = np.arange(START - 20 * DAY, T, HOUR)
    counter = np.cumsum(np.where(rng.random(len(hours)) < 0.2, rng.exponential(15.0, len(hours)), 0.0)).round(1)
    found += [("D4", "rain", *each) for each in zip(hours.tolist(), counter.tolist(), strict=True)]
    for place in range(3):
        pace = np.where(hours > START - rng.uniform(-1, 2) * DAY, rng.uniform(3, 12), 0.2) / 24
        moved = np.round(np.cumsum(pace) + rng.normal(0, 0.05, len(hours)), 3)
        found += [(f"G{place}", "displacement", *each) for each in zip(hours.tolist(), moved.tolist(), strict=True)]
    kept = rng.random(len(found)) > 0.03
    return sorted(
        (each for each, is_kept in zip(found, kept.tolist(), strict=True) if is_kept), key=lambda each: each[2]
    )


def story_of(batches: list[list[Told]], *, is_killed: bool = False) -> tuple[Any, ...]:
    """Return what is told when the batches come one after the other, and leave the store as it was."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            judge: Judge | None = None
            for batch in batches:
                keep_all(batch)
                judge = run_until_judged(None if is_killed else judge)
            found += [alarm_story(), list(Latest.objects.order_by("pk").values_list("pk", "time", "value"))]
            found.append(list(Reading.objects.order_by("datastream_id", "time").values_list("flags", flat=True)))
            raise Undone
    except Undone:
        return tuple(found)


def keep_all(batch: list[Told]) -> None:
    for device, element in sorted({each[:2] for each in batch}):
        some = [each[2:] for each in batch if each[:2] == (device, element)]
        told(device, element, some, arrived=T)


def parts(some: list[Told], size: int) -> list[list[Told]]:
    return [some[first : first + size] for first in range(0, len(some), size)]


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_and_in_any_batches(seed):
    rng = np.random.default_rng(seed)
    register()
    some = readings(rng)
    expected = story_of([some])
    assert {each[0] for each in expected[0]} >= {"level", "rain", "rain-24h", "slope-speed", "slope-stage"}

    in_order = story_of(parts(some, 400))
    by_the_hour = sorted(some, key=lambda each: each[2] + rng.uniform(0, HOUR))
    by_the_day = sorted(some, key=lambda each: each[2] + rng.uniform(0, DAY))
    twice = [each for pair in zip(by_the_hour, by_the_hour, strict=True) for each in pair]

    assert in_order == expected
    assert story_of(parts(by_the_hour, 400)) == expected
    assert story_of(parts(twice, 1500), is_killed=True) == expected
    assert story_of(parts(by_the_day, 700)) == expected


@pytest.mark.parametrize("seed", range(2))
def test_one_device_long_after_another(seed):
    rng = np.random.default_rng(seed)
    register()
    some = readings(rng)
    expected = story_of([some])

    by_device = sorted(some, key=lambda each: (each[0], each[2]))
    lagging = sorted(some, key=lambda each: each[2] + (2 * DAY if each[0] in {"G1", "D2"} else 0.0))

    assert story_of(parts(by_device, 450)) == expected
    assert story_of(parts(lagging, 450)) == expected
    assert story_of(parts(lagging, 150), is_killed=True) == expected


def test_another_value_of_the_same_instant_is_ignored():
    register()
    some = readings(np.random.default_rng(7))
    expected = story_of([some])

    again = [(*each[:3], each[3] + 50.0) for each in some if each[0] == "D1"]

    assert story_of([some, again]) == expected
    assert story_of([some, again], is_killed=True) == expected
