"""Forgetting old events where no process `live` does it: a site without one must not fill up."""

from django.db import connection, transaction

from anlan.web.live.channels import SEQUENCER_LOCK
from anlan.web.live.sequencing import FORGET, NUMBER

EVERYTHING = 10_000_000


@transaction.atomic
def tidy() -> None:
    """Number what waits, so that whoever missed it can tell, and delete what is out of date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if cursor.fetchone() == (True,):
            cursor.execute(NUMBER, {"at_once": EVERYTHING})
            cursor.execute(FORGET)
