"""The wall, and how things stood over the last hours."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from anlan.onemap import access, queries
from anlan.onemap.core.past import span_asked
from anlan.onemap.views.grounds import with_grounds
from anlan.web.http import Request, page
from anlan.web.live import live_number


@require_GET
@login_required
@gzip_page
def wall(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    context: dict[str, Any] = {
        "live_since": live_number()
    }  # before the picture is read: nothing is missed between the two
    context |= {"config": queries.map_settings(request.user), "figures": queries.wall_data(request.user, now())}
    return with_grounds(page(request, "onemap/wall.html", context))


@require_GET
@login_required
@gzip_page
def wall_data(request: Request) -> JsonResponse:
    access.require_reader(request.user)
    return JsonResponse(queries.wall_data(request.user, now()))


@require_GET
@login_required
@gzip_page
def past(request: Request) -> JsonResponse:
    access.require_reader(request.user)
    span = span_asked(request.GET.get("hours", ""), request.GET.get("step", ""))
    return JsonResponse(queries.past(request.user, span, now()))
