"""A PostgreSQL of a test's own, to be killed, kept away and filled up; the project's own is never touched."""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import cluster as own  # scripts/cluster.py
from django.db import connection

from anlan.telemetry.tests.broker import free_port

ROLE, BLANK = "anlan", "blank"
PATIENCE_S = 60.0
SETTINGS = {"listen_addresses": "'127.0.0.1'", "unix_socket_directories": "''", "shared_buffers": "'32MB'"}


class Cluster:
    """One server whose data lie in a folder. `kill` is a kill -9 of all its processes."""

    def __init__(self, folder: Path) -> None:
        self.data, self.log = folder / "data", folder / "server.log"
        self.port, self.password = free_port(), secrets.token_hex(16)

    def make(self) -> None:
        """Make it, start it, and copy Django's database into it, of which `new` makes others."""
        if account := own.owner():
            shutil.chown(self.data.parent, account, account)
        words = self.data.parent / "first-password"
        own.must(["tee", str(words)], "Writing the password", input=self.password)
        command = [str(own.programs() / "initdb"), "-D", str(self.data), "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--auth=scram-sha-256", f"--pwfile={words}", "--no-sync", "--wal-segsize=1"]
        own.must(command, "initdb")
        settings = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
        own.must(["tee", "-a", str(self.data / "postgresql.conf")], "Writing settings", input=settings)
        self.start()
        with self.seen("postgres"), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {BLANK}")
        with self.seen(BLANK), connection.cursor() as cursor:
            for name in own.EXTENSIONS:
                cursor.execute(f"CREATE EXTENSION {name}")
        psql = [str(own.programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1"]
        own.must(psql, "Copying the tables", input=_dump(), env=_environment(self._settings(BLANK)))

    def new(self, name: str) -> None:
        """Make a database with our tables."""
        with self.seen("postgres"), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {BLANK}")

    def _settings(self, name: str) -> dict[str, Any]:
        return {"HOST": "127.0.0.1", "PORT": self.port, "USER": ROLE, "PASSWORD": self.password, "NAME": name}

    def url(self, name: str) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def seen(self, name: str) -> Iterator[None]:
        """Let Django see one of its databases while the block runs."""
        kept = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(self._settings(name))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(kept)

    def start(self) -> None:
        command = [str(own.programs() / "pg_ctl"), "start", "-w", "-s", "-D", str(self.data), "-l", str(self.log)]
        try:
            own.must([*command, "-t", f"{PATIENCE_S:.0f}", "-o", f"-p {self.port}"], "Starting PostgreSQL")
        except own.Stopped as fault:
            raise own.Stopped(f"{fault}\n{self.words()[-2000:]}") from None

    def kill(self) -> None:
        """Kill the server and all that serve somebody; return when none is left."""
        first = self._pid()
        if first is None:
            return
        os.kill(first, signal.SIGSTOP)  # so that it begins no other while we look
        pids = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text(encoding="utf-8").split())]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while any(Path(f"/proc/{pid}").exists() for pid in pids):  # the next start asks for the number of the last
            assert time.monotonic() < deadline, "PostgreSQL outlives a kill"
            time.sleep(0.02)

    def words(self) -> str:
        """Return all that it logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def is_running(self) -> bool:
        return self._pid() is not None

    def _pid(self) -> int | None:
        """Return the number of the server, if it runs from our folder."""
        with suppress(OSError, ValueError):
            number = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            return number if os.fsencode(self.data) in words else None
        return None


def _dump() -> str:
    """Return the commands that make Django's database."""
    connection.close()
    command = [str(own.programs() / "pg_dump"), "--no-owner", "--no-privileges"]
    return own.must(command, "pg_dump", env=_environment(connection.settings_dict))


def _environment(told: Mapping[str, Any]) -> dict[str, str]:
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {
        **os.environ,  # noqa: TID251  a program started by hand has it too
        **{name: str(told[of]) for name, of in names.items()},
    }


def missing() -> str:
    """Return why there can be no such server here, in words; empty where there can."""
    try:
        own.programs()
        own.owner()
    except own.Stopped as reason:
        return str(reason)
    return ""
