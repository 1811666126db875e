"""A small disk of a test's own that can be filled to the last byte."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PIECE = 1 << 16


class NoSmallDisk(Exception):
    """Why there can be none here, in words."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of memory at a folder while the block runs.

    Raises:
        NoSmallDisk: we are not root, or even root may not mount here.
    """
    if os.getuid() != 0:
        raise NoSmallDisk("only root can mount a small disk")
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NoSmallDisk(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte of the disk while the block runs."""
    balloon = folder / "balloon"
    with balloon.open("wb", buffering=0) as file:
        for piece in (PIECE, 1):
            try:
                while file.write(b"\1" * piece):
                    continue
            except OSError:
                continue  # it is full
    try:
        yield
    finally:
        balloon.unlink()
