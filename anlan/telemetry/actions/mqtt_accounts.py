"""The accounts of devices, written for the broker: it lets in whom the register says.

Source: deploy/mosquitto.conf.
"""

import os
import secrets
import signal
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection, transaction

from anlan.telemetry.core.mqtt_passwords import accounts_file, entries_in, entry, matches
from anlan.telemetry.models import Device

FILE, PID_FILE = "passwords", "mosquitto.pid"
ACCOUNTS_LOCK = 0x4D515454  # one writer at a time, so that an older list never follows a newer one


def publish_mqtt_accounts() -> bool:
    """Write the accounts of all devices in use into `ANLAN_MQTT_ACCOUNTS`; return whether they differ from before.

    A broker that runs from the same folder reads them at once. Where no folder is set, nothing is done.
    """
    if not settings.MQTT["ACCOUNTS"]:
        return False
    folder = Path(settings.MQTT["ACCOUNTS"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACCOUNTS_LOCK])
        devices = Device.objects.filter(is_in_use=True, station__is_in_use=True).exclude(mqtt_entry="")
        # The gateway's goes last: no device that bears its name takes its place.
        content = accounts_file({**dict(devices.values_list("code", "mqtt_entry")), **_gateway(folder)})
        changed = _replace(folder, content)
    if changed:
        _reload(folder)
    return changed


def _gateway(folder: Path) -> dict[str, str]:
    """Return the account by which the gateway itself comes; its line stays as it is while its password does."""
    parts = urlsplit(settings.MQTT["URL"])
    if not parts.username:
        return {}
    name, password = unquote(parts.username), unquote(parts.password or "")
    kept = entries_in(_content(folder)).get(name, "")
    return {name: kept if matches(password, kept) else entry(password, salt=secrets.token_bytes(12))}


def _content(folder: Path) -> str:
    path = folder / FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _replace(folder: Path, content: str) -> bool:
    """Replace the file whole, so that the broker never reads half of it, for the owner of the folder to read."""
    if content == _content(folder):
        return False
    fresh, owner = folder / f"{FILE}.new", folder.stat()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    if os.geteuid() == 0:
        os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(folder / FILE)
    return True


def _reload(folder: Path) -> None:
    """Ask the broker to read its files again, where it is one that we may ask; elsewhere it watches the file itself."""
    try:
        number = int((folder / PID_FILE).read_text(encoding="utf-8"))
        if Path(f"/proc/{number}/comm").read_text(encoding="utf-8").strip() == "mosquitto":
            os.kill(number, signal.SIGHUP)
    except (OSError, ValueError):
        return
