"""What tells that the store cannot be reached, is starting, or has no room: nothing that whoever asked could help."""

import psycopg
from django.db import InterfaceError, OperationalError

AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
