"""The side panel of a source: comments, files (the document itself) and history."""

from typing import Any

from django.urls import reverse

from anlan.funds.access import source_for
from anlan.records.core.panels import Panel, Subject


def open_source(person: Any, pk: int) -> Subject:
    source = source_for(person, pk)
    return Subject(
        kind="funds.source",
        pk=source.pk,
        title=source.name,
        division_code=source.county_code,
        url=reverse("source", args=[source.pk]),
        may_write=person.can("funds.manage", source.county_code),
    )


SOURCE = Panel("funds.source", open_source)
