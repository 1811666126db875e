"""What came of the demo: its documents as files, its figures as a table, who can log in."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from anlan.accounts import queries as accounts
from anlan.allocation.queries.plan_documents import open_document, print_stored
from anlan.allocation.queries.programme import plan_in_force
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.names import GRADE_NAMES
from anlan.assessment.core.values import Grade, System
from anlan.assessment.queries import comparison, pictures, results
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.staff import LOGINS
from anlan.kernel.codes import Level
from anlan.web.templatetags.shown import percent, points, score, wan

ANALYST = "analyst"


def is_loaded() -> bool:
    """Tell whether the demo county is there; it is loaded whole or not at all."""
    return accounts.person_called(ANALYST) is not None


def demo_system(*, at: datetime) -> System:
    """Return the default indicator system, published."""
    system = default_system()
    load_system(actor=None, system=system, at=at)
    return system


def logins() -> list[tuple[str, str, str]]:
    """Return role, name and log-in name of one person a role."""
    people = [(role, username, accounts.person_called(username)) for role, username in LOGINS]
    return [(role.value, person.name if person else "", username) for role, username, person in people]


def write_documents(folder: Path) -> int:
    """Write the latest assessment's documents as files, those that differ; return how many there are."""
    scope = accounts.scope_of(accounts.person_called(ANALYST), "assessment.read")  # type: ignore[arg-type]
    assessment = results.latest_assessment(scope)
    if assessment is None:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    reports = results.reports_of(assessment, scope)
    for report in reports:
        with pictures.open_report(report) as file:
            _write(folder / report.name, file.read())
    plan = plan_in_force(COUNTY_CODE)
    documents = list(plan.documents.order_by("media")) if plan else []
    for document in documents:
        with open_document(document) as file:
            _write(folder / document.name, file.read())
    return len(reports) + len(documents)


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def print_plan(console: Console) -> None:
    """Print the plan in force: what each township gets, the first lines with their reasons, the proof."""
    plan = plan_in_force(COUNTY_CODE)
    if plan is not None:
        print_stored(plan, console)


def summary() -> Table:
    """Return the townships with score, change, grade, completeness and the cost of their needs."""
    scope = accounts.scope_of(accounts.person_called(ANALYST), "assessment.read")  # type: ignore[arg-type]
    assessment = results.latest_assessment(scope)
    table = Table(title=str(assessment or ""))
    for heading in (
        _("Rank"),
        _("Township"),
        _("Score"),
        _("Change"),
        _("Grade"),
        _("Completeness"),
        _("Needs, 10 000 yuan"),
    ):
        table.add_column(heading, justify="right")
    if assessment is None:
        return table
    before = comparison.previous_scores(assessment)
    costs = {row["township_code"]: row["cost_fen"] for row in results.need_totals(assessment, scope)["townships"]}
    for row in results.scores_of(assessment, scope).filter(level=Level.TOWNSHIP):
        change = None if row.score is None or row.code not in before else row.score - before[row.code]
        grade = _(GRADE_NAMES[Grade(row.grade)]) if row.grade else "–"
        figures = (str(row.rank or "–"), row.name, score(row.score), points(change), grade)
        table.add_row(*figures, percent(row.completeness), wan(costs.get(row.code, 0)))
    return table
