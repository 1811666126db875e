"""`anlan load_demo`: the fictional county and its surveys, assessed, with the documents in var/out."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from anlan.accounts.core.roles import ROLE_NAMES, Role
from anlan.demo import outcome
from anlan.demo.core.staff import PASSWORD
from anlan.demo.core.story import make_story
from anlan.demo.ground import load_land, load_staff
from anlan.demo.means import load_means
from anlan.demo.programme import load_programme
from anlan.demo.sensors import load_sensors
from anlan.demo.surveys import assess_and_issue, fill_in, hold_survey, open_survey

OUT = Path(settings.BASE_DIR) / "var" / "out"


class Command(BaseCommand):
    """Loads what is not there yet, then tells what came of it."""

    help = "Load the fictional county 青岚县, hold its surveys, assess them and write the documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print who can log in")
        parser.add_argument("--json", action="store_true", help="with --logins: for programs")
        parser.add_argument("--out", type=Path, default=OUT, help="folder for the documents")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            if options["logins"]:
                self._print_logins(as_json=options["json"])
                return
            if not outcome.is_loaded():
                self._load()
            load_means()
            load_programme(quietly)
            load_sensors(at=now())
            count = outcome.write_documents(options["out"])
            self._print_outcome(options["out"], count)

    def _load(self) -> None:
        figures = TextColumn("{task.completed:.0f}/{task.total:.0f}")
        columns = (TextColumn("{task.description}"), BarColumn(), figures, TimeElapsedColumn())
        # One transaction: an interrupted run leaves nothing half loaded.
        with Progress(*columns, console=Console(file=self.stdout._out)) as bars, transaction.atomic():  # type: ignore[arg-type]
            _load_everything(bars)

    def _print_logins(self, *, as_json: bool) -> None:
        logins = outcome.logins()
        if as_json:
            self.stdout.write(json.dumps([{"role": r, "username": u, "password": PASSWORD} for r, _name, u in logins]))
            return
        table = Table(title=_("Who can log in"))
        for heading in (_("Role"), _("Name"), _("Log-in name"), _("Password")):
            table.add_column(heading)
        for role, name, username in logins:
            table.add_row(_(ROLE_NAMES[Role(role)]), name, username, PASSWORD)
        Console(file=self.stdout._out).print(table)  # type: ignore[arg-type]

    def _print_outcome(self, out: Path, count: int) -> None:
        console = Console(file=self.stdout._out)  # type: ignore[arg-type]
        console.print(outcome.summary())
        outcome.print_plan(console)
        console.print(_("%(count)d documents are in %(folder)s") % {"count": count, "folder": out})


def quietly(_done: int, _total: int, _what: str) -> None:
    """Tell nobody how far the work is: it is done but for what is new in this version."""


def _load_everything(bars: Progress) -> None:
    story = make_story(outcome.demo_system(at=now()))

    def bar(title: str) -> Any:
        task = bars.add_task(title, total=1)
        return lambda done, total, _what: bars.update(task, completed=done, total=total)

    land = bar(_("Divisions, rivers, roads, people"))
    load_land(story.county, at=now())
    load_staff(story.staff, at=now())
    land(1, 1, "")
    for survey in (story.first, story.second):
        round_id = hold_survey(survey, story, progress=bar(_("Survey %(name)s") % {"name": survey.name}))
        documents = bar(_("Assessment and documents of %(name)s") % {"name": survey.name})
        assess_and_issue(round_id, survey.closes_on, progress=documents)
    means = bar(_("Money, sites and rules of the allocation"))
    load_means(story.county)
    means(1, 1, "")
    load_programme(bar(_("Study of points, plan of the money, pairs of villages")))
    sensors = bar(_("Stations and what they told so far"))
    load_sensors(story.county, at=now())
    sensors(1, 1, "")
    begun = open_survey(story.begun)
    fill_in(begun, story.begun, progress=bar(_("Survey %(name)s") % {"name": story.begun.name}))
