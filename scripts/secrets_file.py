"""`var/secret.env`: the keys and the address of the database that this checkout made for itself."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
PATH = VAR / "secret.env"


def read() -> dict[str, str]:
    """Return what is kept, empty where nothing is."""
    if not PATH.exists():
        return {}
    lines = PATH.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def keep(**values: str) -> None:
    """Add or replace values; only the owner may read the file. Replaced whole, so that no crash leaves half of it."""
    VAR.mkdir(exist_ok=True)
    lines = ["# Made by this checkout's scripts. Lose ANLAN_FIELD_KEY and phone numbers cannot be read again."]
    lines += [f"{name}={value}" for name, value in sorted((read() | values).items())]
    fresh = PATH.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    fresh.replace(PATH)


def keep_keys() -> None:
    """Make the keys that are not there yet."""
    kept = read()
    wanted = {"ANLAN_SECRET_KEY": secrets.token_urlsafe(48), "ANLAN_FIELD_KEY": secrets.token_hex(32)}
    absent = {name: value for name, value in wanted.items() if name not in kept and not os.environ.get(name)}
    if absent:
        keep(**absent)
