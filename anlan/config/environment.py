"""Every variable that a deployment may set, in one place.

`deploy/env.example` lists the same names; a test holds the two equal.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# name → what it is, default
VARIABLES: dict[str, tuple[str, str]] = {
    "DATABASE_URL": ("postgresql://user:password@host:port/name of a PostgreSQL with PostGIS", ""),
    "ANLAN_DATABASE_NAME": ("use another database on the same server", ""),
    "ANLAN_SECRET_KEY": ("signs sessions and cookies; at least 32 random characters", ""),
    "ANLAN_FIELD_KEY": ("encrypts phone and id numbers; 64 hexadecimal digits", ""),
    "ANLAN_DEBUG": ("1 shows error pages with source; never on a real server", "0"),
    "ANLAN_ALLOWED_HOSTS": ("host names that the site answers to, separated by commas", "127.0.0.1,localhost"),
    "ANLAN_HTTPS": ("1 when users reach the site by https: cookies are then sent by https only", "0"),
    "ANLAN_FILES": ("folder for uploaded files", str(ROOT / "var" / "files")),
    "ANLAN_IDLE_MINUTES": ("minutes without a click before a person is logged out", "30"),
    "ANLAN_PROXIES": ("number of reverse proxies in front of the site", "0"),
    "ANLAN_MQTT_URL": ("mqtt://user:password@host:port of the broker, mqtts:// by TLS; empty: no MQTT", ""),
    "ANLAN_MQTT_VERSION": ("3.1.1 or 5", "5"),
    "ANLAN_MQTT_CA": ("file of the certificates that the broker's must come from; empty: the system's", ""),
    "ANLAN_MQTT_CERT": ("file of the gateway's own certificate, where the broker asks for one", ""),
    "ANLAN_MQTT_KEY": ("file of the key to it", ""),
    "ANLAN_MQTT_INSECURE": ("1 does not check the name in the broker's certificate", "0"),
    "ANLAN_MQTT_ACCOUNTS": ("folder into which the devices' accounts are written for the broker", ""),
    "ANLAN_SL651_CLOCK_S": ("seconds by which an SL 651 station's clock may be wrong before it is set; 0: never", "0"),
    "ANLAN_READINGS_KEPT_MONTHS": ("months for which single readings are kept; older ones stay as hours", "36"),
    "ANLAN_TIANDITU_KEY": ("key of the map service Tianditu (browser kind); empty: not offered", ""),
    "ANLAN_PMTILES": ("file of base map tiles (PMTiles) that the site offers; empty: none", ""),
    "ANLAN_LOG_LEVEL": ("DEBUG, INFO, WARNING or ERROR", "INFO"),
    "ANLAN_LIVE_PORT": ("port by which pages reach the live stream; empty: the site's own, /live/ by a proxy", ""),
    "PORT": ("port of the site", "8000"),
}


def read(name: str) -> str:
    """Return the variable, or its default.

    Falls back to `var/secret.env`, which the project's own scripts write, so that a command typed
    by hand finds the same database as `make demo` does.
    """
    return os.environ.get(name) or _local().get(name) or VARIABLES[name][1]


def read_flag(name: str) -> bool:
    """Return whether the variable is switched on."""
    return read(name).lower() in {"1", "true", "yes", "on"}


def _local() -> dict[str, str]:
    path = ROOT / "var" / "secret.env"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def name_live_port() -> None:
    """Tell the processes that this one starts where the live stream is: beside the site, unless somebody said so."""
    os.environ.setdefault("ANLAN_LIVE_PORT", read("ANLAN_LIVE_PORT") or str(int(read("PORT")) + 1))


def point_at(module: str) -> None:
    """Tell Django which settings to use, unless somebody has said so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
