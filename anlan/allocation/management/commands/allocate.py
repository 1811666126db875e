"""`anlan allocate`: who gets what for a budget, from the latest assessment or from a filled-in workbook."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext
from rich.console import Console

from anlan.allocation.core.asked import USUAL_GAP, Asked, check_asked, year_weights
from anlan.allocation.core.plan import Found, find_plan
from anlan.allocation.core.settings import Earmarked, Settings
from anlan.allocation.documents.plan_document import plan_docx
from anlan.allocation.documents.plan_summary import print_plan
from anlan.allocation.documents.plan_told import ToldPlan
from anlan.allocation.documents.plan_workbook import plan_workbook
from anlan.allocation.queries import offline_plans
from anlan.allocation.queries.offline_plans import Task
from anlan.assessment.queries.offline import Faulty, marked_errors, result_of_workbook, told_errors, workbook_in
from anlan.kernel.codes import Level, level_of
from anlan.kernel.money import fen_from_yuan
from anlan.kernel.refusal import Refusal
from anlan.places import queries as places
from anlan.web.templatetags.shown import refusal_text
from anlan.web.terminal import BAD_INPUT, bars, staging, store

ERRORS = "errors.xlsx"


class Command(BaseCommand):
    """Plans a budget; writes 《资源分配方案》 as .docx and .xlsx, or nothing when anything is wrong."""

    help = "Allocate a budget: who gets what, from the latest published assessment or from a survey workbook."
    requires_system_checks: Sequence[str] = ()  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workbook", type=Path, nargs="?", help="a filled-in survey workbook; else the database")
        parser.add_argument("--budget", required=True, help="yuan that may be spent")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")
        parser.add_argument("--county", default="", help="code of the county, where the database holds several")
        parser.add_argument("--years", type=int, default=1, help="years over which the budget is spread evenly")
        parser.add_argument("--weak-gain", type=float, help="points that each weak unit gains at least")
        parser.add_argument("--weak-reaches", type=float, help="points that each weak unit reaches at least")
        parser.add_argument("--township-least", type=float, help="%% of the money that each township gets at least")
        parser.add_argument("--township-most", type=float, help="%% of the money that each township gets at most")
        parser.add_argument("--per-head", type=float, help="yuan per head that each township gets at least")
        parser.add_argument("--gap", type=float, default=USUAL_GAP * 100, help="%% of the optimum at which it stops")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout._out)  # type: ignore[arg-type]
        try:
            told = self._planned(console, options)
        except Faulty as refused:
            _write_errors(console, options["workbook"], refused, options["out"])
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused
        except Refusal as refused:
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused
        name = gettext("Allocation plan")
        with staging(options["out"], stale=ERRORS) as folder:
            store([(f"{name}.docx", plan_docx(told)), (f"{name}.xlsx", plan_workbook(told))], folder)
        print_plan(told, console)
        console.print(gettext("Everything is in %(folder)s") % {"folder": options["out"]})

    def _planned(self, console: Console, options: dict[str, Any]) -> ToldPlan:
        asked = _asked(options)
        with bars(console) as shown:
            bar = shown.add_task(gettext("Reading the assessment"), total=None)
            task = _task(options, asked)
            doing = gettext("Looking for the best plan")
            shown.update(bar, description=doing)

            def tell(done: int, total: int, message: str = "") -> None:
                shown.update(bar, completed=done, total=total, description=gettext(message) if message else doing)

            found = find_plan(task.built.problem, gap=asked.gap, progress=tell)
        return _told(task, found, asked)


def _told(task: Task, found: Found, asked: Asked) -> ToldPlan:
    name = gettext("Plan %(year)s") % {"year": asked.first_year}
    return offline_plans.told_of(task, found, name=name, years=asked.years, made_on=timezone.localdate())


def _asked(options: dict[str, Any]) -> Asked:
    """Return what the options ask.

    Raises:
        Refusal: a number lies outside its range.
    """
    years, fen = options["years"], fen_from_yuan(options["budget"])
    settings = Settings(
        year_weights=year_weights(max(years, 0)),
        weak_gain=_share(options["weak_gain"]),
        weak_reaches=_share(options["weak_reaches"]),
        township_least=_share(options["township_least"]),
        township_most=_share(options["township_most"]),
        per_head_fen=None if options["per_head"] is None else fen_from_yuan(options["per_head"]),
    )
    each = [fen // max(years, 1)] * max(years, 0)
    if each:
        each[0] += fen - sum(each)
    asked = Asked(timezone.localdate().year, {"budget": tuple(each)}, settings, options["gap"] / 100)
    check_asked(asked)
    return asked


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _task(options: dict[str, Any], asked: Asked) -> Task:
    sources = (Earmarked("budget", gettext("Budget"), asked.budgets["budget"]),)
    if options["workbook"]:
        result = result_of_workbook(workbook_in(options["workbook"]))
        return offline_plans.from_workbook(result, sources, asked.settings)
    county_code = options["county"] or _only_county()
    task = offline_plans.from_county(county_code, sources, asked.settings)
    if task is None:
        words = gettext("%(county)s has no published assessment; assess a round and publish it, or give a workbook")
        raise CommandError(words % {"county": county_code}, returncode=BAD_INPUT)
    return task


def _only_county() -> str:
    found = [each for each in places.names_within("") if level_of(each[0]) is Level.COUNTY]
    if len(found) == 1:
        return found[0][0]
    listed = ", ".join(f"{code} {name}" for code, name in found)
    words = gettext("Say which county by --county (%(counties)s)") if found else gettext("There is no county on record")
    raise CommandError(words % {"counties": listed} if found else words, returncode=BAD_INPUT)


def _write_errors(console: Console, workbook: Path, refused: Faulty, out: Path) -> None:
    """Write the marked workbook, and nothing else; say the first of what is wrong."""
    out.mkdir(parents=True, exist_ok=True)
    (out / ERRORS).write_bytes(marked_errors(workbook.read_bytes(), refused))
    for line in told_errors(refused):
        console.print(line, markup=False)
