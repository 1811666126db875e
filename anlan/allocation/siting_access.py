"""The doors of siting studies. A study's county opens it to readers; whoever plans the county changes it."""

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.allocation.core.siting_study import SitingStatus
from anlan.allocation.models import Siting, SitingPoint
from anlan.web.http import Person


def may_plan(person: Person, county_code: str) -> bool:
    """Tell whether the person plans the county's allocation."""
    return person.can("allocation.plan", county_code)


def county_to_plan(person: Person, county_code: str) -> str:
    """Return the county's code for whoever plans its allocation.

    Raises:
        Http404: the person does not.
    """
    if not may_plan(person, county_code):
        raise Http404
    return county_code


def siting_for(person: Person, siting_id: int) -> Siting:
    """Return a study for whoever answers for its county or for something inside it; drafts for their planners alone.

    Raises:
        Http404: it does not exist, or is another county's.
    """
    found = Siting.objects.filter(pk=siting_id).first()
    if found is None:
        raise Http404
    if may_plan(person, found.county_code):
        return found
    reaches = accounts.scope_of(person, "allocation.read").reaches(found.county_code)
    if not reaches or found.status == SitingStatus.DRAFT:
        raise Http404
    return found


def solved_for(person: Person, siting_id: int) -> Siting:
    """Return a study that has an answer.

    Raises:
        Http404: it does not exist, is another county's, or was never solved.
    """
    found = siting_for(person, siting_id)
    if found.status == SitingStatus.DRAFT:
        raise Http404
    return found


def siting_to_plan(person: Person, siting_id: int) -> Siting:
    """Return a study for whoever plans its county.

    Raises:
        Http404: it does not exist, or the person does not plan the county.
    """
    found = siting_for(person, siting_id)
    county_to_plan(person, found.county_code)
    return found


def draft_to_plan(person: Person, siting_id: int) -> Siting:
    """Return a study that may still be changed, for whoever plans its county.

    Raises:
        Http404: it does not exist, is solved, or the person does not plan the county.
    """
    found = siting_to_plan(person, siting_id)
    if found.status != SitingStatus.DRAFT:
        raise Http404
    return found


def point_to_open(person: Person, point_id: int) -> SitingPoint:
    """Return a point for whoever plans its county and manages the sites of its unit.

    Raises:
        Http404: it does not exist, or is not the person's.
    """
    found = SitingPoint.objects.select_related("siting").filter(pk=point_id).first()
    if found is None or not person.can("stores.manage", found.code):
        raise Http404
    county_to_plan(person, found.siting.county_code)
    return found
