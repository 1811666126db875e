"""Telling open pages what has just become true, in the transaction that made it true."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from anlan.ground.copying import insert_rows
from anlan.web.live.channels import WRITTEN
from anlan.web.models import LiveEvent

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LiveNews:
    """One of many events that are published together."""

    kind: str
    division_code: str
    content: Mapping[str, Any]
    capability: str = ""


def publish_live(
    *,
    kind: str,
    division_code: str,
    content: Mapping[str, Any],
    capability: str = "",
    at: datetime,
    keeps_for: timedelta = KEPT_FOR,
) -> None:
    """Tell every open page of those who hold the capability over the division; nobody if the caller rolls back.

    Whoever was away longer than `keeps_for` is told to load the picture anew instead.
    """
    publish_many([LiveNews(kind, division_code, content, capability)], at=at, keeps_for=keeps_for)


@transaction.atomic
def publish_many(news: Iterable[LiveNews], *, at: datetime, keeps_for: timedelta = KEPT_FOR) -> None:
    """Publish many events at once, in their order."""
    rows = [
        LiveEvent(
            kind=one.kind,
            division_code=one.division_code,
            capability=one.capability,
            content=dict(one.content),
            created_at=at,
            keeps_until=at + keeps_for,
        )
        for one in news
    ]
    if not rows:
        return
    insert_rows(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WRITTEN])  # delivered by PostgreSQL at the commit, or never
