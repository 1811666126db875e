"""Connections of the gateway's threads to the site's database."""

from typing import Any

import psycopg
from django.db import connection as django_connection

ALIKE = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "service")
# A server that vanished without a word is noticed within seconds: what came is then tried on a new connection.
QUICK_END: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}


def connect(name: str) -> "psycopg.Connection[Any]":
    """Return a connection of its own, autocommit; `name` shows in pg_stat_activity."""
    told = django_connection.get_connection_params()
    return psycopg.connect(
        **{key: told[key] for key in ALIKE if key in told},
        **QUICK_END,
        autocommit=True,
        application_name=name,
        connect_timeout=5,
        options="-c jit=off",
    )
