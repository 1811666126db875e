"""Which program calls: a device by its key, or a person by token or log-in.

Keys and tokens go in the Authorization header, as Bearer or as the password of Basic. A log-in of the browser reads
only, since its cookie travels by itself.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from anlan.accounts import queries as accounts
from anlan.accounts.access import person_with_token
from anlan.ground.fields import keyed_hash
from anlan.kernel.refusal import Refusal
from anlan.telemetry.queries.sensorthings import Reach
from anlan.telemetry.queries.wire import WireDevice, device_with_key
from anlan.web.http import Person

MOST_OF_A_KEY = 200


class NotKnown(Refusal):
    """No key, token or log-in, or one that is not valid."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: what it may read and what it may fill."""

    reads: Reach
    fills: Reach
    device: WireDevice | None = None


def caller_of(request: HttpRequest, at: datetime) -> Caller:
    """Return who calls.

    Raises:
        NotKnown: nobody known.
    """
    secret = _secret(request.headers.get("Authorization", ""))
    if not secret:
        if request.user.is_authenticated:
            return Caller(_reach(request.user, "telemetry.read"), Reach())
        raise NotKnown("Send the device's key or a person's token in the Authorization header")
    device = device_with_key(keyed_hash(secret))
    if device is not None:
        own = Reach(station_id=device.station_id)
        return Caller(own, own, device)
    person = person_with_token(secret, at)
    if person is None:
        raise NotKnown("The key or token is not valid")
    return Caller(_reach(person, "telemetry.read"), _reach(person, "telemetry.manage"))


def _reach(person: Person, capability: str) -> Reach:
    return Reach(tuple(accounts.scope_of(person, capability).prefixes))


def _secret(header: str) -> str:
    """Return the key or token of an Authorization header, "" where there is none."""
    kind, _, rest = header.partition(" ")
    rest = rest.strip()
    if kind.lower() == "bearer":
        return rest[:MOST_OF_A_KEY]
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2][:MOST_OF_A_KEY]
    except (binascii.Error, UnicodeDecodeError):
        return ""
