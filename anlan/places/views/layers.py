"""Features of the map's layers, sent again only when they changed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from anlan.places import access
from anlan.web.http import Request

MVT = "application/vnd.mapbox-vector-tile"


@require_GET
@login_required
@gzip_page
def layer(request: Request, code: str, key: str) -> HttpResponse:
    return _answered(request, access.layer_for(request.user, code, key))


@require_GET
@login_required
@gzip_page
def road_layer(request: Request, code: str, key: str) -> HttpResponse:
    return _answered(request, access.road_layer_for(request.user, code, key))


@require_GET
@login_required
@gzip_page
def whole_layer(request: Request, key: str) -> HttpResponse:
    return _answered(request, access.whole_layer_for(request.user, key))


@require_GET
@login_required
@gzip_page
def tile(request: Request, key: str, z: int, x: int, y: int) -> HttpResponse:
    found = access.tile_for(request.user, key, (z, x, y))
    response = get_conditional_response(request, etag=found.tag)
    if response is None:
        content = found.content()
        response = HttpResponse(content, content_type=MVT, status=200 if content else 204)
    return _kept_by_browser(response, found.tag)


def _answered(request: Request, found: access.OpenLayer) -> HttpResponse:
    response = get_conditional_response(request, etag=found.tag)
    if response is None:
        response = HttpResponse(found.features(), content_type="application/geo+json")
    return _kept_by_browser(response, found.tag)


def _kept_by_browser(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
