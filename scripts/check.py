"""`make check`: every gate, one line each; what a failing gate says is printed whole.

Usage: check.py [NAME …]
"""

import json
import os
import re
import subprocess
import sys
import time

import secrets_file
from secrets_file import ROOT

BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
# Rules for databases under load; our tables are made and filled by one deployment, and Django names the types.
SQUAWK_EXCEPTIONS = ",".join(
    (
        "ban-concurrent-index-creation-in-transaction",
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-robust-stmts",
        "prefer-text-field",
        "prefer-timestamp-tz",
        "require-timeout-settings",
    )
)
# Columns and keys that a context's first migration adds to tables made in the same step, still empty.
FIRST_EXCEPTIONS = f"{SQUAWK_EXCEPTIONS},adding-foreign-key-constraint,adding-required-field"
GATES: dict[str, list[str]] = {
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "words": [PYTHON, "scripts/messages.py", "check"],
    "layers": [str(BIN / "lint-imports"), "--no-logo"],
    "architecture": [str(BIN / "pytest"), "-q", "--no-header", "tests/test_architecture.py"],
    "migrations": [str(BIN / "anlan"), "makemigrations", "--check", "--dry-run"],
    "locks on tables": [PYTHON, "scripts/check.py", "--squawk"],
    "unused code": [str(BIN / "vulture")],
    "settings": [str(BIN / "anlan"), "check", "--fail-level", "WARNING"],
    "types": [str(BIN / "mypy")],
    "types of the pages' scripts": ["npm", "run", "--prefix", "frontend", "--silent", "check"],
    "tests of the pages' scripts": ["npm", "test", "--prefix", "frontend", "--silent"],
    "copies": ["npx", "--prefix", "frontend", "--no-install", "jscpd", "--config", "frontend/jscpd.json"],
}


def environment() -> dict[str, str]:
    """Return what the tools run under: the checkout's own programs first, no colours in logs."""
    path = os.environ.get("PATH", "")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False) if has("node") else None
    recent = node is not None and int((re.findall(r"\d+", node.stdout) or ["0"])[0]) >= 20
    return {**os.environ, "PATH": f"{path}:{BIN}" if recent else f"{BIN}:{path}"}


def has(program: str) -> bool:
    """Tell whether the program is on the path."""
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in os.get_exec_path())


def squawk() -> int:
    """Look through the SQL of every migration of ours for long locks."""
    made = subprocess.run([PYTHON, "scripts/migration_sql.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        print(made.stderr)
        return made.returncode
    results = []
    for path, sql in json.loads(made.stdout).items():
        exceptions = FIRST_EXCEPTIONS if "/0001_" in path else SQUAWK_EXCEPTIONS
        look = [str(BIN / "squawk"), "--exclude", exceptions, "--stdin-filepath", f"{path}.sql"]
        results.append(subprocess.run(look, input=sql, text=True, check=False).returncode)
    return max(results)


def pass_gate(name: str, settings: dict[str, str]) -> bool:
    """Run one gate and say how it went."""
    began = time.monotonic()
    done = subprocess.run(GATES[name], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    print(f"  {'ok    ' if done.returncode == 0 else 'FAILED'}  {name}  ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """Pass all gates, or the named ones."""
    if sys.argv[1:] == ["--squawk"]:
        return squawk()
    secrets_file.keep_keys()
    settings = environment()
    results = [pass_gate(name, settings) for name in sys.argv[1:] or GATES]
    print(f"{results.count(True)} of {len(results)} gates passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
