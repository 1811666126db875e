"""Readings of one datastream: the list, the chart's numbers, the file, and putting one right; pictures."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import corrections as actions
from anlan.telemetry.documents.readings_file import readings_lines
from anlan.telemetry.queries import readings, station_pages
from anlan.telemetry.queries.series import lines_between
from anlan.telemetry.queries.stations import MANAGE
from anlan.telemetry.reading_forms import CorrectionForm, SpanForm
from anlan.telemetry.reading_tables import READ_ONLY, READINGS
from anlan.web.http import Request, page

LONGEST_HOURS, MOST_POINTS = 24 * 366, 500
INCLUDED_S = 1e-3  # the first instant belongs to the span, the last to the next


@require_GET
@login_required
def datastream(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id)
    context = station_pages.datastream_page(request.user, found) | {"span_form": SpanForm(at=now())}
    table = READINGS if context["may_manage"] else READ_ONLY
    return table.respond(request, "telemetry/datastream.html", readings.readings_of(found.pk), context)


@require_GET
@login_required
def series(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id)
    asked = request.GET.get("hours", "")
    hours = min(int(asked), LONGEST_HOURS) if asked.isdecimal() and int(asked) else station_pages.DEFAULT_SPAN
    until = now()
    since = until - timedelta(hours=hours)
    content = station_pages.series_content(found, since.timestamp(), until.timestamp(), MOST_POINTS)
    return JsonResponse(content, headers={"Cache-Control": "private, max-age=5"})


@require_GET
@login_required
def download(request: Request, datastream_id: int) -> HttpResponse | StreamingHttpResponse:
    found = access.datastream_for(request.user, datastream_id)
    form = SpanForm(request.GET, at=now())
    if not form.is_valid():
        context = station_pages.datastream_page(request.user, found) | {"span_form": form}
        response = READ_ONLY.respond(request, "telemetry/datastream.html", readings.readings_of(found.pk), context)
        response.status_code = 422
        return response
    since, until = form.span
    rows = lines_between(found.pk, since.timestamp() - INCLUDED_S, until.timestamp() - INCLUDED_S)
    lines = readings_lines(rows, found.unit, get_language() or "en")
    name = f"{found.station.code}-{found.element}-{since:%Y%m%d}.csv"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
@login_required
def put_right(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id, MANAGE)
    reading = readings.reading_at(found.pk, _time_in(request))
    if reading is None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None, reading=reading)
    who = {"actor": request.user, "datastream_id": found.pk, "time": reading.time, "at": now()}
    if form.attempt(lambda: actions.correct_reading(**who, **form.said)):
        messages.success(request, _("The reading is put right; figures and alarms are judged anew"))
        return redirect("datastream", found.pk)
    context = {"form": form, "reading": reading, "history": readings.corrections_at(found.pk, reading.time)}
    return page(request, "telemetry/correction.html", context | {"stream": found}, status=422 if form.errors else 200)


@require_POST
@login_required
def withdraw(request: Request, datastream_id: int) -> HttpResponse:
    found = access.datastream_for(request.user, datastream_id, MANAGE)
    seen = request.POST.get("seen", "")
    actions.withdraw_correction(
        actor=request.user,
        datastream_id=found.pk,
        time=_time_in(request),
        seen=int(seen) if seen.isdecimal() else 0,
        at=now(),
    )
    messages.success(request, _("The raw value counts again"))
    return redirect("datastream", found.pk)


@require_GET
@login_required
def picture(request: Request, picture_id: int) -> FileResponse:
    found = access.picture_for(request.user, picture_id)
    if not default_storage.exists(found.path):
        raise Http404
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
    return FileResponse(default_storage.open(found.path), content_type="image/jpeg", headers=headers)


def _time_in(request: Request) -> datetime:
    """Return the instant that the address names.

    Raises:
        Http404: it names none.
    """
    try:
        found = parse_datetime(request.GET.get("time", ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Http404
    return found
