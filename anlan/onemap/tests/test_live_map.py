"""What happens while map and wall are open: told by the real stream, shown without a reload."""

import json
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import person
from anlan.onemap.tests.opened import IN_BROWSER, SLOW_MS, drawn
from anlan.telemetry.actions.alarms import acknowledge_alarm
from anlan.telemetry.queries.alarms import ALARM_KIND, READ, STATIONS_KIND, alarm_facts
from anlan.web.live import publish_live

pytestmark = IN_BROWSER
HOURS, NEWS_AN_HOUR = 6, 60
MOST_GROWTH = 1.25  # of what is in use after all garbage is gone


def tell(alarm: Any, news: str, **changed: Any) -> None:
    content = {**alarm_facts(alarm), "news": news, **changed}
    publish_live(kind=ALARM_KIND, division_code=alarm.division_code, content=content, capability=READ, at=now())


def test_an_alarm_comes_pulses_is_listed_and_goes_without_a_reload(opened, live, alarm):
    page = drawn(opened())
    expect(page.locator(".onemap-live.is-live")).to_be_visible(timeout=SLOW_MS)
    page.evaluate("window.isSamePage = true")

    tell(alarm, "raised", id=alarm.pk + 1, colour=4)
    expect(page.locator("#toasts")).to_contain_text("红色 · 柳溪水文站")
    expect(page.locator("[data-part=alarm-count]")).to_have_text("2")
    page.locator("[data-tool=alarms]:visible").click()
    expect(page.locator(".onemap-alarms li")).to_have_count(2)
    expect(page.locator(".onemap-pulse")).to_have_count(0, timeout=SLOW_MS)  # it pulses once, then sits still
    tell(alarm, "cleared", id=alarm.pk + 1, state="cleared")

    expect(page.locator(".onemap-alarms li")).to_have_count(1)
    assert page.evaluate("window.isSamePage")


def test_in_a_storm_the_newest_alarms_are_told_and_the_map_is_not_covered(opened, live, alarm):
    page = drawn(opened())
    expect(page.locator(".onemap-live.is-live")).to_be_visible(timeout=SLOW_MS)

    for number in range(1, 6):
        tell(alarm, "raised", id=alarm.pk + number, station=alarm.station_id + number, name=f"{number}号站")

    expect(page.locator("#toasts .toast").last).to_contain_text("5号站", timeout=SLOW_MS)
    expect(page.locator("#toasts .toast")).to_have_count(3)
    expect(page.locator("[data-part=alarm-count]")).to_have_text("6")


def test_what_ails_a_device_is_no_alarm_on_the_map(opened, live, alarm):
    page = drawn(opened())
    expect(page.locator(".onemap-live.is-live")).to_be_visible(timeout=SLOW_MS)

    tell(alarm, "raised", id=alarm.pk + 1, kind="device")
    tell(alarm, "raised", id=alarm.pk + 2)

    expect(page.locator("[data-part=alarm-count]")).to_have_text("2")


def in_use(page: Page) -> tuple[int, int]:
    """Return the nodes and the bytes of the page that are in use after all garbage is gone."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return int(told["Nodes"]), int(told["JSHeapUsedSize"])


# A stream of our own at the page's edge: hours of news go by in seconds.
QUICK_STREAM = """
window.sources = [];
window.EventSource = class extends EventTarget {
  constructor() { super(); this.readyState = 1; window.sources = [this]; setTimeout(() => this.dispatchEvent(new Event("open"))); }
  close() { this.readyState = 2; }
};
window.EventSource.CLOSED = 2;
window.told = 0;
window.tell = (kind, content) => {
  const event = new MessageEvent(kind, { data: JSON.stringify(content), lastEventId: String(++window.told) });
  window.sources.forEach((source) => source.dispatchEvent(event));
};
window.hour = async (alarm, station, count) => {
  for (let minute = 0; minute < count; minute += 1) {
    const id = 100_000 + window.told;
    window.tell("telemetry.alarm", { ...alarm, id, news: "raised", state: "raised" });
    window.tell("telemetry.stations", { stations: [[station, minute % 5, 0, { level: minute }]] });
    window.tell("telemetry.alarm", { ...alarm, id, news: "cleared", state: "cleared" });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
"""  # noqa: E501


@pytest.mark.parametrize("path", ["/map/wall/", "/map/"])
def test_hours_of_news_leave_the_page_as_large_as_it_was(opened, alarm, path):
    page = opened("/map/plain/", width=640, height=480)  # drawn by software: small is quick
    page.add_init_script(QUICK_STREAM)
    page.goto(path)
    drawn(page)
    hour = f"hour({json.dumps({**alarm_facts(alarm), 'news': 'raised'})}, {alarm.station_id}, {NEWS_AN_HOUR})"

    page.evaluate(hour)  # what is made once and kept
    page.wait_for_timeout(10_000)
    nodes, heap = in_use(page)
    for _each in range(HOURS):
        page.evaluate(hour)
    page.wait_for_timeout(10_000)
    nodes_after, heap_after = in_use(page)

    assert nodes_after <= nodes * MOST_GROWTH
    assert heap_after <= heap * MOST_GROWTH
    assert page.evaluate("told") == 3 * NEWS_AN_HOUR * (HOURS + 1)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 1080)])
def test_the_wall_fills_its_screen_and_has_no_scroll_bar(opened, alarm, width, height):
    page = drawn(opened("/map/wall/", width=width, height=height))

    root = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    over = page.evaluate(
        "[...document.querySelectorAll('.wall *')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY)).length"  # noqa: E501
    )
    trend = page.locator(".wall-chart canvas").bounding_box()
    assert root == [width, height]
    assert over == 0
    assert trend
    assert trend["width"] > width / 8


def test_the_wall_tells_an_alarm_without_a_reload(opened, live, alarm):
    page = drawn(opened("/map/wall/"))
    expect(page.locator(".wall-state.is-live")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("[data-part=unanswered] li")).to_contain_text(["柳溪水文站"])

    ida = person("ida", Role.DUTY_OFFICER)
    acknowledge_alarm(actor=ida, alarm_id=alarm.pk, expected_version=alarm.version, at=now())

    expect(page.locator("[data-part=unanswered]")).to_contain_text("告警已全部确认", timeout=SLOW_MS)


def test_a_station_changes_its_colour_when_it_is_told(opened, live, gauge):
    page = drawn(opened("/map/#map=13/28.1/109.1&layers=stations"))
    expect(page.locator(".onemap-live.is-live")).to_be_visible(timeout=SLOW_MS)
    before = page.locator("[data-part=canvas]").screenshot()

    content = {"stations": [[gauge.pk, 4, 0, {}]]}
    publish_live(kind=STATIONS_KIND, division_code=gauge.division_code, content=content, capability=READ, at=now())
    page.wait_for_timeout(3_000)

    assert page.locator("[data-part=canvas]").screenshot() != before
