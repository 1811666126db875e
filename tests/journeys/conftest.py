"""Journeys in the real browser: several people logged in at once, each in a window of their own.

A window whose page breaks the content security policy or throws an error fails its journey.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

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

NEIGHBOUR = "999901102000"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
UNITS = (
    (COUNTY, "青岚县", 52_000),
    (TOWNSHIP, "柳溪镇", 30_000),
    (VILLAGE, "枫香村", 1_800),
    ("999901101202", "双桥村", 1_200),
    (NEIGHBOUR, "芦塘镇", 22_000),
    ("999901102201", "磨刀村", 900),
)


def program() -> str | None:
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def is_stub(path: str) -> bool:
    """Ubuntu's chromium is a shell script that wants a snap."""
    return b"snap" in Path(path).read_bytes()[:2000] and Path(path).stat().st_size < 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    path = program()
    if path and not is_stub(path):
        return
    absent = pytest.mark.skip(reason="no Chromium on this machine (Ubuntu's is a snap stub)")
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    arguments = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    arguments += ["--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    arguments += ["--ignore-gpu-blocklist", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    return {"executable_path": program(), "args": arguments}


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
        if message.type == "error" and "Failed to load resource" not in message.text:
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
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url("**/")
        return page

    yield open_window
    for context in opened:
        context.close()
    assert trouble == []


@pytest.fixture
def work(live_server: object) -> Callable[[], None]:
    """Return how the worker's jobs are done, until none is left."""
    from procrastinate.contrib.django import app

    def do_all() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    return do_all
