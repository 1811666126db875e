"""The site in the background: pid files in var/run, logs in var/log.

Usage: server.py start | stop | status
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import secrets_file
from secrets_file import ROOT, VAR

RUN, LOG = VAR / "run", VAR / "log"
PATIENCE_S = 60


class Stopped(Exception):
    """What keeps us from going on, in words."""


def processes() -> dict[str, list[str]]:
    """Return the background processes by name, as the Procfile has them."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    named = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    ports = {"$PORT": str(port()), "$ANLAN_LIVE_PORT": str(live_port())}
    return {name: [ports.get(word, word) for word in command.split()] for name, command in named.items()}


def port() -> int:
    """Return the site's port."""
    return port_called("PORT", 8000)


def live_port() -> int:
    """Return the port of the live stream: the one after the site's unless told."""
    return port_called("ANLAN_LIVE_PORT", port() + 1)


def port_called(name: str, otherwise: int) -> int:
    text = os.environ.get(name) or str(otherwise)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Stopped(f"{name}={text} is no port number")
    return int(text)


def started_at(pid: int) -> str:
    """Return when the process began, in the kernel's ticks; empty if there is none. Tells a reused number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def running(name: str) -> int | None:
    """Return the process's number if the one that we started still runs."""
    try:
        kept = json.loads((RUN / f"{name}.pid").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return int(kept["pid"]) if started_at(kept["pid"]) == kept["started"] else None


def start_process(name: str, command: list[str]) -> None:
    """Start one process in a session of its own, so that Ctrl-C here does not reach it."""
    environment = {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ.get('PATH', '')}",
        "ANLAN_LIVE_PORT": str(live_port()),
    }
    with (LOG / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    content = json.dumps({"pid": process.pid, "started": started_at(process.pid)})
    (RUN / f"{name}.pid").write_text(content, encoding="utf-8")


def stop_process(name: str) -> bool:
    """End the process and what it started; return whether it ran."""
    pid = running(name)
    if pid:
        os.killpg(pid, signal.SIGTERM)
        for _ in range(100):
            if not started_at(pid):
                break
            time.sleep(0.1)
        else:
            os.killpg(pid, signal.SIGKILL)
    (RUN / f"{name}.pid").unlink(missing_ok=True)
    return pid is not None


def holder(number: int) -> str | None:
    """Return who listens on the port, in words; None if nobody does."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text(encoding="utf-8").splitlines()[1:] if Path(table).exists() else []
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == number:
                sockets.add(f"socket:[{fields[9]}]")
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(handle) in sockets for handle in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                return f"process {process.name} ({words[:120]})"
        except OSError:
            continue
    return "a process of another user"


def refuse_taken_port() -> None:
    """Stop before the long work if somebody else holds the site's port, or the one of the live stream."""
    for name, variable, number in (("web", "PORT", port()), ("live", "ANLAN_LIVE_PORT", live_port())):
        if running(name) is None and (who := holder(number)):
            way_out = f"make demo {variable}={number + 1}"
            raise Stopped(f"Port {number} is taken by {who}.\nEnd it, or choose another port:  {way_out}")


def health(address: str) -> str:
    """Return an empty text when the site answers its health check, else what it says."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310  our own address
            return "" if answer.status == 200 else f"it answers {answer.status}"
    except (urllib.error.URLError, OSError) as error:
        return str(error)


def wait_until_healthy(address: str) -> None:
    """Return once the site answers."""
    deadline = time.monotonic() + PATIENCE_S
    while trouble := health(address):
        if running("web") is None:
            raise Stopped(f"The site ended at once. The end of {LOG / 'web.log'}:\n{tail(LOG / 'web.log')}")
        if time.monotonic() > deadline:
            raise Stopped(f"No answer from {address}/healthz ({trouble}). The end of its log:\n{tail(LOG / 'web.log')}")
        time.sleep(0.2)


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def start() -> str:
    """Start the site anew and return its address."""
    for folder in (RUN, LOG):
        folder.mkdir(parents=True, exist_ok=True)
    secrets_file.keep_keys()
    stop()
    refuse_taken_port()
    for name, command in processes().items():
        start_process(name, command)
    address = f"http://127.0.0.1:{port()}"
    wait_until_healthy(address)
    return address


def stop() -> list[str]:
    """End whatever of ours runs; return the names."""
    names = sorted(path.stem for path in RUN.glob("*.pid"))
    return [name for name in names if stop_process(name)]


def main() -> int:
    """Carry out the command named on the command line."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        if command == "start":
            print("The site answers on", start())
        elif command == "stop":
            print("Stopped:", ", ".join(stop()) or "the site was not running")
        elif command == "status":
            print("\n".join(f"{name}: {running(name) or 'not running'}" for name in processes()))
        else:
            print(__doc__)
            return 2
    except Stopped as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
