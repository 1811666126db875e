"""People for the shell's tests, which stands below the accounts: without posts, named as everywhere."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def person(name: str) -> Any:
    made = get_user_model()(username=name.lower(), name=name, created_at=NOON)
    made.set_unusable_password()
    made.save()
    return made


def logged_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client
