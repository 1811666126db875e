"""Files brought in: sent, looked at, then taken over whole or dropped."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.kernel.refusal import Refusal
from anlan.places import access
from anlan.places.actions.imports import plan_import, take_over
from anlan.places.forms import ImportForm
from anlan.places.queries.telling import told_changes
from anlan.web.http import Request, page
from anlan.web.uploads import MEGABYTE, BadUpload, content_of, keep_upload, settle_upload, upload_for

PURPOSE = "places"
ENDINGS = {"divisions": (".csv", ".txt")}
GEOJSON = (".geojson", ".json")


@require_http_methods(["GET", "POST"])
@login_required
def send(request: Request) -> HttpResponse:
    access.require_manager(request.user)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*data, person=request.user, initial={"valid_from": localdate().replace(month=1, day=1)})
    if form.is_valid() and (upload_id := _kept(request, form)):
        return redirect("places-import-preview", upload_id)
    return page(request, "places/import.html", {"form": form}, status=422 if form.errors else 200)


def _kept(request: Request, form: ImportForm) -> int | None:
    try:
        upload = keep_upload(
            actor=request.user,
            purpose=PURPOSE,
            file=form.cleaned_data["file"],
            endings=ENDINGS.get(form.cleaned_data["kind"], GEOJSON),
            most_bytes=50 * MEGABYTE,
            about=form.about,
            at=now(),
        )
    except BadUpload as refused:
        form.refuse(refused)
        return None
    return int(upload.pk)


@require_GET
@login_required
def preview(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    order = access.order_for(request.user, upload.about)
    try:
        plan = plan_import(order=order, content=content_of(upload))
    except Refusal as refused:
        return page(request, "places/preview.html", {"upload": upload, "refused": refused}, status=422)
    context = {"upload": upload, "order": order, "plan": plan, "changes": told_changes(plan.changed)}
    return page(request, "places/preview.html", context)


@require_POST
@login_required
def commit(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    order = access.order_for(request.user, upload.about)
    loaded = take_over(actor=request.user, upload=upload, order=order, at=now())
    text = _("Taken over: %(created)d new, %(changed)d changed, %(unchanged)d as they were")
    messages.success(
        request, text % {"created": loaded.created, "changed": loaded.changed, "unchanged": loaded.unchanged}
    )
    return redirect("divisions")


@require_POST
@login_required
def discard(request: Request, upload_id: int) -> HttpResponse:
    upload = upload_for(request.user, upload_id, PURPOSE)
    settle_upload(upload=upload, state="discarded", at=now())
    messages.info(request, _("The file was dropped; nothing changed"))
    return redirect("places-import")
