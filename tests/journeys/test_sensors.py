"""A river rises, the alarm comes to whoever has the map open, the duty officer answers it, and the river falls."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.gis.geos import Point
from django.utils.timezone import now
from playwright.sync_api import Locator, Page, expect

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, ELSEWHERE, person
from anlan.demo.simulator.wires import Addresses, Told, frame_of, send_frame
from anlan.onemap.tests.opened import IN_BROWSER, drawn
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.models import Alarm, Station
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.telemetry.tests.sl651_lines import forget_readings
from anlan.web.tests.live_process import HOST, LiveProcess, Running, eventually, free_port, holds_port

pytestmark = [*IN_BROWSER, pytest.mark.django_db(transaction=True)]
ANLAN = str(Path(sys.executable).with_name("anlan"))
ADDRESS, LEVEL = "9999010001", "39"
WARNING_M = 30.0
START_S = 60.0  # until a process is up, on a machine that does other things as well
SOON_MS = 30_000
STEP = timedelta(minutes=5)
# Slowly, so that nothing but the level itself alarms; the calm lasts longer than the rule's half hour of rest.
RISE_M = (29.96, 29.98, 30.0, 30.02)
FALL_M = (29.99, 29.95, 29.91, 29.87, 29.85, 29.85, 29.85, 29.85, 29.85, 29.85, 29.85, 29.85)
Report = Callable[[Iterable[float]], None]


@contextmanager
def beside(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of the system's processes on the tests' database; it is ended with the block."""
    environment = {
        **os.environ,  # noqa: TID251  a program started by hand has it too
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
        "ANLAN_SECRET_KEY": configured.SECRET_KEY,
        "ANLAN_FIELD_KEY": configured.FIELD_KEY,
        "ANLAN_DATABASE_NAME": str(configured.DATABASES["default"]["NAME"]),
    }
    process = subprocess.Popen([ANLAN, *arguments], env=environment)  # noqa: S603  our own command
    try:
        yield process
        assert process.poll() is None, f"{arguments[0]} ended by itself"
    finally:
        process.kill()
        process.wait()


@contextmanager
def streaming() -> Iterator[LiveProcess]:
    """Run the process `live` likewise."""
    running = Running()
    try:
        with running.counting() as process:
            yield process
    finally:
        running.end()


@pytest.fixture
def gauge(cast: object) -> Station:
    """A gauge at 柳溪镇 with its warning level, the county's rules, and who is to hear of it."""
    forget_readings()
    load_default_rules(county_code=COUNTY, at=now())
    made = station("R1", name="柳溪水文站", place=Point(109.65, 28.5, srid=4326))
    level = datastream(device("D1", at=made, protocol="sl651", address=ADDRESS), LEVEL, property="level")
    level.thresholds.create(quantity="reading", colour=2, value=WARNING_M)
    person("henry", Role.DUTY_OFFICER)
    person("sam", Role.DUTY_OFFICER, ELSEWHERE)
    return made


@pytest.fixture
def reports(gauge: Station, settings: Any) -> Iterator[Report]:
    """Return how the gauge reports one level each five minutes, while gateway, judge and live stream run."""
    port, serials = free_port(), count()
    first = now() - STEP * (len(RISE_M) + len(FALL_M))
    addresses = Addresses(mqtt="", sl651=(HOST, port), site="", datastreams={})

    def report(levels: Iterable[float]) -> None:
        for serial, level in zip(serials, levels, strict=False):
            told = Told((first + serial * STEP).timestamp(), {LEVEL: level})
            frame = frame_of(ADDRESS, serial, told, is_extra=level >= WARNING_M)
            pool.submit(asyncio.run, send_frame(addresses, frame)).result()  # the browser's loop holds this thread

    with (
        beside("judge"),
        beside("gateway", "--no-mqtt", "--sl651-host", HOST, "--sl651-port", str(port)),
        streaming() as live,
        ThreadPoolExecutor(1) as pool,
    ):
        settings.LIVE_PORT = live.port
        eventually(lambda: holds_port(port), START_S)
        yield report


