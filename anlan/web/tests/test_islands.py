"""The browser's part of the pages in the real browser, under the policy that the site sends."""

import re
from collections.abc import Iterator
from typing import Any

import chromium  # scripts/chromium.py
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from anlan.web.tests.trial_site import BUILT, TrialSite

# Playwright keeps an event loop in this thread; the tables are read between its steps, never within one.
pytest.MonkeyPatch().setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

LOWEST, MIDDLE, BEST, MISSING = "#d9a25f", "#dce7f1", "#1d4e89", "#eceef1"
METRICS = (("score", "总分"), ("org", "组织"))
SCORES = (95.0, 62.0, 41.0, None)
SLOW_MS = 30_000


pytestmark = [
    pytest.mark.skipif(chromium.program() is None, reason=chromium.NONE_HERE),
    pytest.mark.skipif(not (BUILT / "map.js").exists(), reason="the pages' scripts are not built (npm run build)"),
]


@pytest.fixture(scope="module")
def with_webgl(playwright: Playwright) -> Iterator[Browser]:
    browser = chromium.launched(playwright, *chromium.DRAWN_BY_SOFTWARE)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def without_webgl(playwright: Playwright) -> Iterator[Browser]:
    browser = chromium.launched(playwright, *chromium.WITHOUT_WEBGL)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site() -> Iterator[TrialSite]:
    site = TrialSite()
    yield site
    site.close()


def window(browser: Browser, *, width: int = 1200) -> Page:
    """Return a window that remembers what the page complained of."""
    page = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda told: page.complaints.append(told.text) if told.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    return page


@pytest.fixture
def page(without_webgl: Browser) -> Iterator[Page]:
    page = window(without_webgl)
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]
    page.close()


def square(index: int, properties: dict[str, Any]) -> dict[str, Any]:
    west = 109 + index * 0.1
    ring = [[west, 28], [west + 0.1, 28], [west + 0.1, 28.1], [west, 28.1], [west, 28]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def trial_map(site: TrialSite, path: str, *, draw_by: str = "") -> str:
    """Put in a page with a map of four villages and a river; return its address."""
    villages = [
        square(index, {"code": f"99990110120{index}", "name": f"村{index}", "score": score, "org": 100 - (score or 0)})
        for index, score in enumerate(SCORES)
    ]
    river = {"type": "LineString", "coordinates": [[109, 28.02], [109.4, 28.03]]}
    colour = {"property": "score", "stops": [[0, LOWEST], [60, MIDDLE], [90, BEST]], "missing": MISSING}
    fill = {
        "key": "villages", "title": "村", "kind": "fill", "label": "name", "link": "/places/{code}/",
        "url": site.data(f"{path}villages.geojson", {"type": "FeatureCollection", "features": villages}),
        "card": [["总分", "score"], ["组织", "org"]], "colour": colour,
    }  # fmt: skip
    line = {
        "key": "rivers", "title": "河流", "kind": "line", "label": "name",
        "url": site.data(f"{path}rivers.geojson", {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "清溪"}, "geometry": river}]}),
    }  # fmt: skip
    settings = {
        "layers": [line, fill],
        "metrics": [{"key": key, "title": title, "layers": ["villages"]} for key, title in METRICS],
        "metric": "score",
        "bounds": [109, 28, 109.4, 28.1],
        "legend": [[BEST, "≥ 90"], [MIDDLE, "60–90"], [LOWEST, "低于 60"], [MISSING, "未评分"]],
    }  # fmt: skip
    by = f' data-draw-by="{draw_by}"' if draw_by else ""
    body = f'<div class="map" data-map="map-1"{by} role="application" aria-label="得分图"></div>'
    return site.page(path, body, **{"map-1": settings})


