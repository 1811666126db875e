"""Chromium as the tests of the map open it, and what they wait for."""

from pathlib import Path

import chromium  # scripts/chromium.py
import pytest
from playwright.sync_api import Page, expect

BUILT = Path(__file__).parents[2] / "web" / "static" / "built"
SLOW_MS = 60_000


IN_BROWSER = [
    pytest.mark.skipif(chromium.program() is None, reason=chromium.NONE_HERE),
    pytest.mark.skipif(not (BUILT / "onemap.js").exists(), reason="the pages' scripts are not built (npm run build)"),
]


def drawn(page: Page) -> Page:
    """Return the page once its map is drawn."""
    expect(page.locator("[data-onemap], [data-wall]")).to_have_attribute("data-state", "ready", timeout=SLOW_MS)
    return page


def press_map(page: Page, *places: tuple[float, float]) -> None:
    """Press on the map at these shares of its width and height, slowly enough that no two make a double press."""
    box = page.locator("[data-part=canvas]").bounding_box()
    assert box
    for across, down in places:
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_timeout(400)
