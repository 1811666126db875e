"""Real records through the whole way, from the store to the alarms: a slope that did not fail, two rivers."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.core.series import DAY, HOUR
from anlan.telemetry.models import Alarm, Latest, Threshold
from anlan.telemetry.queries.rehearsal import rehearse_on_history
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import alarm_story, book, run_until_judged, told

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
FAILURES = [("ATU1", 0.5, 60), ("ATU4", 0.5, 90), ("ATU5", 1.0, 90)]  # mm/day at the beginning, days to the failure
Records = dict[str, list[tuple[float, float]]]


def slope(shared: Path) -> Records:
    with (shared / "landslide" / "monitoring_data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["Date"]).replace(tzinfo=UTC).timestamp() for row in rows]
    names = [name.removesuffix("/mm") for name in rows[0] if name.startswith(("MJ", "ATU"))]
    return {name: [(time, float(row[f"{name}/mm"])) for time, row in zip(times, rows, strict=True)] for name in names}


def site(names: list[str]) -> None:
    for name in names:
        point = make.device(name, at=make.station(name, kind="landslide", site="Outang"))
        make.datastream(
            point,
            "displacement",
            interval_s=DAY,
            uniform_mm_d=0.1,
            uniform_by_name="Alice",
            uniform_by_id=1,
            spike=None,
        )
    book(default_rules().of("slope-stage"))


def failing(record: list[tuple[float, float]], speed: float, days: int) -> list[tuple[float, float]]:
    """Return the days after a record until the last whole one before failure: 1/v falls in a line."""
    last, moved = record[-1]
    steps = np.arange(1, days)
    return [
        (last + step * DAY, moved + more)
        for step, more in zip(steps.tolist(), (speed * days * np.log(days / (days - steps))).tolist(), strict=True)
    ]


def test_a_real_slope_that_did_not_fail_calls_a_person_once(shared):
    records = slope(shared)
    site(list(records))

    judge = None
    for since, until in pairwise(range(0, len(records["MJ1"]) + 90, 90)):
        for name, record in records.items():
            some = record[since:until]
            if some:
                told(name, "displacement", some, arrived=some[-1][0])
        judge = run_until_judged(judge)

    highest = [story[3] for story in alarm_story()]
    assert Colour.RED not in highest
    assert highest.count(Colour.ORANGE) <= 1
    assert {story[1] for story in alarm_story()} == {"site:999901:Outang"}


@pytest.mark.parametrize(("name", "speed", "days"), FAILURES)
def test_a_slope_that_fails_is_orange_a_week_ahead(shared, name, speed, days):
    record = slope(shared)[name]
    site([name])
    told(name, "displacement", record, arrived=record[-1][0])
    judge = run_until_judged()

    for moment, value in failing(record, speed, days):
        told(name, "displacement", [(moment, value)], arrived=moment)
        run_until_judged(judge)

    failure = datetime.fromtimestamp(record[-1][0] + days * DAY, UTC)
    alarm = Alarm.objects.latest("raised_at")
    orange = alarm.news.filter(colour__gte=Colour.ORANGE, is_withdrawn=False).earliest("at")
    assert failure - orange.at >= timedelta(days=7)


def river(shared: Path, kind: str, code: str) -> list[tuple[float, float]]:
    found = []
    for path in sorted((shared / "rivers").glob(f"{kind}_{code}_2018*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                day, hour = row["ymdh"][:8], int(row["ymdh"][8:])
                begin = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).timestamp()
                if row[kind].strip():
                    found.append((begin + hour * HOUR, float(row[kind])))
    return found


def test_a_year_of_a_real_river_is_judged_as_its_rule_is_rehearsed(shared):
    levels, rain = river(shared, "wl", "1018630"), river(shared, "rf", "10184110")
    station = make.station("1018630")
    level = make.datastream(make.device("W", at=station), "level", lowest=None, highest=None)
    make.datastream(make.device("R", at=station), "rain")
    limits = np.quantile([value for _, value in levels], [0.99, 0.999]).round(2).tolist()
    for colour, limit in zip((Colour.YELLOW, Colour.ORANGE), limits, strict=True):
        Threshold.objects.create(datastream=level, quantity="reading", colour=colour, value=limit)
    book()

    judge = None
    for part in range(12):
        for device, element, record in (("W", "level", levels), ("R", "rain", rain)):
            some = record[part * 732 : (part + 1) * 732]
            told(device, element, some, arrived=some[-1][0])
        judge = run_until_judged(judge)

    [(_, expected)] = rehearse_on_history("999901000000", default_rules().of("level"), levels[0][0] - 1, levels[-1][0])
    alarms = list(Alarm.objects.filter(rule_key="level").exclude(state="withdrawn").order_by("raised_at"))
    assert [(each.raised_at.timestamp(), each.highest) for each in alarms] == [
        (each.raised_at, each.highest) for each in expected
    ]
    assert any(each.highest == Colour.ORANGE for each in alarms)
    assert Latest.objects.count() == 2
