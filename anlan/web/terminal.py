"""Commands that write a folder of files: all of them or none, with bars meanwhile."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

BAD_INPUT = 2  # exit code


@contextmanager
def staging(out: Path, *, stale: str = "") -> Iterator[Path]:
    """Give a folder beside the target whose files are moved in only when all of them are there.

    Args:
        out: the target.
        stale: name of a file of an earlier failure, which goes when this succeeds.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
        folder = Path(name)
        yield folder
        out.mkdir(exist_ok=True)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            target = out / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        if stale:
            (out / stale).unlink(missing_ok=True)


def store(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files by their path in the folder."""
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def bars(console: Console) -> Progress:
    """Return bars that say what is being done, how far it is and how long it took."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def follow(shown: Progress, task: TaskID) -> Callable[[int, int, str], None]:
    """Return what tells a bar how far the work is."""

    def tell(done: int, total: int, doing: str) -> None:
        shown.update(task, completed=done, total=total, description=doing)

    return tell
