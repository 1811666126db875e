"""The register by Excel: downloaded, edited, sent, looked at, then taken over whole or dropped."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import register_files as actions
from anlan.telemetry.documents.register_file import SHEETS, register_workbook
from anlan.telemetry.forms import RegisterFileForm
from anlan.telemetry.queries.register import register_for
from anlan.web.exports import WRITERS, attachment
from anlan.web.http import Request, page
from anlan.web.sheet_books import marked_workbook
from anlan.web.uploads import MEGABYTE, BadUpload, content_of, keep_upload, settle_upload, upload_for

PURPOSE, BOOK = "telemetry.register", WRITERS["xlsx"][1]


@require_GET
@login_required
def workbook(request: Request) -> HttpResponse:
    return attachment(register_workbook(register_for(request.user)), f"{_('register of sensors')}.xlsx", BOOK)


@require_http_methods(["GET", "POST"])
@login_required
def send(request: Request) -> HttpResponse:
    access.units_to_manage(request.user, localdate())
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RegisterFileForm(*data)
    if form.is_valid() and (upload_id := _kept(request, form)):
        return redirect("register-preview", upload_id)
    return page(request, "telemetry/register_file.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def preview(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    found = actions.look_at(actor=request.user, content=content_of(upload), units=_units(request), at=now())
    context = {"upload": upload, "found": found}
    return page(request, "telemetry/register_preview.html", context, status=200 if found.is_whole else 422)


@require_GET
@login_required
def marked(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    content = content_of(upload)
    found = actions.look_at(actor=request.user, content=content, units=_units(request), at=now())
    return attachment(marked_workbook(content, found.faults, SHEETS), upload.name, BOOK)


@require_POST
@login_required
def commit(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    told = actions.take_over(actor=request.user, upload=upload, units=_units(request), at=now())
    text = _("Taken over: %(added)d new, %(changed)d changed")
    messages.success(request, text % {"added": told.added, "changed": told.changed})
    return redirect("stations")


@require_POST
@login_required
def discard(request: Request, upload_id: int) -> HttpResponse:
    settle_upload(upload=upload_for(request.user, upload_id, PURPOSE), state="discarded", at=now())
    messages.info(request, _("The file was dropped; nothing changed"))
    return redirect("register-file")


def _units(request: Request) -> Collection[str]:
    return {code for code, _name in access.units_to_manage(request.user, localdate())}


def _kept(request: Request, form: forms.Form) -> Any:
    try:
        return keep_upload(
            actor=request.user,
            purpose=PURPOSE,
            file=form.cleaned_data["file"],
            endings=(".xlsx",),
            most_bytes=2 * MEGABYTE,
            about={},
            at=now(),
        ).pk
    except BadUpload as refused:
        form.refuse(refused)  # type: ignore[attr-defined]
        return None
