"""Agreements and visits as the side panel and the file store know them."""

from django.urls import reverse

from anlan.allocation.models import Agreement, Visit
from anlan.records.core.panels import Subject

AGREEMENT, VISIT = "allocation.agreement", "allocation.visit"


def agreement_subject(row: Agreement, *, may_write: bool) -> Subject:
    """Return an agreement for its panel."""
    return Subject(AGREEMENT, row.pk, str(row), row.division_code, reverse("pairing", args=[row.pk]), may_write)


def visit_subject(row: Visit, *, may_write: bool) -> Subject:
    """Return a visit for its photos; it is read on its agreement's page."""
    url = f"{reverse('pairing', args=[row.agreement_id])}#visit-{row.pk}"
    return Subject(VISIT, row.pk, str(row), row.division_code, url, may_write)
