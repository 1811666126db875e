"""A mosquitto of a test's own, with the settings of `deploy/mosquitto.conf`, to be killed and started again."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import broker as own  # scripts/broker.py
import pytest

GATEWAY, GATEWAY_PASSWORD = "gateway", "gateway-in-tests"


_PORTS = iter(range(18850 + os.getpid() % 128 * 100, 32768))  # tests that run at the same time begin elsewhere


def free_port() -> int:
    """Return a port on which nobody listens, below those that the system hands out; never the same twice."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


class Broker:
    """One broker in a folder of its own. `kill` is a kill -9: what was not on disk is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.passwords = {GATEWAY: GATEWAY_PASSWORD}

    @property
    def url(self) -> str:
        return f"mqtt://{GATEWAY}:{GATEWAY_PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        own.furnish(self.folder, self.port, self.passwords)
        own.run(self.folder)

    def stop(self) -> None:
        own.end(self.folder)

    def kill(self) -> None:
        own.end(self.folder, signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def add_account(self, user: str, password: str) -> None:
        """Let somebody in, at once when the broker runs already."""
        self.passwords[user] = password
        own.furnish(self.folder, self.port, self.passwords)
        if number := own.running(self.folder):
            os.kill(number, signal.SIGHUP)


def missing() -> str:
    """Return why there can be no broker here, in words; empty where there can."""
    try:
        own.program()
    except own.Stopped as reason:
        return str(reason)
    return ""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Yield a broker that runs; skips with the reason where mosquitto is absent."""
    if reason := missing():
        pytest.skip(reason)
    yield from running_broker(tmp_path / "broker")


def running_broker(folder: Path) -> Iterator[Broker]:
    one = Broker(folder)
    one.start()
    yield one
    one.kill()
