"""The shell is tested by itself: its addresses, a few pages of its own, templates beside them."""

from pathlib import Path
from typing import Any

import pytest

from anlan.web import tests
from anlan.web.tests.cast import logged_in, person

HERE = Path(tests.__file__).parent


@pytest.fixture(autouse=True)
def own_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "anlan.web.tests.addresses"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"]}]


@pytest.fixture
def alice(db: None) -> Any:
    return person("Alice")


@pytest.fixture
def as_alice(alice: Any) -> Any:
    return logged_in(alice)