def colour_in_canvas(page: Page, x: float, y: float) -> str:
    """Return the colour that WebGL drew at a point of the map."""
    bytes_ = page.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector('.maplibregl-canvas'), context = canvas.getContext('webgl2');
            const share = canvas.width / canvas.clientWidth, pixel = new Uint8Array(4);
            context.readPixels(x * share, canvas.height - y * share, 1, 1, context.RGBA, context.UNSIGNED_BYTE, pixel);
            return [...pixel];
        }""",
        [x, y],
    )
    return "#" + "".join(f"{value:02x}" for value in bytes_[:3])


def fills(page: Page) -> list[str | None]:
    return [path.get_attribute("fill") for path in page.locator(".map-svg .map-fill path").all()]


def test_the_map_is_drawn_by_webgl_under_the_policy(with_webgl: Browser, site: TrialSite):
    page = window(with_webgl)
    page.goto(trial_map(site, "/gl/", draw_by="webgl"))
    expect(page.locator("[data-map-state=ready]")).to_have_attribute("data-map-by", "webgl", timeout=SLOW_MS)
    box = page.locator(".map-canvas").bounding_box()
    assert box is not None
    # Villages fill the view from west to east beside the panel; two thirds down the first no name stands.
    scene = [(box["width"] - 240) / 4 * (index + 0.5) + 240 for index in range(4)]

    colours = [colour_in_canvas(page, x, box["height"] / 2 - 60) for x in scene]

    assert colours == [BEST, MIDDLE, LOWEST, MISSING]
    page.mouse.click(box["x"] + scene[0], box["y"] + box["height"] / 2 - 60)
    expect(page.locator(".map-card h3")).to_have_text("村0")
    expect(page.locator(".map-card a")).to_have_attribute("href", "/places/999901101200/")
    assert page.complaints == []  # type: ignore[attr-defined]
    page.close()


def test_without_webgl_the_same_map_is_drawn_plainly(page: Page, site: TrialSite):
    page.goto(trial_map(site, "/svg/"))

    expect(page.locator("[data-map-state=ready]")).to_have_attribute("data-map-by", "svg")

    assert sorted(map(str, fills(page))) == sorted([BEST, MIDDLE, LOWEST, MISSING])
    expect(page.locator(".map-names text")).to_have_text([f"村{index}" for index in range(4)])
    assert page.locator(".map-legend .map-count").all_inner_texts() == ["1", "1", "1", "1"]
    assert page.locator(".map-layers .map-count").all_inner_texts() == ["4", "1"]
    assert page.locator(".map-panel select option").all_inner_texts() == ["总分", "组织"]


def test_another_metric_recolours_map_legend_and_address(page: Page, site: TrialSite):
    page.goto(trial_map(site, "/metric/"))
    expect(page.locator("[data-map-state=ready]")).to_be_visible()

    page.locator(".map-panel select").select_option("org")

    assert page.locator(".map-legend .map-count").all_inner_texts() == ["1", "0", "3", "0"]
    assert "metric=org" in page.url
    page.reload()
    expect(page.locator("[data-map-state=ready]")).to_be_visible()
    expect(page.locator(".map-panel select")).to_have_value("org")
    assert fills(page).count(BEST) == 1


def test_a_place_is_found_by_name_with_the_keyboard_alone(page: Page, site: TrialSite):
    page.goto(trial_map(site, "/find/"))
    expect(page.locator("[data-map-state=ready]")).to_be_visible()

    page.locator(".map-finder input").fill("村2")
    page.keyboard.press("Enter")

    expect(page.locator(".map-card h3")).to_have_text("村2")
    expect(page.locator(".map-marks .is-chosen")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".map-card")).to_be_hidden()


def test_a_layer_is_switched_off_and_stays_off_for_a_colleague(page: Page, site: TrialSite):
    page.goto(trial_map(site, "/layers/"))
    expect(page.locator("[data-map-state=ready]")).to_be_visible()

    page.get_by_label("河流").uncheck()

    expect(page.locator(".map-svg .map-line")).to_have_attribute("visibility", "hidden")
    assert page.url.endswith("layers=villages")
    page.reload()
    expect(page.get_by_label("河流")).not_to_be_checked()


def test_a_map_that_did_not_load_says_so_and_tries_again(without_webgl: Browser, site: TrialSite):
    page = window(without_webgl)
    address = trial_map(site, "/broken/")
    site.failures = {"/broken/villages.geojson": 1, "/broken/rivers.geojson": 1}
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("地图未能载入")

    page.get_by_role("alert").get_by_role("button").click()

    expect(page.locator("[data-map-state=ready]")).to_be_visible()
    assert len(fills(page)) == 4
    page.close()


def test_charts_are_drawn_and_read_aloud(page: Page, site: TrialSite):
    radar = {"kind": "radar", "axes": ["组织", "能力"], "series": [{"name": "柳溪镇", "values": [82, None]}]}
    bars = {
        "kind": "bar",
        "horizontal": True,
        "categories": ["甲", "乙"],
        "series": [{"name": "障碍度", "values": [3, 2]}],
    }
    body = '<div class="chart" data-chart="c1"></div><div class="chart" data-chart="c2"></div>'
    page.goto(site.page("/charts/", body, c1=radar, c2=bars))

    expect(page.locator(".chart svg")).to_have_count(2)
    expect(page.locator(".chart svg").first).to_contain_text("组织")
    expect(page.locator(".chart").first).to_have_attribute("aria-label", re.compile("柳溪镇: 组织 82, 能力 –"))
    page.locator(".chart").last.hover()
    expect(page.locator(".chart svg").last).to_contain_text("障碍度")


def test_a_dangerous_button_says_first_what_will_happen(page: Page, site: TrialSite):
    site.page("/closed/", "<p>closed</p>")
    body = '<form method="post" action="/closed/" data-confirm="关闭本轮摸底？"><button>关闭</button></form>'
    page.goto(site.page("/danger/", body))
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("dialog")).to_contain_text("关闭本轮摸底？")

    page.locator("dialog").get_by_role("button", name="取消").click()
    expect(page.locator("dialog")).to_have_count(0)
    assert page.url.endswith("/danger/")
    page.get_by_role("button", name="关闭").click()
    page.locator("dialog").get_by_role("button", name="关闭").click()

    page.wait_for_url("**/closed/")


def test_typed_text_comes_back_after_the_page_was_left(page: Page, site: TrialSite):
    address = site.page("/keep/", '<form id="note"><textarea name="reason" data-keep></textarea></form>')
    page.goto(address)
    page.locator("textarea").fill("台账缺少签名")

    page.goto(site.page("/elsewhere/", "<p>elsewhere</p>"))
    page.goto(address)

    expect(page.locator("textarea")).to_have_value("台账缺少签名")


def test_the_mark_of_saving_outlives_the_form_that_was_replaced(page: Page, site: TrialSite):
    form = (
        '<form id="M02" hx-post="/swapped/" hx-trigger="change" hx-swap="outerHTML"><input name="M02" aria-label="M02">'
    )
    site.answers["/swapped/"] = ("text/html", f"{form}</form>".encode())
    page.goto(site.page("/swap/", f"{form}</form>"))

    page.get_by_label("M02").fill("37")
    page.get_by_label("M02").blur()

    expect(page.locator("[data-save-state]")).to_contain_text("已保存")


def test_an_answer_typed_without_a_connection_is_sent_when_it_is_back(without_webgl: Browser, site: TrialSite):
    page = window(without_webgl)
    site.slow["/built/zh-hans.js"] = 0.5
    site.answers["/answer/"] = ("text/html", b"<p>saved</p>")
    field = '<input name="M01" aria-label="M01">'
    body = f'<form id="M01" hx-post="/answer/" hx-trigger="change" hx-swap="none">{field}</form>'
    page.goto(site.page("/offline/", body))
    page.context.set_offline(True)
    page.get_by_label("M01").fill("37")
    page.get_by_label("M01").blur()
    expect(page.locator("[data-save-state]")).to_have_text("未保存：网络已断开")

    page.context.set_offline(False)

    expect(page.locator("[data-save-state]")).to_contain_text("已保存")
    assert site.posted[-1] == "M01=37"
    page.close()
