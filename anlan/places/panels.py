"""The side panels of a division and of a hazard zone: comments, files and history."""

from typing import Any

from django.urls import reverse

from anlan.places.access import division_by_id, hazard_zone_for
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


def open_hazard_zone(person: Any, pk: int) -> Subject:
    zone = hazard_zone_for(person, pk)
    return Subject(
        kind="places.hazardzone",
        pk=zone.pk,
        title=zone.name,
        division_code=zone.division_code,
        url=reverse("hazard-zone", args=[zone.pk]),
        may_write=person.can("places.read", zone.division_code),
    )


HAZARD_ZONE = Panel("places.hazardzone", open_hazard_zone)
