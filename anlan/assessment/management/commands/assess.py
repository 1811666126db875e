"""`anlan assess`: the whole job from a file, without a database or a server."""

import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from anlan.assessment.core.chosen_weights import METHODS
from anlan.assessment.documents.index import index_documents, index_of
from anlan.assessment.documents.offline import (
    Faulty,
    File,
    assess_reading,
    documents_of,
    read_survey,
)
from anlan.assessment.documents.summary import print_index, print_result
from anlan.assessment.documents.workbook_file import BadWorkbook, check_size
from anlan.assessment.documents.workbook_marks import marked_workbook, reason_of
from anlan.assessment.documents.workbook_words import said

ERRORS = "errors.xlsx"
BAD_INPUT = 2  # exit code
SHOWN = 10


class Command(BaseCommand):
    """Assesses a file; writes everything or, on bad input, only what is wrong with it."""

    help = "Assess a filled-in survey workbook: scores, report and needs list; or compute any index with --index."
    requires_system_checks: Sequence[str] = ()  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", type=Path, help="the survey workbook; with --index any table of units")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")
        parser.add_argument("--weights", choices=METHODS, default="default", help="how weights are found")
        parser.add_argument("--index", type=Path, help="YAML of any index system to compute over a CSV or .xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out)  # type: ignore[arg-type]
        content, system = _read(options["table"]), options["index"] and _read(options["index"])
        out: Path = options["out"]
        try:
            with _staging(out) as folder:
                if system is not None:
                    self._index(console, content, system, folder)
                else:
                    self._assess(console, content, options["weights"], folder)
        except Faulty as refused:
            _write_errors(console, content, refused, out)
            raise CommandError(said(refused.message, refused.values), returncode=BAD_INPUT) from refused
        console.print(gettext("Everything is in %(folder)s") % {"folder": out})

    def _assess(self, console: Console, content: bytes, method: str, folder: Path) -> None:
        with _bars(console) as bars:
            task = bars.add_task(gettext("Reading the workbook"), total=None)
            reading = read_survey(content)
            bars.update(task, description=gettext("Computing"))
            result = assess_reading(reading, method)
            files = documents_of(result, issued_on=timezone.localdate(), progress=_follow(bars, task))
            _store(files, folder)
        print_result(result, console)

    def _index(self, console: Console, content: bytes, system: bytes, folder: Path) -> None:
        computed = index_of(content, system)
        _store(index_documents(computed, made_on=timezone.localdate()), folder)
        print_index(computed, console)


def _read(path: Path) -> bytes:
    """Return the file's content, unless it is absent or too large to look at."""
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        words = gettext("%(path)s cannot be read: %(words)s") % {"path": path, "words": error.strerror}
        raise CommandError(words, returncode=BAD_INPUT) from error
    except BadWorkbook as refused:
        raise CommandError(said(refused.message, refused.values), returncode=BAD_INPUT) from refused


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """Give a folder beside the target whose files are moved in only when all of them are there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
        folder = Path(name)
        yield folder
        out.mkdir(exist_ok=True)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            target = out / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        (out / ERRORS).unlink(missing_ok=True)


def _store(files: Iterable[File], folder: Path) -> None:
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _follow(bars: Progress, task: TaskID) -> Callable[[int, int, str], None]:
    def follow(done: int, total: int, doing: str) -> None:
        bars.update(task, completed=done, total=total, description=doing)

    return follow


def _write_errors(console: Console, content: bytes, refused: Faulty, out: Path) -> None:
    """Write the marked workbook, and nothing else; say the first of what is wrong."""
    out.mkdir(parents=True, exist_ok=True)
    (out / ERRORS).write_bytes(marked_workbook(content, refused.problems))
    for problem in refused.problems[:SHOWN]:
        where = " ".join(part for part in (problem.sheet, problem.cell) if part)
        console.print(f"{where}: {reason_of(problem)}" if where else reason_of(problem), markup=False)
    if len(refused.problems) > SHOWN:
        rest = len(refused.problems) - SHOWN
        console.print(gettext("… and %(count)d more in %(file)s") % {"count": rest, "file": out / ERRORS})
