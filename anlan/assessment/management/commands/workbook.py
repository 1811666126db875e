"""`anlan workbook`: write the blank, documented survey workbook."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Unit
from anlan.assessment.core.workbook_values import OFFLINE, WorkbookScope
from anlan.assessment.documents.offline import system_in
from anlan.assessment.documents.unit_list import units_in
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.documents.workbook_marks import reason_of
from anlan.assessment.documents.workbook_words import said
from anlan.kernel.refusal import Refusal, mark

WRITTEN = mark("%(path)s: %(units)d divisions, %(leaves)d indicators, closing date %(closes)s")
SHOWN = 20


class Command(BaseCommand):
    """Writes a workbook that needs no database and no server."""

    help = "Write the blank survey workbook, with a row for every division if a list of them is given."
    requires_system_checks: Sequence[str] = ()  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the .xlsx to write")
        parser.add_argument("--divisions", type=Path, help="CSV or .xlsx of the county's divisions: code, name, …")
        parser.add_argument("--system", type=Path, help="indicator system as YAML; the default system if left out")
        parser.add_argument("--round", default="", help="name of the survey")
        parser.add_argument(
            "--closes-on", type=date.fromisoformat, help="closing date; the year's last day if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        year = timezone.localdate().year
        closes_on = options["closes_on"] or date(year, 12, 31)
        units = _units(options["divisions"])
        try:
            system = system_in(options["system"].read_bytes()) if options["system"] else default_system()
        except Refusal as refused:
            raise CommandError(said(refused.message, refused.values), returncode=2) from refused
        scope = WorkbookScope(
            system=system,
            units=tuple(units),
            round_name=options["round"] or said(mark("%(year)d survey"), {"year": closes_on.year}),
            closes_on=closes_on,
            token=OFFLINE,
            area=units[0].name if units else "",
        )
        options["out"].write_bytes(make_workbook(scope))
        self.stdout.write(_written(options["out"], scope))


def _units(path: Path | None) -> list[Unit]:
    if path is None:
        return []
    try:
        units, problems, _encoding = units_in(path.read_bytes())
    except Refusal as refused:
        raise CommandError(said(refused.message, refused.values), returncode=2) from refused
    if problems:
        lines = [f"{path.name} {problem.cell}: {reason_of(problem)}" for problem in problems[:SHOWN]]
        raise CommandError("\n".join(lines), returncode=2)
    return sorted(units, key=lambda unit: unit.code)


def _written(path: Path, scope: WorkbookScope) -> str:
    values = {
        "path": path,
        "units": len(scope.units),
        "leaves": len(scope.system.leaves),
        "closes": scope.closes_on.isoformat(),
    }
    return said(WRITTEN, values)
