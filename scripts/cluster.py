"""The project's own PostgreSQL: made once, started, stopped; never a system service.

It listens on 127.0.0.1 alone, on a port of its own below 32768, with a generated password in
`var/secret.env`. As root the server runs as `postgres`. `DATABASE_URL` in the environment uses
another server instead; then nothing is made here, the server is only looked at.

Usage: cluster.py start | stop | status
"""

import hashlib
import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import secrets_file
from secrets_file import ROOT, VAR

FIRST_PORT, LAST_PORT = 15433, 15532
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",  # TCP only: a socket's path may not pass 107 bytes
    "password_encryption": "'scram-sha-256'",
    "shared_buffers": "'256MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'4GB'",
    "timezone": "'UTC'",
}


class Stopped(Exception):
    """What keeps us from going on, in words."""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS."""
    found = [
        Path(f"/usr/lib/postgresql/{control.parents[1].name}/bin")
        for control in Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    ]
    usable = sorted((path for path in found if (path / "initdb").exists()), key=lambda path: int(path.parent.name))
    if not usable:
        raise Stopped("No PostgreSQL with PostGIS here. Run `make setup`, or set DATABASE_URL.")
    return usable[-1]


def owner() -> str | None:
    """Return the account that the server must run as when we are root; PostgreSQL refuses root itself."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise Stopped("There is no account `postgres`; run `make setup`, which installs it.") from None


