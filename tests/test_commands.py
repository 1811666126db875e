"""The scripts behind `make demo`: the port's holder is named, keys stay private, nothing is started twice."""

import os
import socket
import subprocess
import sys

import cluster
import pytest
import secrets_file
import server


@pytest.fixture
def listener():
    with socket.socket() as open_socket:
        open_socket.bind(("127.0.0.1", 0))
        open_socket.listen()
        yield open_socket.getsockname()[1]


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "RUN", tmp_path)
    monkeypatch.setattr(server, "LOG", tmp_path)
    return tmp_path


def test_a_taken_port_is_named_with_its_holder(listener):
    assert f"process {os.getpid()}" in (server.holder(listener) or "")


def test_a_free_port_has_no_holder(listener):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        unused = other.getsockname()[1]

    assert server.holder(unused) is None


def test_a_taken_port_is_refused_with_a_way_out(listener, run_folder, monkeypatch):
    monkeypatch.setenv("PORT", str(listener))

    with pytest.raises(server.Stopped, match=f"make demo PORT={listener + 1}"):
        server.refuse_taken_port()


@pytest.mark.parametrize("text", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("PORT", text)

    with pytest.raises(server.Stopped, match="no port number"):
        server.port()


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")  # meant to outlive its starter
def test_a_process_is_started_found_and_ended(run_folder):
    server.start_process("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])

    assert server.running("sleeper")
    assert server.stop_process("sleeper")
    assert server.running("sleeper") is None


def test_another_process_with_a_reused_number_is_left_alone(run_folder):
    (run_folder / "web.pid").write_text(f'{{"pid": {os.getpid()}, "started": "1"}}', encoding="utf-8")

    assert server.stop_process("web") is False
    assert not (run_folder / "web.pid").exists()


def test_the_procfile_names_every_process(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("ANLAN_LIVE_PORT", raising=False)

    processes = server.processes()

    assert set(processes) >= {"web", "live", "worker", "judge", "gateway"}
    assert "8123" in processes["web"]
    assert "8124" in processes["live"]


def test_the_port_of_the_live_stream_is_refused_too_when_it_is_taken(listener, run_folder, monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("ANLAN_LIVE_PORT", str(listener))
    monkeypatch.setattr(server, "holder", lambda number: "somebody" if number == listener else None)

    with pytest.raises(server.Stopped, match=f"make demo ANLAN_LIVE_PORT={listener + 1}"):
        server.refuse_taken_port()


def test_only_the_owner_reads_the_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(secrets_file, "VAR", tmp_path)
    monkeypatch.setattr(secrets_file, "PATH", tmp_path / "secret.env")

    secrets_file.keep_keys()
    before = secrets_file.read()
    secrets_file.keep_keys()

    assert (tmp_path / "secret.env").stat().st_mode & 0o077 == 0
    assert secrets_file.read() == before
    assert len(bytes.fromhex(before["ANLAN_FIELD_KEY"])) == 32


def test_a_server_that_is_not_there_is_told_in_words(monkeypatch):
    monkeypatch.setattr(secrets_file, "keep_keys", lambda: None)

    with pytest.raises(cluster.Stopped, match="DATABASE_URL cannot be reached"):
        cluster.look_at("postgresql://nobody:x@127.0.0.1:1/none")


def test_every_script_parses_as_shell():
    for name in ("scripts/bootstrap.sh", "scripts/lock.sh", ".ci/run"):
        subprocess.run(["bash", "-n", secrets_file.ROOT / name], check=True)
