"""Reading the events: by the process for all its viewers, and from the table for one who comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from anlan.web.live.channels import NUMBERED, SEQUENCER_LOCK
from anlan.web.live.connecting import Connection, keep_connected, wake_up
from anlan.web.live.hub import Hub
from anlan.web.live.wire import Event
from anlan.web.models import LiveCount, LiveEvent

NAME = "anlan live reader"
AT_ONCE = 1000
LOOK_ANYWAY_S = 5.0
READ = """
SELECT number, kind, division_code, capability, content::text FROM web_liveevent
WHERE number > %s ORDER BY number LIMIT %s
"""
HELD = """
SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s AND granted
"""
COUNT = "SELECT numbered, forgotten FROM web_livecount"


@dataclass(frozen=True, slots=True)
class Page:
    """Some events after a number, and how the table stood afterwards."""

    events: Sequence[Event]
    numbered: int
    forgotten: int

    @property
    def is_full(self) -> bool:
        """Tell whether there may be more."""
        return len(self.events) == AT_ONCE

    def misses(self, since: int) -> bool:
        """Tell whether something after the number is gone, or the number is of another history of the table.

        The count is read after the events: what is deleted between the two shows here.
        """
        return since < self.forgotten or since > self.numbered


def live_number() -> int:
    """Return the last number given.

    A page that asks this before it reads its picture, and streams from there, misses nothing between the two.
    """
    return LiveCount.objects.values_list("numbered", flat=True).first() or 0


def is_sequenced() -> bool:
    """Tell whether a process `live` is at work."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [SEQUENCER_LOCK])
        return cursor.fetchone() is not None


def page_after(since: int, until: int, prefixes: Sequence[str]) -> Page:
    """Return the first events after one number, up to another, in the areas."""
    within = reduce(or_, (Q(division_code__startswith=prefix) for prefix in prefixes), Q(pk__in=[]))
    found = LiveEvent.objects.filter(within, number__gt=since, number__lte=until).order_by("number")
    columns = ("number", "kind", "division_code", "capability", "text")
    rows = found.annotate(text=Cast("content", TextField())).values_list(*columns)[:AT_ONCE]
    events = [Event(*row) for row in rows]
    numbered, forgotten = LiveCount.objects.values_list("numbered", "forgotten").first() or (0, 0)
    return Page(events, numbered, forgotten)


async def read_for(hub: Hub) -> None:
    """Hand the hub whatever gets its number, for ever."""

    async def work(line: Connection) -> None:
        try:
            await line.execute(f"LISTEN {NUMBERED}")
            while True:
                await catch_up(hub, line)
                hub.is_connected = True
                await wake_up(line, LOOK_ANYWAY_S)
        finally:
            hub.is_connected = False

    await keep_connected(NAME, work)


async def catch_up(hub: Hub, line: Connection) -> None:
    """Hand the hub what it has not had; a hub that begins, begins with the next event."""
    is_behind = True
    while is_behind:
        since = hub.number
        rows = []
        if since is not None:
            rows = await (await line.execute(READ, [since, AT_ONCE])).fetchall()
        numbered, forgotten = await (await line.execute(COUNT)).fetchone() or (0, 0)
        page = Page([Event(*row) for row in rows], numbered, forgotten)
        if since is None:
            hub.number = numbered
        elif page.misses(since):
            hub.tell_reset(numbered)
        else:
            hub.tell(page.events)
        is_behind = page.is_full
