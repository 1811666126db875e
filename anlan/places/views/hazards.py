"""Pages of hazard zones: the list, one zone, its card on the map, and striking it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.places import access
from anlan.places.actions.hazards import strike_off_hazard_zone
from anlan.places.hazard_tables import HAZARD_ZONES
from anlan.places.queries import hazards
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def zone_list(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    context = {"may_manage": request.user.can("places.manage")}
    return HAZARD_ZONES.respond(request, "places/hazards.html", hazards.hazard_zones_for(request.user), context)


@require_GET
@login_required
def zone(request: Request, zone_id: int) -> HttpResponse:
    found = access.hazard_zone_for(request.user, zone_id)
    return page(request, "places/hazard.html", hazards.hazard_page(request.user, found))


@require_GET
@login_required
def card(request: Request, zone_id: int) -> HttpResponse:
    found = access.hazard_zone_for(request.user, zone_id)
    return page(request, "places/hazard_card.html", {"zone": found})


@require_POST
@login_required
def strike_off(request: Request, zone_id: int) -> HttpResponse:
    found = access.hazard_zone_for(request.user, zone_id, "places.manage")
    strike_off_hazard_zone(
        actor=request.user, zone_id=found.pk, expected_version=version_in(request), on=localdate(), at=now()
    )
    messages.success(request, _("%(name)s is struck off; it stays on record") % {"name": found.name})
    return redirect("hazard-zone", found.pk)
