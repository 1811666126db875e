"""The shell's own pages: start, language, going to a place, long work, errors, health."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.timezone import now
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST

from anlan.ground.logs import request_id
from anlan.ground.outage import AWAY
from anlan.web import jobs
from anlan.web.home import cards_for
from anlan.web.http import Request, page, safe_next
from anlan.web.readiness import readiness
from anlan.web.refusing import refuse
from anlan.web.switcher import divisions_found

YEAR_SECONDS = 365 * 24 * 3600
COME_AGAIN_S = 5


@require_GET
@login_required
def home(request: Request) -> HttpResponse:
    return page(request, "web/home.html", {"cards": cards_for(request.user)})


@require_GET
@login_required
def switch(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = divisions_found(request.user, query) if query else []
    return page(request, "web/switch.html", {"query": query, "found": found}, partial="found")


@never_cache
@require_GET
@login_required
def job(request: Request, job_id: int) -> HttpResponse:
    row = jobs.job_for(request.user, job_id)
    return page(request, "web/job.html", {"job": row, "left": jobs.time_left(row, now())}, partial="state")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    response = redirect(safe_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    state = readiness()
    return JsonResponse(state, status=200 if all(state.values()) else 503)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, "400.html", 400)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, "404.html", 404)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, "403.html", 403)


def _told(request: HttpRequest, template: str, status: int) -> HttpResponse:
    user = getattr(request, "user", None)
    layout = "web/base.html" if user and user.is_authenticated else "web/blank.html"
    return page(request, template, {"layout": layout}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without the database and without the person: either may be what failed; 503 where it is the database."""
    is_away = isinstance(sys.exc_info()[1], AWAY)
    try:
        style = static("built/app.css")
    except ValueError:  # the styles themselves are missing
        style = ""
    content = render_to_string("500.html", {"style": style, "number": request_id.get(), "is_away": is_away})
    if is_away:
        return HttpResponse(content, status=503, headers={"Retry-After": str(COME_AGAIN_S)})
    return HttpResponse(content, status=500)


@requires_csrf_token
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was made before the last log-in, or elsewhere; what was typed is shown."""
    text = _("This form is older than your last log-in, so it was not taken. Open the page again and send it anew.")
    return refuse(request, text, status=403)
