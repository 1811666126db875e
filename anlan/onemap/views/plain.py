"""The map without WebGL or scripts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from anlan.onemap import access, queries
from anlan.onemap.documents.plain_picture import plain_picture
from anlan.web.http import Request, page


@require_GET
@login_required
def plain(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    seen = queries.plain_map(request.user, request.GET.get("bbox", ""), request.GET.getlist("layers"))
    text = request.GET.get("q", "")[:60]
    return page(request, "onemap/plain.html", queries.plain_page(request.user, seen, text))


@require_GET
@login_required
def picture(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    seen = queries.plain_map(request.user, request.GET.get("bbox", ""), request.GET.getlist("layers"))
    response = HttpResponse(plain_picture(seen.view, queries.drawing_of(seen)), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response
