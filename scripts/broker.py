"""The project's own mosquitto, by which devices speak MQTT: started, stopped; never a system service.

It listens on 127.0.0.1 alone, on a port of its own below 32768, and asks everybody for a password; the gateway's is
generated into `var/secret.env`. `ANLAN_MQTT_URL` in the environment names another broker; then nothing is made here.

Usage: broker.py start | stop | status
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import secrets_file
from cluster import Stopped, carry_out, is_free
from secrets_file import ROOT, VAR

from anlan.telemetry.core.mqtt_passwords import accounts_file, entries_in, entry, matches

FIRST_PORT, LAST_PORT = 18831, 18930
HOME = VAR / "mqtt"
PATIENCE_S = 10
GATEWAY = "gateway"


def program(name: str = "mosquitto") -> str:
    """Return the path of the broker, which Debian keeps where a plain user's PATH does not look."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found:
        raise Stopped(f"There is no {name} here. Run `make setup`, or set ANLAN_MQTT_URL.")
    return found


def account(folder: Path) -> str:
    """Return the account that the broker runs as: as root its own where that may reach the folder, else ours."""
    ours = pwd.getpwuid(os.getuid()).pw_name
    if os.getuid() != 0 or "mosquitto" not in {each.pw_name for each in pwd.getpwall()}:
        return ours
    look = ["runuser", "-u", "mosquitto", "--", "test", "-x", str(folder.parent)]
    return ours if subprocess.run(look, cwd="/", check=False).returncode else "mosquitto"


def settings(folder: Path, port: int) -> str:
    """Return `deploy/mosquitto.conf` with everything in one folder and one port on this machine."""
    places = {
        "listener": f"{port} 127.0.0.1",
        "password_file": str(folder / "passwords"),
        "acl_file": str(folder / "acl"),
        "persistence_location": f"{folder}/",
        "pid_file": str(folder / "mosquitto.pid"),
        "log_dest": f"file {folder / 'mosquitto.log'}",
        "user": account(folder),
    }
    kept = [
        line
        for line in (ROOT / "deploy" / "mosquitto.conf").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#") and line.split()[0] not in places
    ]
    return "\n".join([*(f"{name} {value}" for name, value in places.items()), *kept]) + "\n"


def furnish(folder: Path, port: int, passwords: Mapping[str, str]) -> None:
    """Write what the broker reads; accounts that are there already stay, those of `passwords` get theirs."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    accounts = folder / "passwords"
    entries = entries_in(accounts.read_text(encoding="utf-8")) if accounts.exists() else {}
    for name, password in passwords.items():
        if not matches(password, entries.get(name, "")):
            entries[name] = entry(password, salt=secrets.token_bytes(12))
    for name, text in (
        ("passwords", accounts_file(entries)),
        ("acl", (ROOT / "deploy" / "mosquitto.acl").read_text(encoding="utf-8")),
        ("mosquitto.conf", settings(folder, port)),
    ):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o600)
    if os.getuid() == 0:
        owner = account(folder)
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, owner, owner)


def running(folder: Path) -> int | None:
    """Return the number of the broker that runs from the folder."""
    try:
        number = int((folder / "mosquitto.pid").read_text(encoding="utf-8"))
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return number if os.fsencode(folder / "mosquitto.conf") in words else None


def port_of(folder: Path) -> int:
    """Return the port in the broker's settings."""
    found = re.match(r"listener (\d+)", (folder / "mosquitto.conf").read_text(encoding="utf-8"))
    if not found:
        raise Stopped(f"{folder / 'mosquitto.conf'} names no port; remove it and start again.")
    return int(found[1])


def run(folder: Path) -> None:
    """Start the broker of the folder in the background and return when it answers."""
    log = folder / "mosquitto.log"
    done = subprocess.run(
        [program(), "-d", "-c", str(folder / "mosquitto.conf")], cwd="/", capture_output=True, text=True, check=False
    )
    deadline = time.monotonic() + PATIENCE_S
    while is_free(port_of(folder)) or running(folder) is None:
        if done.returncode or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")[-1000:] if log.exists() else ""
            raise Stopped(f"mosquitto did not start:\n{done.stderr.strip()}\n{said}")
        time.sleep(0.02)


def end(folder: Path, how: signal.Signals = signal.SIGTERM) -> bool:
    """End the broker of the folder and return whether it ran. Asked by SIGTERM it saves what is queued."""
    number = running(folder)
    if number is None:
        return False
    os.kill(number, how)
    deadline = time.monotonic() + PATIENCE_S
    while running(folder) is not None:
        if time.monotonic() > deadline:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.02)
    return True


def own_url() -> str:
    """Return the address at which the gateway reaches our broker, with its name and password."""
    kept = urlsplit(secrets_file.read().get("ANLAN_MQTT_URL", ""))
    candidates = [*([kept.port] if kept.port else []), *range(FIRST_PORT, LAST_PORT)]
    port = port_of(HOME) if running(HOME) else next((port for port in candidates if is_free(port)), None)
    if port is None:
        raise Stopped(f"Every port from {FIRST_PORT} to {LAST_PORT} is taken.")
    return f"mqtt://{GATEWAY}:{kept.password or secrets.token_hex(16)}@127.0.0.1:{port}"


def check_leftovers() -> None:
    """Refuse a folder that another account made."""
    if HOME.exists() and os.getuid() not in {0, HOME.stat().st_uid}:
        raise Stopped(f"{HOME} belongs to another user (an earlier run as root?). Remove it: sudo rm -rf {HOME}")


def start() -> None:
    """Make a broker available."""
    if os.environ.get("ANLAN_MQTT_URL"):
        return
    check_leftovers()
    url = urlsplit(own_url())
    secrets_file.keep(ANLAN_MQTT_URL=url.geturl(), ANLAN_MQTT_ACCOUNTS=str(HOME))
    furnish(HOME, url.port or FIRST_PORT, {GATEWAY: url.password or ""})
    if number := running(HOME):
        os.kill(number, signal.SIGHUP)  # the password may be a new one
    else:
        run(HOME)
    print(f"mosquitto answers on 127.0.0.1:{port_of(HOME)}")


def stop() -> None:
    """Stop our broker; one named by ANLAN_MQTT_URL is left alone."""
    if not os.environ.get("ANLAN_MQTT_URL"):
        print("mosquitto stopped" if end(HOME) else "mosquitto was not running")


def status() -> None:
    """Say whether the broker runs."""
    print(f"mosquitto runs on 127.0.0.1:{port_of(HOME)}" if running(HOME) else "mosquitto does not run")


if __name__ == "__main__":
    sys.exit(carry_out(__doc__, {"start": start, "stop": stop, "status": status}))
