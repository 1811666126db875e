"""The one map's page and what its script asks for to begin."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from anlan.onemap import access, queries
from anlan.onemap.views.grounds import with_grounds
from anlan.web.http import Request, page
from anlan.web.live import live_number


@require_GET
@login_required
@gzip_page
def one_map(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    context = {"live_since": live_number(), "config": queries.map_settings(request.user)}
    return with_grounds(page(request, "onemap/map.html", context))


@require_GET
@login_required
@gzip_page
def config(request: Request) -> JsonResponse:
    access.require_reader(request.user)
    return JsonResponse(queries.map_settings(request.user))
