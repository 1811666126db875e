"""A county's roads as a network: how good it is, the file it comes from, and how fast one gets on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.places import access, actions
from anlan.places.actions.road_files import request_road_file
from anlan.places.core.road_values import BadSpeeds, Speeds
from anlan.places.queries import road_quality, roads
from anlan.places.road_forms import RoadFileForm, SpeedsForm
from anlan.web.http import Request, page, version_in
from anlan.web.uploads import BadUpload


@require_GET
@login_required
def own_roads(request: Request) -> HttpResponse:
    return redirect("roads", access.own_county(request.user))


@require_GET
@login_required
def county_roads(request: Request, code: str) -> HttpResponse:
    county = access.county_for(request.user, code)
    return page(request, "places/roads.html", roads.roads_page(request.user, county))


@require_http_methods(["GET", "POST"])
@login_required
def send(request: Request, code: str) -> HttpResponse:
    county = access.county_for(request.user, code, "places.manage")
    form = RoadFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid() and (job_id := _requested(request, form, county.code)):
        return redirect("job", job_id)
    return page(request, "places/roads_file.html", {"form": form, "county": county}, status=422 if form.errors else 200)


def _requested(request: Request, form: RoadFileForm, county_code: str) -> int | None:
    file = form.cleaned_data["file"]
    try:
        return int(request_road_file(actor=request.user, county_code=county_code, file=file, at=now()).pk)
    except BadUpload as refused:
        form.refuse(refused)
        return None


@require_POST
@login_required
def join(request: Request, code: str) -> HttpResponse:
    county = access.county_for(request.user, code, "places.manage")
    actions.join_roads(actor=request.user, county_code=county.code, at=now())
    messages.success(request, _("The network is made of the drawn roads"))
    return redirect("roads", county.code)


@require_http_methods(["GET", "POST"])
@login_required
def speeds(request: Request, code: str) -> HttpResponse:
    county = access.county_for(request.user, code, "places.manage")
    quality = road_quality(county.code)
    form = SpeedsForm(
        request.POST if request.method == "POST" else None, speeds=quality.speeds if quality else Speeds()
    )
    if quality and form.is_valid() and _set(request, form, county.code):
        messages.success(request, _("Every time by road is counted anew"))
        return redirect("roads", county.code)
    version = request.POST.get("version", quality.version if quality else "")
    context = {"form": form, "county": county, "version": version}
    return page(request, "places/roads_speeds.html", context, status=422 if form.errors else 200)


def _set(request: Request, form: SpeedsForm, county_code: str) -> bool:
    try:
        actions.set_speeds(
            actor=request.user,
            county_code=county_code,
            expected_version=version_in(request),
            speeds=form.cleaned_data,
            at=now(),
        )
    except BadSpeeds as refused:
        form.refuse(refused)
        return False
    return True
