"""The doors of sites: the only way a view gets one. 404 outside one's divisions."""

from datetime import date

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.kernel.codes import LENGTH
from anlan.stores import queries
from anlan.stores.models import Site
from anlan.web.http import Person


def site_for(person: Person, site_id: int, capability: str = "stores.read") -> Site:
    """Return the site.

    Raises:
        Http404: it does not exist, or stands outside the person's divisions.
    """
    found = Site.objects.filter(pk=site_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def site_to_change(person: Person, site_id: int) -> Site:
    """Return a site that the person manages.

    Raises:
        Http404: it does not exist, or is not the person's to manage.
    """
    return site_for(person, site_id, "stores.manage")


def units_to_manage(person: Person, on: date) -> list[tuple[str, str]]:
    """Return code and name of the units whose sites the person manages.

    Raises:
        Http404: there are none.
    """
    found = queries.units_for(person, on)
    if not found:
        raise Http404
    return found


def own_division(person: Person) -> str:
    """Return the code of the division whose sites the person's list shows, the first of several; "" where none."""
    prefixes = accounts.scope_of(person, "stores.read").prefixes
    return prefixes[0].ljust(LENGTH, "0") if prefixes else ""
