"""Side panels of agreements, and the photos of visits, each behind its own door."""

from anlan.allocation import pairing_access
from anlan.allocation.queries.pairing_subjects import AGREEMENT, VISIT, agreement_subject, visit_subject
from anlan.records.core.panels import Panel, Subject
from anlan.web.http import Person


def open_agreement(person: Person, pk: int) -> Subject:
    """Return an agreement for its panel; whoever follows it may write there."""
    row = pairing_access.agreement_for(person, pk)
    return agreement_subject(row, may_write=pairing_access.follows(person, row))


def open_visit(person: Person, pk: int) -> Subject:
    """Return a visit for its photos; nobody adds to it afterwards."""
    return visit_subject(pairing_access.visit_for(person, pk), may_write=False)


PANELS_OF_PAIRING = (Panel(AGREEMENT, open_agreement), Panel(VISIT, open_visit))
