"""The side panel of a siting study, behind the study's own door."""

from anlan.allocation import siting_access
from anlan.allocation.queries.siting import SITING, siting_subject
from anlan.records.core.panels import Panel, Subject
from anlan.web.http import Person


def open_siting(person: Person, pk: int) -> Subject:
    """Return a study for its panel; whoever plans its county may write there."""
    row = siting_access.siting_for(person, pk)
    return siting_subject(row, may_write=siting_access.may_plan(person, row.county_code))


PANELS_OF_SITING = (Panel(SITING, open_siting),)
