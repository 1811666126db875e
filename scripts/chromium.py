"""The system's Chromium without a window: where it is, and how tests, benches and pictures start it."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DRAWN_BY_SOFTWARE = ("--enable-unsafe-swiftshader",)
WITHOUT_WEBGL = ("--disable-gpu", "--disable-3d-apis")
NONE_HERE = "no Chromium on this machine (Ubuntu's is a snap stub)"


def program() -> str | None:
    """Return Chromium's path; Ubuntu's is a script that wants a snap."""
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path and Path(path).stat().st_size < 10_000 and b"snap" in Path(path).read_bytes():
        return None
    return path


def flags(*more: str) -> list[str]:
    """Return what it is started with."""
    return [*QUIET, *more, *(["--no-sandbox"] if os.getuid() == 0 else [])]


def launched(playwright: Playwright, *more: str) -> Browser:
    """Start it.

    Raises:
        RuntimeError: there is none on this machine.
    """
    path = program()
    if path is None:
        raise RuntimeError(NONE_HERE)
    return playwright.chromium.launch(executable_path=path, args=flags(*more))
