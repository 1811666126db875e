"""Pages of the quarantine: what waits there and why, one message, reading it again, putting it aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import quarantine as actions
from anlan.telemetry.quarantine_tables import QUARANTINE, reason_text
from anlan.telemetry.queries import quarantine as queries
from anlan.web.http import Request, page
from anlan.web.tables import chosen_in

AT_ONCE = 1000


@require_GET
@login_required
def quarantine(request: Request) -> HttpResponse:
    access.require_manager(request.user)
    reasons = [(row, reason_text(row.example)) for row in queries.reasons_for(request.user)]
    rows = queries.quarantined_for(request.user)
    context = {"reasons": reasons, "unjudged": queries.unjudged_for(request.user).count()}
    return QUARANTINE.respond(request, "telemetry/quarantine.html", rows, context)


@require_GET
@login_required
def quarantined(request: Request, quarantined_id: int) -> HttpResponse:
    found = access.quarantined_for(request.user, quarantined_id)
    payload = bytes(found.payload)
    context = {
        "found": found,
        "reason": reason_text(found),
        "size": len(payload),
        "lines": queries.dump_of(payload),
        "text": queries.text_of(payload),
        "device": queries.device_of(request.user, found),
    }
    return page(request, "telemetry/quarantined.html", context)


@require_POST
@login_required
def replay(request: Request, quarantined_id: int) -> HttpResponse:
    found = access.quarantined_for(request.user, quarantined_id)
    actions.replay(actor=request.user, quarantined_id=found.pk, at=now())
    messages.success(request, _("The message is taken in"))
    return redirect("quarantine")


@require_POST
@login_required
def replay_chosen(request: Request) -> HttpResponse:
    ids = queries.waiting_for(request.user).filter(pk__in=chosen_in(request)).values_list("pk", flat=True)
    return _replayed(request, list(ids))


@require_POST
@login_required
def replay_reason(request: Request) -> HttpResponse:
    rows = queries.waiting_for(request.user).filter(reason=request.POST.get("reason", ""))
    return _replayed(request, list(rows.order_by("first_at", "pk").values_list("pk", flat=True)[:AT_ONCE]))


@require_POST
@login_required
def drop(request: Request) -> HttpResponse:
    ids = queries.waiting_for(request.user).filter(pk__in=chosen_in(request)).values_list("pk", flat=True)
    count = actions.put_aside(actor=request.user, quarantined_ids=list(ids), at=now())
    messages.success(request, _("Put aside: %(count)d") % {"count": count})
    return redirect("quarantine")


def _replayed(request: Request, ids: list[int]) -> HttpResponse:
    done = actions.replay_many(actor=request.user, quarantined_ids=ids, at=now())
    text = _("Taken in: %(taken)d; still refused: %(refused)d")
    messages.success(request, text % {"taken": done.taken, "refused": done.refused})
    return redirect("quarantine")
