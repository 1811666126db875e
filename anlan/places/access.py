"""The door of places: 404 outside one's divisions."""

from django.db.models import Case, Value, When
from django.db.models.functions import Now, TruncDate
from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.places.models import Division
from anlan.web.http import Person


def division_for(person: Person, code: str, capability: str = "places.read") -> Division:
    """Return the division that has the code today, else the last that had it.

    Raises:
        Http404: there never was one, or it lies outside the person's divisions.
    """
    if not accounts.scope_of(person, capability).covers(code):
        raise Http404
    # One that begins later is found too, but never before one that has begun.
    begun = Case(When(valid_from__lte=TruncDate(Now()), then=Value(0)), default=Value(1))
    found = Division.objects.filter(code=code).plain().order_by(begun, "-valid_from").first()
    if found is None:
        raise Http404
    return found