def as_owner(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as the account that owns the data, from a folder that it may enter."""
    account = owner()
    prefix = ["runuser", "-u", account, "--"] if account else []
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        prefix + command, cwd="/", text=True, capture_output=True, check=False, **options
    )


def must(command: list[str], doing: str, **options: object) -> str:
    """Run it and return what it printed.

    Raises:
        Stopped: it failed; with its last words.
    """
    done = as_owner(command, **options)
    if done.returncode:
        raise Stopped(f"{doing} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
    return done.stdout


def home() -> Path:
    """Return the data folder: `var/pg`, or where a parent is closed to the server's account, one under /var/lib."""
    inside = VAR / "pg"
    if not owner():
        return inside
    VAR.mkdir(exist_ok=True)
    if as_owner(["test", "-x", str(VAR)]).returncode == 0:
        return inside
    return Path("/var/lib/anlan") / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def make_folder(folder: Path) -> None:
    """Make the data's folder and give it to the server's account."""
    if folder.parts[:4] == ("/", "var", "lib", "anlan"):
        print(f"The account `postgres` may not enter {ROOT}; the data live in {folder}")
        folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    if account := owner():
        shutil.chown(folder, account, account)


def check_leftovers(folder: Path) -> None:
    """Refuse data that another account made."""
    if folder.exists() and not owner() and folder.stat().st_uid != os.getuid():
        raise Stopped(f"{folder} belongs to another user (an earlier run as root?). Remove it: sudo rm -rf {folder}")


def make_data(folder: Path) -> None:
    """Make the cluster, its role, its database and its extensions before it ever listens.

    All is made in single-user mode, so that no password-less moment exists. An unfinished
    cluster is told by its missing mark and made anew.
    """
    data = folder / "data"
    if as_owner(["test", "-e", str(folder / "complete")]).returncode == 0:
        return
    make_folder(folder)
    must(["rm", "-rf", str(data)], "Clearing an unfinished cluster")
    print("Making the project's own PostgreSQL in", folder)
    password, administrator = secrets.token_hex(16), secrets.token_hex(24)
    words = folder / "first-password"
    must(["tee", str(words)], "Writing the first password", input=administrator)
    initdb = [str(programs() / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    must([*initdb, "--auth=scram-sha-256", f"--pwfile={words}"], "initdb")
    must(["rm", str(words)], "Forgetting the first password")
    settings = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
    must(["tee", "-a", str(data / "postgresql.conf")], "Writing settings", input=settings)
    # In template1, so that every database has them: the tests' as well.
    alone(data, "template1", [f"CREATE EXTENSION {name};" for name in EXTENSIONS])
    role = f"CREATE ROLE anlan LOGIN CREATEDB PASSWORD '{password}';"
    alone(data, "postgres", [role, "CREATE DATABASE anlan OWNER anlan;"])
    secrets_file.keep(ANLAN_CLUSTER_PASSWORD=password)
    must(["touch", str(folder / "complete")], "Marking the cluster complete")


def alone(data: Path, database: str, commands: list[str]) -> None:
    """Run commands in a server of one user that nobody can reach. It returns 0 even after an error, so we read."""
    command = [str(programs() / "postgres"), "--single", "-D", str(data), database]
    done = as_owner(command, input="\n".join(commands) + "\n")
    said = done.stdout + done.stderr
    if done.returncode or "ERROR:" in said or "FATAL:" in said:
        raise Stopped(f"Setting up {database} failed:\n{said[-2000:]}")


def renew_password(folder: Path) -> None:
    """Give the role a new password when ours was lost with `var/secret.env`."""
    print("The database's password was lost; making a new one")
    stop()
    password = secrets.token_hex(16)
    alone(folder / "data", "postgres", [f"ALTER ROLE anlan PASSWORD '{password}';"])
    secrets_file.keep(ANLAN_CLUSTER_PASSWORD=password)


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def is_running(folder: Path) -> bool:
    """Tell whether our server runs."""
    return as_owner([str(programs() / "pg_ctl"), "status", "-D", str(folder / "data")]).returncode == 0


def port_in_use(folder: Path) -> int:
    """Return the port that our running server listens on (line 4 of its pid file)."""
    return int(must(["sed", "-n", "4p", str(folder / "data" / "postmaster.pid")], "Reading the port"))


def start_own() -> int:
    """Make the cluster if need be, start it, and return its port."""
    secrets_file.keep_keys()
    folder = home()
    check_leftovers(folder)
    make_data(folder)
    if "ANLAN_CLUSTER_PASSWORD" not in secrets_file.read():
        renew_password(folder)
    if not is_running(folder):
        kept = urlsplit(secrets_file.read().get("DATABASE_URL", "")).port
        candidates = [*([kept] if kept else []), *range(FIRST_PORT, LAST_PORT)]
        port = next((port for port in candidates if is_free(port)), None)
        if port is None:
            raise Stopped(f"Every port from {FIRST_PORT} to {LAST_PORT} is taken.")
        log = str(folder / "server.log")
        command = [str(programs() / "pg_ctl"), "start", "-w", "-t", "60", "-s", "-D", str(folder / "data"), "-l", log]
        must([*command, "-o", f"-p {port}"], f"Starting PostgreSQL (its log: {log})")
    port = port_in_use(folder)
    password = secrets_file.read()["ANLAN_CLUSTER_PASSWORD"]
    secrets_file.keep(DATABASE_URL=f"postgresql://anlan:{password}@127.0.0.1:{port}/anlan")
    return port


def look_at(url: str) -> None:
    """Check that a server elsewhere can be used, and say what its administrator has to do if not."""
    import psycopg

    secrets_file.keep_keys()
    parts = urlsplit(url)
    name = os.environ.get("ANLAN_DATABASE_NAME") or parts.path.lstrip("/") or "anlan"
    try:
        connection = psycopg.connect(parts._replace(path=f"/{name}").geturl(), connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Stopped(f"DATABASE_URL cannot be reached: {error}") from None
    with connection:
        rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    absent = [extension for extension in EXTENSIONS if (extension,) not in rows]
    if absent and not (row and row[0]):
        commands = " ".join(f"CREATE EXTENSION IF NOT EXISTS {extension};" for extension in absent)
        raise Stopped(
            f"The database {name} lacks {', '.join(absent)}, and this role may not create extensions.\n"
            f"Ask its administrator to run, in {name} and (for the tests) in template1:\n\n"
            f"  psql -d {shlex.quote(name)} -c '{commands}'"
        )


def start() -> None:
    """Make a usable database available."""
    if url := os.environ.get("DATABASE_URL"):
        look_at(url)
        return
    port = start_own()
    print(f"PostgreSQL answers on 127.0.0.1:{port}")


def stop() -> None:
    """Stop our server; one named by DATABASE_URL is left alone."""
    if os.environ.get("DATABASE_URL"):
        return
    folder = home()
    if not folder.exists() or not is_running(folder):
        print("PostgreSQL was not running")
        return
    must([str(programs() / "pg_ctl"), "stop", "-s", "-m", "fast", "-D", str(folder / "data")], "Stopping PostgreSQL")
    print("PostgreSQL stopped")


def status() -> None:
    """Say whether the server runs."""
    folder = home()
    running = folder.exists() and is_running(folder)
    print(f"PostgreSQL runs on 127.0.0.1:{port_in_use(folder)}" if running else "PostgreSQL does not run")


def carry_out(usage: str | None, commands: Mapping[str, Callable[[], object]]) -> int:
    """Carry out the command named on the command line; return the exit code."""
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print(usage)
        return 2
    try:
        commands[sys.argv[1]]()
    except Stopped as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(carry_out(__doc__, {"start": start, "stop": stop, "status": status}))
