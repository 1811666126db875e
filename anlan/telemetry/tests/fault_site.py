"""All that a site runs, on a PostgreSQL and a broker of a test's own, each to be killed and started again."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from anlan.telemetry.tests.broker import Broker, free_port
from anlan.telemetry.tests.fault_cluster import Cluster
from anlan.telemetry.tests.gateway_process import wait_until
from anlan.web.tests.live_process import ask, holds_port

ANLAN = Path(sys.executable).with_name("anlan")
FRESH_S = 1.5  # the gateway tells each second that all is well
BROKER_SAVES_S = 2.2


class Program:
    """One of our commands as a process. Its words are in `log`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = [str(ANLAN), *command], environment, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)  # noqa: S603

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def has_fallen(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def words(self) -> str:
        return self._log.read_text(encoding="utf-8")[-3000:]


class Site:
    """A gateway, a judge, a worker and a live process for a database of a cluster."""

    def __init__(self, folder: Path, cluster: Cluster, broker: Broker, database: str) -> None:
        self.cluster, self.broker, self.database = cluster, broker, database
        self.sl651, self.live = free_port(), free_port()
        self._alive = folder / "gateway.alive"
        environment = {
            **os.environ,  # noqa: TID251  a program started by hand has it too
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
            "ANLAN_SECRET_KEY": settings.SECRET_KEY,
            "ANLAN_FIELD_KEY": settings.FIELD_KEY,
            "DATABASE_URL": cluster.url(database),
            "ANLAN_DATABASE_NAME": database,
            "ANLAN_MQTT_URL": broker.url,
            "ANLAN_MQTT_VERSION": "5",
            "ANLAN_MQTT_ACCOUNTS": "",
            "ANLAN_LOG_LEVEL": "WARNING",
        }
        commands = {
            "gateway": ["gateway", "--sl651-port", str(self.sl651), "--alive", str(self._alive)],
            "judge": ["judge"],
            "live": ["live", "--port", str(self.live)],
            "worker": ["procrastinate", "worker", "--concurrency", "2"],
        }
        self.programs = {
            name: Program(command, environment, folder / f"{name}.log") for name, command in commands.items()
        }
        self._all: Mapping[str, Program | Broker | Cluster] = {
            **self.programs,
            "mosquitto": broker,
            "PostgreSQL": cluster,
        }

    def start(self) -> None:
        """Start all of it; return when devices are heard and the broker knows on disk who listens."""
        for program in self.programs.values():
            program.start()
        self.wait()
        time.sleep(BROKER_SAVES_S)

    def wait(self) -> None:
        """Return when each of them does its work."""
        since = time.time()
        wait_until(lambda: self._is_heard(since), self.words)
        wait_until(lambda: holds_port(self.live) and self._is_live(), self.words)
        if self.programs["worker"].has_fallen:  # it ends where PostgreSQL is away; systemd starts it again, as we do
            self.programs["worker"].start()
        fallen = [name for name, program in self.programs.items() if program.has_fallen]
        assert not fallen, f"{fallen} ended by themselves: {self.words()}"

    def _is_heard(self, since: float) -> bool:
        try:
            return self._alive.stat().st_mtime > since and holds_port(self.sl651)
        except OSError:
            return False

    def _is_live(self) -> bool:
        try:
            return ask(self.live, "/live/healthz")[1] == b"ok"
        except OSError:
            return False

    def strike(self, names: Sequence[str], *, away_s: float = 0.0) -> None:
        """Kill some of them, start them again after a while, and return when all is well."""
        for name in names:
            self._all[name].kill()
        time.sleep(away_s)
        for name in names:
            self._all[name].start()
        self.wait()

    def end(self) -> None:
        for program in self.programs.values():
            program.kill()

    def words(self) -> str:
        """Return the last words of all."""
        return "\n".join(f"{name}: {program.words()}" for name, program in self.programs.items())
