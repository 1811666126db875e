"""A database of the site for a bench, which goes away again when the bench ends."""

import atexit
import logging
from functools import cache

from anlan.config.environment import point_at

QUIET = ("anlan", "anlan.requests")


@cache
def fresh_database() -> str:
    """Make the database, empty and with all its tables, in this process; return its name."""
    point_at("anlan.config.test_settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    made = setup_databases(verbosity=0, interactive=False)
    atexit.register(teardown_databases, made, verbosity=0)
    return str(connection.settings_dict["NAME"])
