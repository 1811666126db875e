"""Who stands behind a session, asked of the database by a few threads beside the event loop."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.http import HttpRequest

from anlan.web.home import ask_shell
from anlan.web.live.hub import Hub, Reach, Viewer

T = TypeVar("T")
AWAY = (DatabaseError, InterfaceError)
THREADS = ThreadPoolExecutor(2, thread_name_prefix="live")
LOOKS_A_PERIOD = 30


class Nowhere:
    """The reach of somebody whom no context gives any."""

    def prefixes(self, capability: str) -> tuple[str, ...]:
        return ()


NOWHERE = Nowhere()


async def asked(work: Callable[..., T], *arguments: object) -> T:
    """Return the answer of the ORM, which knows no event loop.

    Raises:
        DatabaseError, InterfaceError: the database is away.
    """
    return await asyncio.get_running_loop().run_in_executor(THREADS, _with_connection, work, *arguments)


def _with_connection(work: Callable[..., T], *arguments: object) -> T:
    close_old_connections()
    try:
        return work(*arguments)
    finally:
        close_old_connections()


def reach_of_session(session_key: str) -> Reach | None:
    """Return how far the person of the session may see; None when nobody is logged in by it."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    return ask_shell("reach", person, NOWHERE) if person.is_authenticated else None


async def look_again(hub: Hub, period_s: float) -> None:
    """End the streams of those who were logged out, disabled or given other posts, within the period."""
    while True:
        await asyncio.sleep(period_s / LOOKS_A_PERIOD)
        try:
            for session_key, viewers in _due(hub, period_s).items():
                _settle(viewers, await asked(reach_of_session, session_key))
        except AWAY:
            continue  # they keep what they have until somebody can be asked


def _due(hub: Hub, period_s: float) -> dict[str, list[Viewer]]:
    before = asyncio.get_running_loop().time() - period_s
    due = defaultdict(list)
    for viewer in hub:
        if viewer.checked_at < before:
            due[viewer.session_key].append(viewer)
    return due


def _settle(viewers: list[Viewer], reach: Reach | None) -> None:
    for viewer in viewers:
        viewer.checked_at = asyncio.get_running_loop().time()
        if viewer.reach != reach:
            viewer.end()
