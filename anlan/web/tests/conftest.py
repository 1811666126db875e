"""The shell is tested by itself: its addresses, a few pages of its own, templates beside them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anlan.web import tests
from anlan.web.home import HOME_CARDS, SHELL_HOOKS
from anlan.web.navigation import NAVIGATION
from anlan.web.switcher import DIVISION_SEARCH
from anlan.web.tests.cast import logged_in, person
from anlan.web.tests.live_process import LiveProcess, Running

HERE = Path(tests.__file__).parent


@pytest.fixture(autouse=True)
def alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for registry in (NAVIGATION, HOME_CARDS, SHELL_HOOKS, DIVISION_SEARCH):
        monkeypatch.setattr(registry, "_entries", [])
    settings.ROOT_URLCONF = "anlan.web.tests.addresses"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"]}]


@pytest.fixture
def alice(db: None) -> Any:
    return person("Alice")


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """Give an empty queue that commits, and leave none behind: its tables are not Django's to empty."""
    empty_queue()
    yield
    empty_queue()


def empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture(scope="session")
def running(django_db_setup: None) -> Iterator[Running]:
    """Give the place where the process `live` is kept between tests."""
    kept = Running()
    yield kept
    kept.end()


@pytest.fixture
def live(db: None, running: Running) -> Iterator[LiveProcess]:
    """Give the process `live` on the tests' database."""
    with running.counting() as process:
        yield process


@pytest.fixture
def as_alice(alice: Any) -> Any:
    return logged_in(alice)
