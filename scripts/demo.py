"""`make demo`: the demo county loaded, the main job done, the site started in the background."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import broker
import cluster
import server
from secrets_file import ROOT, VAR

ANLAN = str(ROOT / ".venv" / "bin" / "anlan")


def run(*command: str) -> None:
    """Run one of our own commands; its failure is ours."""
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def fingerprint() -> str:
    """Return a hash of every static file of ours."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "anlan").glob("*/static/**/*")):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Compress and name the static files by content, when one of them changed."""
    stamp, now = VAR / "stamps" / "static", fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == now and (VAR / "static").exists():
        return
    run(ANLAN, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now, encoding="utf-8")


def simulate(address: str) -> None:
    """Let the county's devices speak: a storm comes a minute from now, or the readings of a file (REPLAY=file.csv)."""
    command = [ANLAN, "simulate", "--site", address]
    if replay := os.environ.get("REPLAY"):
        command += ["--replay", replay, "--as-of-now", "--speed", "0"]
    server.start_process("simulator", command)


def main() -> int:
    """Do all of it; each step mends what an interrupted run before left."""
    headless = os.environ.get("HEADLESS") == "1"
    try:
        if not headless:
            server.refuse_taken_port()
        cluster.start()
        run(ANLAN, "migrate", "--noinput", "--verbosity", "0")
        run(ANLAN, "load_demo")
        if headless:
            print(f"The documents are in {Path('var') / 'out'}")
            return 0
        collect_static()
        broker.start()
        address = server.start()
        simulate(address)
    except (cluster.Stopped, server.Stopped) as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run `make demo` again: it goes on from here.", file=sys.stderr)
        return 130
    run(ANLAN, "load_demo", "--logins")
    print("\nIn a minute a storm comes over the county: watch it on the one map, 一张图 (the wall: /map/wall/).")
    print(f"Anlan answers on {address}\nIts logs are in var/log; `make stop` ends it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