def with_map(page: Page) -> Page:
    """Open the map, and leave a mark that a reload would wipe away."""
    page.goto("/map/")
    drawn(page)
    expect(page.locator(".onemap-live.is-live")).to_be_visible(timeout=SOON_MS)
    expect(page.locator("[data-part=alarm-count]")).to_be_hidden()
    page.evaluate("window.isSamePage = true")
    return page


def with_pages(reader: Page, listed: Page, gauge: Station) -> tuple[Page, Page]:
    """Open the gauge's page and the list of alarms, each with its mark."""
    reader.goto(f"/telemetry/stations/{gauge.pk}/")
    listed.goto("/telemetry/alarms/")
    expect(listed.locator("#alarms-now")).not_to_contain_text("柳溪水文站")
    for page in (reader, listed):
        page.evaluate("window.isSamePage = true")
    return reader, listed


def follow(reader: Page, listed: Page) -> None:
    """See both pages tell what came since they were opened."""
    expect(reader.locator("#station-now")).to_contain_text("30.02 m", timeout=SOON_MS)
    expect(reader.locator("#station-now .alarm-card")).to_contain_text("水位超警戒")
    expect(reader.locator("#station-charts .chart svg")).to_be_visible()
    expect(listed.locator("#alarms-now")).to_contain_text("柳溪水文站", timeout=SOON_MS)


def on_card(page: Page) -> Locator:
    """Return the level's alarm on the card; the device has its own, since it reports what was an hour ago."""
    return page.locator(".alarm-card .list-group-item", has_text="水位超警戒")


def answer(page: Page) -> None:
    """Find the alarm in the drawer, open its station's card there and acknowledge it."""
    page.locator("[data-tool=alarms]:visible").click()
    line = page.locator(".onemap-alarms li")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("未确认")
    line.locator("button").click()
    on_card(page).locator("button", has_text="确认告警").click()
    expect(on_card(page)).to_contain_text("已确认", timeout=SOON_MS)
    expect(on_card(page)).to_contain_text("Henry")


def test_an_alarm_comes_to_the_open_map_is_answered_and_clears(window, reports, gauge):
    officer, township, stranger = with_map(window("henry")), with_map(window("bob", width=390)), with_map(window("sam"))
    reader, listed = with_pages(window("alice"), window("alice", width=390), gauge)

    reports(RISE_M)
    follow(reader, listed)
    for page in (officer, township):
        expect(page.locator("#toasts")).to_contain_text("新告警：黄色 · 柳溪水文站", timeout=SOON_MS)
        expect(page.locator("[data-part=alarm-count]")).to_have_text("1")
    township.locator("[data-tool=alarms]:visible").click()
    expect(township.locator(".onemap-alarms .is-unseen")).to_have_count(1)

    answer(officer)
    expect(township.locator(".onemap-alarms li")).to_contain_text("已确认", timeout=SOON_MS)

    reports(FALL_M)
    expect(township.locator(".onemap-nothing")).to_be_visible(timeout=SOON_MS)
    for page in (officer, township):
        expect(page.locator("[data-part=alarm-count]")).to_be_hidden(timeout=SOON_MS)
    expect(on_card(officer)).to_have_count(0, timeout=SOON_MS)
    expect(reader.locator("#station-now")).to_contain_text("29.85 m", timeout=SOON_MS)
    expect(reader.locator("#station-now")).not_to_contain_text("水位超警戒", timeout=SOON_MS)

    expect(stranger.locator("#toasts")).not_to_contain_text("柳溪")
    expect(stranger.locator("[data-part=news]")).to_be_empty()
    assert all(page.evaluate("window.isSamePage") for page in (officer, township, stranger, reader, listed))
    alarm = Alarm.objects.get(kind="hazard")
    assert (alarm.rule_key, alarm.state, alarm.acknowledged_by_name) == ("level", "cleared", "Henry")
    stranger.goto("/telemetry/alarms/?state=cleared")
    expect(stranger.locator("main")).not_to_contain_text("柳溪")
    assert stranger.goto(f"/telemetry/alarms/{alarm.pk}/").status == 404
