from collections.abc import Callable

import pytest
from django.test import Client

from anlan.accounts.models import User


@pytest.fixture
def logged_in() -> Callable[[User], Client]:
    """Return what logs somebody in: a browser of their own, in English."""

    def log_in(who: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["anlan_language"] = "en"
        return client

    return log_in
