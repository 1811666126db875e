"""The gateway as a process of its own on the tests' database, to be killed and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from anlan.telemetry.gateway.mqtt import broker_at
from anlan.telemetry.gateway.process import MqttWire

ANLAN = Path(sys.executable).with_name("anlan")
PATIENCE_S = 90.0  # on a machine that does other things as well


class GatewayProcess:
    """`anlan gateway` with the broker at an address. Its words are in `log`."""

    def __init__(self, folder: Path, *, url: str, version: str = "5", arguments: tuple[str, ...] = ()) -> None:
        self.alive, self.log = folder / "gateway.alive", folder / "gateway.log"
        self._command = [str(ANLAN), "gateway", "--no-sl651", "--alive", str(self.alive), *arguments]
        self._environment = {
            **os.environ,  # noqa: TID251  a program started by hand has it too
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
            "ANLAN_SECRET_KEY": settings.SECRET_KEY,
            "ANLAN_FIELD_KEY": settings.FIELD_KEY,
            "ANLAN_DATABASE_NAME": str(connection.settings_dict["NAME"]),
            "ANLAN_MQTT_URL": url,
            "ANLAN_MQTT_VERSION": version,
            "ANLAN_MQTT_ACCOUNTS": "",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def tell(self, **environment: str) -> None:
        """Set variables for the next start."""
        self._environment |= environment

    def start(self, *, waits: bool = True) -> None:
        self.alive.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)  # noqa: S603
        if waits:
            try:
                wait_until(self.alive.exists, self.words)
            except AssertionError:
                self.kill()
                raise

    def words(self) -> str:
        """Return the end of what it logged."""
        return self.log.read_text(encoding="utf-8")[-3000:]

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(PATIENCE_S)
        self._process = None
        return code


class GatewayHere:
    """The same threads inside the test: begins at once, and cannot be killed."""

    def __init__(self, url: str, *, version: str = "5", clock: Callable[[], datetime] = now) -> None:
        self.wire = MqttWire(broker_at(url, version=version), clock=clock)

    def start(self) -> None:
        asyncio.run(self.wire.start())
        wait_until(lambda: self.wire.is_well)

    def stop(self) -> None:
        asyncio.run(self.wire.stop())


def wait_until(holds: Callable[[], object], words: Callable[[], object] = str, patience_s: float = PATIENCE_S) -> None:
    """Return as soon as it holds; fail with the words when it never does."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, f"it did not come: {words()}"
        time.sleep(0.02)
