"""The broker: who is let in, what each may do, and what a kill leaves."""

import socket
import subprocess
import threading
import time
from contextlib import suppress

import broker as own
import pytest

from anlan.telemetry.core.mqtt_passwords import accounts_file, entries_in, entry, matches
from anlan.telemetry.tests.broker import GATEWAY, GATEWAY_PASSWORD, Broker
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.fault_proxy import FaultProxy

NOT_AUTHORISED = 135  # of MQTT 5
WRITTEN_BY_MOSQUITTO = (
    "$7$101$VQZKDEz7rJX8aLjb$mCqrqqaiCJOE6WeNLa/k5l6vZvSsKlwcs15ThUpVFyui7TqM079VNOM7BrvHVdwhkSt20TcSExLMpdgUuyzwtQ=="
)


def publish(broker: Broker, user: str, password: str, topic: str, message: str = "1") -> int:
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", user, "-P", password, "-q", "1", "-V", "5"]
    command += ["-t", topic, "-m", message]
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode  # noqa: S603


def heard_by(broker: Broker, user: str, password: str, topic: str, *, seconds: int = 1, session: str = "") -> list[str]:
    command = ["mosquitto_sub", "-p", str(broker.port), "-u", user, "-P", password, "-q", "1", "-W", str(seconds)]
    keep = ["-i", session, "-c"] if session else []
    done = subprocess.run([*command, *keep, "-t", topic], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return done.stdout.splitlines()


def session_of_the_gateway(broker: Broker) -> None:
    command = ["mosquitto_sub", "-p", str(broker.port), "-u", GATEWAY, "-P", GATEWAY_PASSWORD, "-q", "1", "-c", "-E"]
    subprocess.run([*command, "-i", "session", "-t", "anlan/up/#"], timeout=20, check=True)  # noqa: S603


def test_a_line_is_what_mosquitto_passwd_writes():
    assert matches("secret", WRITTEN_BY_MOSQUITTO)
    assert not matches("Secret", WRITTEN_BY_MOSQUITTO)
    assert entry("secret", salt=bytes.fromhex("55064a0c4cfbac95fc68b8db")) == WRITTEN_BY_MOSQUITTO


@pytest.mark.parametrize("kept", ["", "$6$1$AA==$AA==", "$7$x$AA==$AA==", "$7$0$AA==$AA==", "$7$101$*$AA=="])
def test_a_broken_line_lets_nobody_in(kept):
    assert not matches("secret", kept)


def test_the_file_reads_back():
    entries = {"D2": entry("b", salt=bytes(12)), "D1": entry("a", salt=bytes(12))}

    assert entries_in(accounts_file(entries)) == entries


@pytest.mark.parametrize(("name", "kept"), [("a:b", "$7$"), ("a\nb", "$7$"), ("", "$7$"), ("a", ""), ("a", "x\ny:$7$")])
def test_nobody_writes_a_second_line_into_the_file(name, kept):
    with pytest.raises(ValueError, match="cannot be written into a line"):
        accounts_file({name: kept})


def test_a_device_is_let_in_by_its_key_alone(broker):
    broker.add_account("D1", "key-1")
    wait_until(lambda: publish(broker, "D1", "key-1", "anlan/up/D1/readings") == 0)

    assert publish(broker, "D1", "wrong", "anlan/up/D1/readings") == NOT_AUTHORISED
    assert publish(broker, "D2", "key-1", "anlan/up/D2/readings") == NOT_AUTHORISED
    assert publish(broker, "", "", "anlan/up/D1/readings") != 0


def test_a_device_speaks_under_its_own_name_and_hears_only_what_is_for_it(broker):
    broker.add_account("D1", "key-1")
    broker.add_account("D2", "key-2")
    session_of_the_gateway(broker)
    wait_until(lambda: publish(broker, "D2", "key-2", "anlan/up/D2/readings", "its own") == 0)

    publish(broker, "D2", "key-2", "anlan/up/D1/readings", "another's")
    publish(broker, "D2", "key-2", "anlan/down/D1/order", "an order")

    assert heard_by(broker, GATEWAY, GATEWAY_PASSWORD, "anlan/up/#", session="session") == ["its own"]
    assert heard_by(broker, "D2", "key-2", "anlan/up/#") == []


def test_what_was_acknowledged_is_there_after_a_stop_and_two_seconds_later_after_a_kill(broker):
    session_of_the_gateway(broker)
    publish(broker, GATEWAY, GATEWAY_PASSWORD, "anlan/down/x")  # may be written, is not for the session
    broker.add_account("D1", "key-1")
    wait_until(lambda: publish(broker, "D1", "key-1", "anlan/up/D1/readings", "first") == 0)
    broker.restart()
    publish(broker, "D1", "key-1", "anlan/up/D1/readings", "second")
    time.sleep(3.2)  # it saves when more than a second has passed, on whole seconds
    broker.kill()
    broker.start()

    heard = heard_by(broker, GATEWAY, GATEWAY_PASSWORD, "anlan/up/#", session="session")

    assert heard[-2:] == ["first", "second"]


def test_a_broker_is_not_started_twice_and_a_second_stop_is_no_fault(broker):
    broker.stop()
    broker.stop()
    broker.start()

    assert publish(broker, GATEWAY, GATEWAY_PASSWORD, "anlan/down/D1") == 0


def test_a_broker_elsewhere_is_left_alone(monkeypatch, capsys):
    monkeypatch.setenv("ANLAN_MQTT_URL", "mqtt://gateway:x@broker.example:1883")

    own.start()
    own.stop()

    assert capsys.readouterr().out == ""


def test_a_machine_without_mosquitto_is_told_in_words(monkeypatch):
    monkeypatch.setattr(own.shutil, "which", lambda name, path: None)

    with pytest.raises(own.Stopped, match="There is no mosquitto here"):
        own.program()


def wait_until(holds, patience_s: float = 5.0) -> None:
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def echo():
    """A program that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, suppress(OSError):
                while data := line.recv(65536):
                    line.sendall(data)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_the_line_that_goes_wrong_passes_all_on_until_it_is_told_otherwise(echo):
    with FaultProxy(echo) as proxy, socket.create_connection(("127.0.0.1", proxy.port), 5) as line:
        line.sendall(b"there")
        assert line.recv(100) == b"there"

        proxy.is_silent = True
        line.sendall(b"held")
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(100)

        proxy.is_silent = False
        line.settimeout(5)
        assert line.recv(100) == b"held"

        proxy.cut()
        with pytest.raises(ConnectionError):
            line.recv(100)
