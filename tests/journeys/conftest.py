"""Journeys in the real browser: several people logged in at once, each in a window of their own.

A window whose page breaks the content security policy or throws an error fails its journey.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import chromium  # scripts/chromium.py
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, NOON, PASSWORD, TOWNSHIP, VILLAGE, person
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.default_system import default_system
from anlan.places import actions as places
from anlan.places.actions import DivisionRow

# Playwright keeps an event loop in this thread; the tables are read between its steps, never within one.
pytest.MonkeyPatch().setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

NEIGHBOUR, NEIGHBOUR_VILLAGE, VILLAGE_TWO = "999901102000", "999901102201", "999901101202"
# What the browser and htmx say of an answer that refuses something: no fault of the page.
REFUSED = ("Failed to load resource", "Response Status Error Code 4")
UNITS = (
    (COUNTY, "青岚县", 52_000),
    (TOWNSHIP, "柳溪镇", 30_000),
    (VILLAGE, "枫香村", 1_800),
    (VILLAGE_TWO, "双桥村", 1_200),
    (NEIGHBOUR, "芦塘镇", 22_000),
    (NEIGHBOUR_VILLAGE, "磨刀村", 900),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium.program():
        return
    absent = pytest.mark.skip(reason=chromium.NONE_HERE)
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": chromium.program(), "args": chromium.flags(*chromium.DRAWN_BY_SOFTWARE)}


@pytest.fixture
def county(transactional_db: None, django_db_serialized_rollback: None) -> None:
    """A small county with the default indicator system."""
    rows = [
        DivisionRow(
            code=code,
            name=name,
            population=people,
            households=people // 3,
            area_km2=12.5,
            landform="hill",
            urban_rural_code="220" if not code.endswith("000") else "",
            region_type="mountain",
            hazards=("mountain",),
            boundary=square(place),
            seat=(109.6 + place * 0.1, 28.5),
        )
        for place, (code, name, people) in enumerate(UNITS)
    ]
    places.load_divisions(actor=None, rows=rows, valid_from=date(2020, 1, 1), at=NOON)
    load_system(actor=None, system=default_system(), at=NOON)


def press(page: Page, address: str) -> None:
    """Press the button of the form that posts to an address of this shape, and say yes if asked."""
    form = page.locator(f"form[action*='{address}']").first
    asks = form.get_attribute("data-confirm")
    with page.expect_navigation():
        form.locator("button").first.click()
        if asks:
            page.locator("dialog[open] .btn-danger").click()
    page.wait_for_load_state("networkidle")


def square(place: int) -> dict[str, object]:
    west = 109.5 + place * 0.1
    ring = [[west, 28.4], [west + 0.1, 28.4], [west + 0.1, 28.6], [west, 28.6], [west, 28.4]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


@pytest.fixture
def cast(county: None) -> dict[str, User]:
    """Alice and Dan assess the county, Bob and Ben fill in 柳溪镇, Nora works next door."""
    return {
        "alice": person("alice", Role.ANALYST),
        "dan": person("dan", Role.ANALYST),
        "bob": person("bob", Role.TOWNSHIP_OFFICER, TOWNSHIP),
        "ben": person("ben", Role.TOWNSHIP_OFFICER, TOWNSHIP),
        "nora": person("nora", Role.TOWNSHIP_OFFICER, NEIGHBOUR),
        "dora": person("dora", Role.COUNTY_ADMIN),
    }


@pytest.fixture
def window(browser: Browser, live_server: object, cast: dict[str, User]) -> Iterator[Callable[..., Page]]:
    """Return how a person opens a window and logs in."""
    opened: list[BrowserContext] = []
    trouble: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            trouble.append(message.text)

    def open_window(username: str, *, width: int = 1440, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=str(live_server), locale=language, viewport={"width": width, "height": 900}
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button:not([type=button])").click()
        page.wait_for_url("**/")
        return page

    yield open_window
    for context in opened:
        context.close()
    assert trouble == []


@pytest.fixture
def work(live_server: object, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return how the jobs that wait are done: by the real worker, a process of its own beside the site."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("ANLAN_DATABASE_NAME", settings.DATABASES["default"]["NAME"])
    monkeypatch.setenv("ANLAN_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("ANLAN_FIELD_KEY", settings.FIELD_KEY)
    monkeypatch.setenv("ANLAN_FILES", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "anlan.config.settings")

    def do_all() -> None:
        command = [str(Path(sys.executable).with_name("anlan")), "procrastinate", "worker", "--one-shot"]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    return do_all
