"""`anlan assess`: the whole job from a file, without a database or a server."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext
from rich.console import Console

from anlan.assessment.core.chosen_weights import METHODS
from anlan.assessment.documents.index import index_documents, index_of
from anlan.assessment.documents.offline import (
    Faulty,
    assess_reading,
    documents_of,
    read_survey,
)
from anlan.assessment.documents.summary import print_index, print_result
from anlan.assessment.documents.workbook_words import said
from anlan.assessment.queries.offline import marked_errors, told_errors, workbook_in
from anlan.kernel.refusal import Refusal
from anlan.web.terminal import BAD_INPUT, bars, follow, staging, store

ERRORS = "errors.xlsx"


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
            with staging(out, stale=ERRORS) as folder:
                if system is not None:
                    self._index(console, content, system, folder)
                else:
                    self._assess(console, content, options["weights"], folder)
        except Faulty as refused:
            _write_errors(console, content, refused, out)
            raise CommandError(said(refused.message, refused.values), returncode=BAD_INPUT) from refused
        console.print(gettext("Everything is in %(folder)s") % {"folder": out})

    def _assess(self, console: Console, content: bytes, method: str, folder: Path) -> None:
        with bars(console) as shown:
            task = shown.add_task(gettext("Reading the workbook"), total=None)
            reading = read_survey(content)
            shown.update(task, description=gettext("Computing"))
            result = assess_reading(reading, method)
            files = documents_of(result, issued_on=timezone.localdate(), progress=follow(shown, task))
            store(files, folder)
        print_result(result, console)

    def _index(self, console: Console, content: bytes, system: bytes, folder: Path) -> None:
        computed = index_of(content, system)
        store(index_documents(computed, made_on=timezone.localdate()), folder)
        print_index(computed, console)


def _read(path: Path) -> bytes:
    """Return the file's content, unless it is absent or too large to look at."""
    try:
        return workbook_in(path)
    except Refusal as refused:
        raise CommandError(said(refused.message, refused.values), returncode=BAD_INPUT) from refused


def _write_errors(console: Console, content: bytes, refused: Faulty, out: Path) -> None:
    """Write the marked workbook, and nothing else; say the first of what is wrong."""
    out.mkdir(parents=True, exist_ok=True)
    (out / ERRORS).write_bytes(marked_errors(content, refused))
    for line in told_errors(refused):
        console.print(line, markup=False)
