"""The one map in the real browser: what a person at the desk does with it."""

import re

import chromium  # scripts/chromium.py
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Playwright, expect

from anlan.onemap.tests.opened import IN_BROWSER, SLOW_MS, drawn, press_map

pytestmark = IN_BROWSER
GRAVE = {"serious", "critical"}


def test_a_layer_that_is_hidden_is_told_by_the_address_and_stays_hidden(opened):
    page = drawn(opened())

    page.get_by_role("checkbox", name="河流", exact=True).uncheck()
    expect(page).not_to_have_url(re.compile("layers=[^&]*rivers"))
    expect(page).to_have_url(re.compile("layers=[^&]*townships"))
    page.reload()
    drawn(page)

    expect(page.get_by_role("checkbox", name="河流", exact=True)).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="乡镇", exact=True)).to_be_checked()


def test_a_view_that_was_sent_opens_where_it_was(opened):
    page = drawn(opened("/map/#map=13.00/28.12000/109.12000&layers=townships&opacity=townships:40"))

    expect(page).to_have_url(re.compile(r"map=13\.00/28\.12000/109\.12000&layers=townships&opacity=townships:40"))


def test_what_is_searched_by_pinyin_is_chosen_by_keys_alone(opened):
    page = drawn(opened())

    page.get_by_role("combobox").fill("lxswz")
    expect(page.get_by_role("option")).to_contain_text(["柳溪水文站"], timeout=SLOW_MS)
    page.get_by_role("combobox").press("Enter")

    expect(page.locator(".onemap-card")).to_contain_text("柳溪水文站", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(r"sel=stations:\d+"))


def test_the_card_of_a_pressed_station_opens_and_closes_by_escape(opened):
    page = drawn(opened("/map/#map=13/28.1/109.1&layers=stations"))

    press_map(page, (0.5, 0.5))
    expect(page.locator(".onemap-card")).to_contain_text("柳溪水文站", timeout=SLOW_MS)
    page.keyboard.press("Escape")

    expect(page.locator(".onemap-dock")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("sel="))


def test_an_alarm_is_acknowledged_without_leaving_the_map(opened, alarm):
    page = drawn(opened())

    page.locator("[data-tool=alarms]:visible").click()
    page.locator(".onemap-alarms button").click()
    page.locator(".onemap-card form button.btn-primary").first.click(timeout=SLOW_MS)
    expect(page.locator(".onemap-card")).to_contain_text("已确认", timeout=SLOW_MS)

    assert "/map/" in page.url
    alarm.refresh_from_db()
    assert alarm.state == "acknowledged"


def test_a_length_is_measured_point_by_point(opened):
    page = drawn(opened("/map/#map=13/28.1/109.1"))

    page.locator("[data-tool=distance]").click()
    press_map(page, (0.45, 0.5), (0.6, 0.5), (0.6, 0.6))

    expect(page.locator(".onemap-sketch-words")).to_have_text(re.compile(r"长度 \d+\.\d\d km"))
    page.get_by_role("button", name="撤回一点").click()
    expect(page.locator(".onemap-sketch-words")).to_have_text(re.compile(r"长度 \d+\.\d\d km"))


def test_a_length_is_measured_by_keys_alone(opened):
    page = drawn(opened("/map/#map=13/28.1/109.1"))

    page.locator("[data-tool=distance]").press("Enter")
    canvas = page.locator(".maplibregl-canvas")
    canvas.press("Enter")
    canvas.press("ArrowRight")
    page.wait_for_timeout(600)
    canvas.press("Enter")

    expect(page.locator(".onemap-sketch-words")).to_have_text(re.compile(r"长度 [\d,.]+ k?m"))


def test_an_area_that_is_drawn_lists_what_is_inside_and_is_taken_away(opened):
    page = drawn(opened("/map/#map=11.5/28.1/109.1"))

    page.locator("[data-tool=inside]").click()
    press_map(page, (0.4, 0.3), (0.7, 0.3), (0.7, 0.7), (0.4, 0.7))
    page.locator(".onemap-sketch .btn-primary").click()

    expect(page.locator(".onemap-dock")).to_contain_text("柳溪水文站", timeout=SLOW_MS)
    expect(page.locator(".onemap-dock")).to_contain_text("柳溪村")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出为工作簿").click()
    assert taken.value.suggested_filename.endswith(".xlsx")


def test_the_past_is_shown_and_left_again(opened):
    page = drawn(opened())

    page.locator("[data-tool=time]").click()
    slider = page.get_by_role("slider", name="时间")
    expect(page.locator(".onemap-time-words")).to_have_text("当前（实时）", timeout=SLOW_MS)
    slider.press("ArrowLeft")
    expect(page.locator(".onemap-live")).to_contain_text("正在查看")
    expect(page).to_have_url(re.compile("ago=10"))
    page.get_by_role("button", name="当前", exact=True).click()

    expect(page).not_to_have_url(re.compile("ago="))


def test_without_webgl_the_plain_page_opens(opened, playwright: Playwright):
    browser = chromium.launched(playwright, *chromium.WITHOUT_WEBGL)

    page = opened(browser=browser)

    expect(page).to_have_url(re.compile("/map/plain/"), timeout=SLOW_MS)
    browser.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_map_has_no_grave_fault_for_those_who_cannot_see_it(opened, alarm, width):
    page = drawn(opened(width=width))
    page.locator("[data-tool=alarms]:visible").click()
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")

    found = Axe().run(page).response["violations"]

    assert [fault["id"] for fault in found if fault["impact"] in GRAVE] == []


def test_on_a_phone_nothing_hangs_over_and_the_layers_are_a_drawer(opened):
    page = drawn(opened(width=390, height=844))

    expect(page.locator(".onemap-panel")).to_be_hidden()
    page.locator(".onemap-bar [data-tool=layers]").click()
    expect(page.get_by_role("checkbox", name="河流", exact=True)).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == 390
