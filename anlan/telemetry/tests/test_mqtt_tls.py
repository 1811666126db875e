"""MQTT by TLS: certificates of an authority that the site names are believed, others told of and refused."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import broker as own  # scripts/broker.py
import pytest
from django.utils.timezone import now

from anlan.telemetry.gateway.mqtt import broker_at
from anlan.telemetry.gateway.process import MqttWire
from anlan.telemetry.models import Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import GATEWAY, GATEWAY_PASSWORD, Broker, free_port, missing
from anlan.telemetry.tests.certificates import Authority
from anlan.telemetry.tests.gateway_process import GatewayProcess, wait_until
from anlan.telemetry.tests.mqtt_devices import level, levels, publish, publish_lines, stored
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture

pytestmark = pytest.mark.django_db(transaction=True)


class TlsBroker(Broker):
    """A broker with a second port, which speaks TLS: as `deploy/mosquitto.conf` says how to open it."""

    def __init__(self, folder: Path, lines: Callable[[Path], list[str]]) -> None:
        super().__init__(folder)
        self.tls_port, self._lines = free_port(), lines

    @property
    def url(self) -> str:
        return f"mqtts://{GATEWAY}:{GATEWAY_PASSWORD}@127.0.0.1:{self.tls_port}"

    def start(self) -> None:
        self.folder.mkdir()
        lines = [f"listener {self.tls_port} 127.0.0.1", "tls_version tlsv1.2", *self._lines(self.folder)]
        own.furnish(self.folder, self.port, self.passwords)
        with (self.folder / "mosquitto.conf").open("a", encoding="utf-8") as settings:
            settings.write("\n".join(lines) + "\n")
        own.run(self.folder)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "authority")


@pytest.fixture
def start(tmp_path, no_readings):
    """What starts a broker with the files of a certificate, and more lines of its settings."""
    if reason := missing():
        pytest.skip(reason)
    begun = []

    def start(files: tuple[Path, Path], *more: str, trusted: Path | None = None) -> TlsBroker:
        def lines(folder: Path) -> list[str]:
            told = {"certfile": files[0], "keyfile": files[1], **({"cafile": trusted} if trusted else {})}
            for name, file in told.items():
                (folder / name).write_bytes(file.read_bytes())
            return [*(f"{name} {folder / name}" for name in told), *more]

        make.datastream(make.device("D1"), "level")
        broker = TlsBroker(tmp_path / "broker", lines)
        broker.passwords["D1"] = "key-D1"
        begun.append(broker)
        broker.start()
        return broker

    yield start
    for each in begun:
        each.kill()


@contextmanager
def hearing(url: str, **named: object) -> Iterator[MqttWire]:
    """Run the threads of a gateway."""
    wire = MqttWire(broker_at(url, version="5", **named), clock=now)
    asyncio.run(wire.start())
    try:
        yield wire
    finally:
        asyncio.run(wire.stop())


@pytest.fixture
def broker(start, authority):
    """A broker with a certificate of the authority for 127.0.0.1."""
    return start(authority.certify("localhost", address="127.0.0.1"))


def test_devices_and_gateway_speak_by_tls_as_the_site_sets_it(broker, authority, tmp_path):
    gateway = GatewayProcess(tmp_path, url=broker.url)
    gateway.tell(ANLAN_MQTT_CA=str(authority.file))
    gateway.start()

    publish(broker, level(101.5), more=["-p", str(broker.tls_port), "--cafile", str(authority.file)])

    wait_until(lambda: stored() == [101.5], gateway.words)
    assert gateway.stop() == 0


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_thousands_of_messages_come_whole_and_are_acknowledged(broker, authority, version):
    wire = MqttWire(broker_at(broker.url, version=version, authority=str(authority.file)), clock=now)
    asyncio.run(wire.start())
    wait_until(lambda: wire.is_well)

    publish_lines(broker, levels(5000))
    wait_until(lambda: Reading.objects.count() == 5000)
    asyncio.run(wire.stop())
    with hearing(broker.url, authority=str(authority.file)) as again:
        wait_until(lambda: again.is_well)
        publish(broker, level(7.0, 1_783_000_000))
        wait_until(lambda: Reading.objects.count() == 5001)

        assert again.keeper.counts.received == 1


REFUSED = "The certificate of the broker at 127.0.0.1 is not believed"


def test_a_broker_of_another_authority_is_told_of_and_gets_no_word(broker, tmp_path, caplog):
    stranger = Authority(tmp_path, "stranger")

    with hearing(broker.url, authority=str(stranger.file)) as wire:
        wait_until(lambda: REFUSED in caplog.text)

        assert wire.is_alive
        assert not wire.is_well
    assert "unable to get local issuer certificate" in caplog.text
    assert "ANLAN_MQTT_CA" in caplog.text


def test_a_certificate_of_another_host_is_believed_only_where_the_site_says_so(start, authority, caplog):
    broker = start(authority.certify("broker.example"))

    with hearing(broker.url, authority=str(authority.file)) as wire:
        wait_until(lambda: REFUSED in caplog.text)
        assert not wire.is_well
    with hearing(broker.url, authority=str(authority.file), is_name_checked=False) as wire:
        wait_until(lambda: wire.is_well)
    assert "IP address mismatch" in caplog.text


def test_a_broker_that_asks_for_a_certificate_sees_the_gateways(start, authority, caplog):
    files = authority.certify("localhost", address="127.0.0.1")
    broker = start(files, "require_certificate true", trusted=authority.file)
    certificate, key = map(str, authority.certify("gateway"))

    with hearing(broker.url, authority=str(authority.file)) as wire:
        wait_until(lambda: "The line to the broker is gone" in caplog.text)
        assert not wire.is_well
    with hearing(broker.url, authority=str(authority.file), certificate=certificate, key=key) as wire:
        wait_until(lambda: wire.is_well)
        publish(broker, level(101.5))
        wait_until(lambda: stored() == [101.5])
