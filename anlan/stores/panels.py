"""The side panel of a site: comments, photos and history."""

from typing import Any

from django.urls import reverse

from anlan.records.core.panels import Panel, Subject
from anlan.stores.access import site_for


def open_site(person: Any, pk: int) -> Subject:
    site = site_for(person, pk)
    return Subject(
        kind="stores.site",
        pk=site.pk,
        title=site.name,
        division_code=site.division_code,
        url=reverse("site", args=[site.pk]),
        may_write=person.can("stores.manage", site.division_code),
    )


SITE = Panel("stores.site", open_site)
