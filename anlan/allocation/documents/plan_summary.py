"""What came of a plan, as tables for a terminal."""

from django.utils.translation import gettext
from rich.console import Console
from rich.table import Table

from anlan.allocation.documents.plan_told import ToldPlan, note_text, reasons_text, townships_of
from anlan.kernel.money import wan_text, yuan_text

FIRST_LINES = 5
NONE = "–"  # noqa: RUF001


def print_plan(told: ToldPlan, console: Console) -> None:
    """Print what each township gets, the first lines with their reasons, the proof and what the next yuan would buy."""
    console.print(_townships(told))
    console.print(_lines(told))
    values = {
        "spent": wan_text(told.spent_fen),
        "budget": wan_text(told.budget_fen),
        "lines": len(told.lines),
        "units": sum(unit.line_count > 0 for unit in told.units),
        "gap": f"{told.gap * 100:.3f}",
    }
    proof = gettext(
        "%(lines)d lines for %(units)d units; %(spent)s of %(budget)s × 10 000 yuan; "
        "within %(gap)s %% of what no plan can exceed"
    )
    console.print(proof % values)
    for price in told.prices:
        words = gettext("10 000 yuan more of %(source)s in %(year)s would bring %(points)s weighted points")
        console.print(
            words % {"source": price.source, "year": price.year, "points": f"{price.points_per_wan:.3f}"}, markup=False
        )
    for note in told.notes:
        console.print(note_text(note), markup=False)


def _townships(told: ToldPlan) -> Table:
    table = Table(title=told.name)
    table.add_column(gettext("Township"))
    headings = (gettext("Needs (10 000 yuan)"), gettext("Given (10 000 yuan)"), gettext("Yuan per head"))
    for heading in (*headings, gettext("Score before"), gettext("Score after"), gettext("Lines")):
        table.add_column(heading, justify="right")
    for each in townships_of(told.units):
        table.add_row(
            each.name,
            wan_text(each.needs_fen),
            wan_text(each.money_fen),
            NONE if each.per_head_fen is None else f"{each.per_head_fen / 100:.2f}",
            f"{each.score_before * 100:.1f}",
            f"{each.score_after * 100:.1f}",
            str(each.lines),
        )
    return table


def _lines(told: ToldPlan) -> Table:
    table = Table(title=gettext("Lines that bring most for their money"))
    for heading in (gettext("Unit"), gettext("Measure"), gettext("Cost (yuan)"), gettext("Gain (points)")):
        table.add_column(heading)
    table.add_column(gettext("Why"), overflow="fold")
    for line in sorted(told.lines, key=lambda line: -line.points_per_wan)[:FIRST_LINES]:
        table.add_row(
            line.unit_name,
            f"{line.measure_name} × {line.pieces}",
            yuan_text(line.total_fen),
            f"{line.gain * 100:.2f}",
            reasons_text(line.reasons),
        )
    return table
