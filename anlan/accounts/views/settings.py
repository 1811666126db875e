"""Modules on or off, and the audit trail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import access, queries
from anlan.accounts.actions import setting_up
from anlan.accounts.tables import trail_table
from anlan.ground.audit import verify_audit
from anlan.web.home import ask_shell
from anlan.web.http import Request, page


@require_GET
@login_required
def modules(request: Request) -> HttpResponse:
    access.switcher_of_modules(request.user)
    return page(request, "accounts/modules.html", {"modules": queries.module_states()})


@require_POST
@login_required
def switch_module(request: Request, key: str) -> HttpResponse:
    actor = access.switcher_of_modules(request.user)
    is_on = request.POST.get("is_on") == "1"
    setting_up.switch_module(actor=actor, key=key, is_on=is_on, at=now())
    messages.success(request, _("The module is switched on.") if is_on else _("The module is switched off."))
    return redirect("modules")


@require_GET
@login_required
def audit(request: Request) -> HttpResponse:
    reader = access.holder_of(request.user, "audit.read")
    table = trail_table(reader, ask_shell("panel_kinds", reader, frozenset()))
    return table.respond(request, "accounts/audit.html", queries.entries_for(reader), {})


@require_GET
@login_required
def audit_seal(request: Request) -> HttpResponse:
    access.holder_of(request.user, "audit.read")
    return page(request, "accounts/audit_seal.html", {"verdict": verify_audit()}, partial="verdict")
