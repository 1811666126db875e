"""What the map finds by a name, and what lies inside an area that was drawn."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.onemap import access, queries
from anlan.onemap.core.areas import BadArea, area_drawn
from anlan.web.exports import WRITERS, attachment, to_book
from anlan.web.http import Request
from anlan.web.templatetags.shown import refusal_text

BOOK = WRITERS["xlsx"][1]


@require_GET
@login_required
def search(request: Request) -> JsonResponse:
    access.require_reader(request.user)
    return JsonResponse(queries.found_by(request.user, request.GET.get("q", "")))


@require_POST
@login_required
def inside(request: Request) -> JsonResponse:
    access.require_reader(request.user)
    try:
        area = area_drawn(request.body)
    except BadArea as refused:
        return JsonResponse({"error": refusal_text(refused)}, status=409)
    return JsonResponse(queries.told_inside(area, queries.inside(request.user, area)))


@require_POST
@login_required
def inside_book(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    area = area_drawn(request.POST.get("polygon", ""))
    sheets = queries.inside_sheets(area, queries.inside(request.user, area))
    return attachment(to_book(sheets), f"{_('inside-the-area')}.xlsx", BOOK)
