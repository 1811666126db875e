"""People for the shell's tests, which stands below the accounts: named as everywhere, with posts where asked."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def person(name: str) -> Any:
    made = get_user_model()(username=name.lower(), name=name, created_at=NOON)
    made.set_unusable_password()
    made.save()
    return made


def post(who: Any, role: str, code: str) -> Any:
    return who.postings.create(role=role, area_code=code, starts_on=date(2020, 1, 1))


def logged_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client
