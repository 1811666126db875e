"""`tiles.page`: the one map over 690 000 hazard points in a headless browser, until nothing moves any more.

The browser draws by software on the same cores as site and database. Each time the page is opened afresh, with an empty
cache. The limit is the same page with none of its layers. How many things are drawn is counted in the tiles that the
view asked for; one that lies on the edge of two counts twice.
"""

import atexit
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import chromium  # scripts/chromium.py

from anlan.places.tests.vector_tiles import features_in
from bench.frame import Measure
from bench.tiles_data import EAST, NORTH, POINTS, SOUTH, WEST, Server, site

SIZE = {"width": 1440, "height": 900}
TIMES = 5
ZOOMS = (7, 9, 11, 13)
LAYERS = "townships,hazard-zones,hazard-areas,rivers,roads,stations"
MOST_DRAWN, AT_MOST_S = 10_000, 2.0
# The browser itself tells when; who asks again and again would add half a second by chance.
WATCH = """
window.isIdle = new Promise((resolve, reject) => {
  const isReady = () => document.querySelector("[data-onemap][data-state=ready]");
  const watcher = new MutationObserver(() => isReady() && resolve());
  watcher.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
  setTimeout(() => reject(new Error("the map is not drawn after two minutes")), 120_000);
});
"""


def measures() -> Iterator[Measure]:
    """Yield two figures for each zoom."""
    for zoom in ZOOMS:
        yield Measure(
            f"{POINTS} points, zoom {zoom}: until the page is idle, median of {TIMES}, s",
            ours=lambda zoom=zoom: _opened(zoom, LAYERS)[0],  # type: ignore[misc]
            limit="the page without its layers",
            probe=lambda zoom=zoom: _opened(zoom, "")[0],  # type: ignore[misc]
            at_most=AT_MOST_S,
        )
    yield Measure(
        f"{POINTS} points: the most drawn in a view of zooms {', '.join(map(str, ZOOMS))}",
        ours=lambda: float(max(_opened(zoom, LAYERS)[1] for zoom in ZOOMS)),
        limit="things in the layer",
        probe=lambda: float(POINTS),
        at_most=MOST_DRAWN,
    )


@cache
def _browser() -> Any:
    from playwright.sync_api import sync_playwright

    driver = sync_playwright().start()
    atexit.register(driver.stop)  # before the database goes: a loop runs in this thread until then
    return chromium.launched(driver, *chromium.DRAWN_BY_SOFTWARE)


@cache
def _server() -> Server:
    command = (str(Path(sys.executable).with_name("anlan")), "collectstatic", "--noinput", "--verbosity", "0")
    subprocess.run(command, check=True)  # noqa: S603
    return site()  # before the browser: afterwards a loop runs in this thread, and Django's tables are not asked


def _opened(zoom: int, layers: str) -> tuple[float, int]:
    """Return the seconds until the page is idle, and how many things its tiles hold."""
    server = _server()
    taken = [_once(_browser(), server, zoom, layers) for _ in range(TIMES)]
    return median(seconds for seconds, _ in taken), max(count for _, count in taken)


def _once(browser: Any, server: Server, zoom: int, layers: str) -> tuple[float, int]:
    name, _, value = server.head.removeprefix("Cookie: ").strip().partition("=")
    with browser.new_context(viewport=SIZE, locale="zh-CN") as context:
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{server.port}"}])
        context.add_init_script(WATCH)
        page = context.new_page()
        tiles: list[Any] = []
        page.on("response", lambda answer: tiles.append(answer) if answer.url.endswith(".mvt") else None)
        middle = f"{(SOUTH + NORTH) / 2:.5f}/{(WEST + EAST) / 2:.5f}"
        began = time.perf_counter()
        page.goto(f"http://127.0.0.1:{server.port}/map/#map={zoom}/{middle}&layers={layers}")
        page.evaluate("isIdle")
        seconds = time.perf_counter() - began
        return seconds, sum(_things(answer) for answer in tiles if answer.status == 200)


def _things(answer: Any) -> int:
    return sum(len(things) for things in features_in(answer.body()).values())
