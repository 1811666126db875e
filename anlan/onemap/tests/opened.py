"""Chromium as the tests of the map open it, and what they wait for."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

BUILT = Path(__file__).parents[2] / "web" / "static" / "built"
QUIET = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update")
SOFTWARE_GL = ("--enable-unsafe-swiftshader",)
NO_WEBGL = ("--disable-gpu", "--disable-3d-apis")
SLOW_MS = 60_000


def program() -> str | None:
    """Return Chromium's path; Ubuntu's is a script that wants a snap."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path and Path(path).stat().st_size < 10_000 and b"snap" in Path(path).read_bytes():
        return None
    return path


IN_BROWSER = [
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine (Ubuntu's is a snap stub)"),
    pytest.mark.skipif(not (BUILT / "onemap.js").exists(), reason="the pages' scripts are not built (npm run build)"),
]


def launched(playwright: Playwright, *arguments: str) -> Browser:
    as_root = ("--no-sandbox",) if os.getuid() == 0 else ()
    return playwright.chromium.launch(executable_path=program(), args=[*QUIET, *arguments, *as_root])


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
