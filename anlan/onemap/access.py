"""The doors of the one map: 404 for whoever has no part of it."""

from django.http import Http404

from anlan.web.http import Person


def require_reader(person: Person) -> None:
    """Raise 404 for whoever may not see the one map.

    Raises:
        Http404: the person may not.
    """
    if not person.can("onemap.read"):
        raise Http404
