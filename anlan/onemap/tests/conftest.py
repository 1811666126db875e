"""The map in the real browser: a small county with a gauge, and whoever opens the map there.

A page that breaks the content security policy or throws an error fails its test.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import chromium  # scripts/chromium.py
import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, person
from anlan.places.tests.factories import load
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.models import Alarm, RuleBookVersion, Station
from anlan.telemetry.tests.factories import datastream, device, station
from anlan.web.tests.live_process import LiveProcess, Running

# Playwright keeps an event loop in this thread; the tables are read between its steps, never within one.
pytest.MonkeyPatch().setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
REFUSED = "Failed to load resource"
Opening = Callable[..., Page]


@pytest.fixture(scope="module")
def drawing(playwright: Playwright) -> Iterator[Browser]:
    browser = chromium.launched(playwright, *chromium.DRAWN_BY_SOFTWARE)
    yield browser
    browser.close()


@pytest.fixture
def gauge(transactional_db: None, django_db_serialized_rollback: None) -> Station:
    """A gauge in the middle of the county."""
    load()
    load_default_rules(county_code=COUNTY, at=now())
    return station("R1", name="柳溪水文站", place=Point(109.1, 28.1, srid=4326))


@pytest.fixture
def alarm(gauge: Station) -> Alarm:
    """A level that has reached its orange limit half an hour ago, seen by nobody."""
    level = datastream(device(at=gauge))
    since = now() - timedelta(minutes=30)
    return Alarm.objects.create(
        rule_key="level", rule_name_zh="水位超限", rule_name_en="Water level", rule_book=RuleBookVersion.objects.get(),
        kind="hazard", place_key="station:R1", division_code=gauge.division_code, station=gauge, datastream=level,
        quantity="reading", colour=3, highest=3, value=102.5, limit=102.0, state="raised", raised_at=since,
        known_at=since,
    )  # fmt: skip


@pytest.fixture(scope="session")
def running(django_db_setup: None) -> Iterator[Running]:
    kept = Running()
    yield kept
    kept.end()


@pytest.fixture
def live(gauge: Station, running: Running, settings: Any) -> Iterator[LiveProcess]:
    """Give the process `live` on the tests' database, and tell the pages where it is."""
    with running.counting() as process:
        settings.LIVE_PORT = process.port
        yield process


@pytest.fixture
def opened(live_server: Any, drawing: Browser, gauge: Station) -> Iterator[Opening]:
    """Return how the duty officer opens a page."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []
    client = Client()
    client.force_login(person("henry", Role.DUTY_OFFICER))
    cookie = {"name": "anlan_session", "value": client.cookies["anlan_session"].value, "url": str(live_server)}

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            trouble.append(message.text)

    def open_page(path: str = "/map/", *, width: int = 1440, height: int = 900, browser: Browser = drawing) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(base_url=str(live_server), locale="zh-CN", viewport=viewport)
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []
