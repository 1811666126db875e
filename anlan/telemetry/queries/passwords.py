"""The passwords of SL 651 stations, as the gateway compares them."""

import re
from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from anlan.ground.fields import decrypt

NEVER = -1  # no frame carries it
_PASSWORDS = "SELECT id, password FROM telemetry_device WHERE is_in_use AND address IS NOT NULL AND password <> ''"


def passwords_now(connection: "Connection[Any]") -> Mapping[int, int]:
    """Return the password of each device that has one, by device id: four hexadecimal digits, as stations show them.

    One that is not of this form is never met, so that a slip of the pen opens no door.
    """
    rows = connection.execute(_PASSWORDS).fetchall()
    return {device: password_number(decrypt(bytes(stored))) for device, stored in rows}


def password_number(text: str) -> int:
    """Return the number that a frame carries for a password.

    >>> f"{password_number('03e8'):04X}", password_number("none")
    ('03E8', -1)
    """
    return int(text, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", text) else NEVER
