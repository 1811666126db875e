"""The side panel of a division: comments, files and history."""

from typing import Any

from django.urls import reverse

from anlan.places.access import division_by_id
from anlan.records.core.panels import Panel, Subject


def open_division(person: Any, pk: int) -> Subject:
    division = division_by_id(person, pk)
    return Subject(
        kind="places.division",
        pk=division.pk,
        title=division.name,
        division_code=division.code,
        url=reverse("division", args=[division.code]),
        may_write=person.can("places.read", division.code),
    )


DIVISION = Panel("places.division", open_division)
