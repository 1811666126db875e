"""Pages of alarms: which stand, which stood, one with its course, and taking note of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions.alarms import acknowledge_alarm
from anlan.telemetry.alarm_tables import ALARMS
from anlan.telemetry.queries import alarm_pages, alarms
from anlan.telemetry.queries.alarm_words import value_words
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def alarm_list(request: Request) -> HttpResponse:
    every = alarms.alarms_within(access.alarm_areas(request.user))
    # Those of devices are another's work: they are shown to whoever asks for them.
    rows = every if "kind" in request.GET else every.filter(kind="hazard")
    context = {"counts": alarm_pages.counts_of(every), "kind": request.GET.get("kind", "hazard")}
    return ALARMS.respond(request, "telemetry/alarms.html", rows, context)


@require_GET
@login_required
def alarm(request: Request, alarm_id: int) -> HttpResponse:
    found = access.alarm_for(request.user, alarm_id)
    context = {
        "alarm": found,
        "value": value_words(found.value, found),
        "limit": value_words(found.limit, found),
        "news": [
            (each, value_words(each.value, found), value_words(each.limit, found)) for each in alarms.news_of(found.pk)
        ],
        "chart": alarm_pages.chart_of(found, now()),
        "may_act": request.user.can("telemetry.act", found.division_code),
        "others": alarm_pages.others_at(found),
    }
    return page(request, "telemetry/alarm.html", context)


@require_POST
@login_required
def acknowledge(request: Request, alarm_id: int) -> HttpResponse:
    found = access.alarm_for(request.user, alarm_id, "telemetry.act")
    acknowledge_alarm(actor=request.user, alarm_id=found.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("Acknowledged: %(name)s") % {"name": found.station.name})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back) if is_ours else redirect("alarm", found.pk)


def _told(news: Any, alarm: Any) -> tuple[Any, str, str]:
    return news, value_words(news.value, alarm), value_words(news.limit, alarm)
