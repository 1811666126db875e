"""The doors of the money: the only way a view gets a source. 404 outside one's counties."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.funds import queries
from anlan.funds.models import Source
from anlan.web.http import Person


def source_for(person: Person, source_id: int, capability: str = "funds.read") -> Source:
    """Return the source.

    Raises:
        Http404: it does not exist, or is money of another county.
    """
    found = Source.objects.filter(pk=source_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.county_code):
        raise Http404
    return found


def standing_source_for(person: Person, source_id: int) -> Source:
    """Return a source that the person may change.

    Raises:
        Http404: it was withdrawn, or is not the person's to manage.
    """
    found = source_for(person, source_id, "funds.manage")
    if found.withdrawn_at is not None:
        raise Http404
    return found


def counties_to_manage(person: Person) -> list[tuple[str, str]]:
    """Return the counties whose money the person manages, with their names.

    Raises:
        Http404: there are none.
    """
    found = queries.counties_of(person)
    if not found:
        raise Http404
    return found
