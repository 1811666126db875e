"""The side panel of every object, its files, and one's notices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.records import access, actions, queries
from anlan.records.core.file_kinds import ENDINGS, MEGABYTE, MOST_BYTES
from anlan.records.core.panels import Subject
from anlan.records.forms import file_in
from anlan.records.serving import headers_for
from anlan.web.http import Request, page, wants_part


def _shown(request: Request, subject: Subject) -> HttpResponse:
    """Return the panel: alone where htmx loads it beside an object, else as a page."""
    context = {
        "subject": subject,
        "content": queries.panel_content(subject.kind, subject.pk),
        "accepted": ",".join(f".{ending}" for ending in ENDINGS),
        "most_megabytes": MOST_BYTES // MEGABYTE,
    }
    return page(request, "records/panel_part.html" if wants_part(request) else "records/panel.html", context)


def _changed(request: Request, subject: Subject) -> HttpResponse:
    return _shown(request, subject) if wants_part(request) else redirect("panel", subject.kind, subject.pk)


@require_GET
@login_required
def panel(request: Request, kind: str, pk: int) -> HttpResponse:
    return _shown(request, access.subject_for(request.user, kind, pk))


@require_POST
@login_required
def add_comment(request: Request, kind: str, pk: int) -> HttpResponse:
    subject = access.writable_subject_for(request.user, kind, pk)
    actions.add_comment(actor=request.user, subject=subject, text=request.POST.get("text", ""), at=now())
    return _changed(request, subject)


@require_POST
@login_required
def withdraw_comment(request: Request, comment_id: int) -> HttpResponse:
    subject = access.subject_of_comment(request.user, comment_id)
    actions.withdraw_comment(actor=request.user, comment_id=comment_id, at=now())
    return _changed(request, subject)


@require_POST
@login_required
def attach_file(request: Request, kind: str, pk: int) -> HttpResponse:
    subject = access.writable_subject_for(request.user, kind, pk)
    keeps_place = "keeps_place" in request.POST
    actions.attach_file(actor=request.user, subject=subject, file=file_in(request), keeps_place=keeps_place, at=now())
    return _changed(request, subject)


@require_GET
@login_required
def stored_file(request: Request, file_id: int) -> HttpResponse | FileResponse:
    row = access.file_for(request.user, file_id)
    if not default_storage.exists(row.path):
        raise Http404
    response = FileResponse(default_storage.open(row.path), content_type=row.media_type)
    for name, value in headers_for(row.name, row.media_type, is_saved="save" in request.GET).items():
        response[name] = value
    return response


@require_POST
@login_required
def remove_file(request: Request, file_id: int) -> HttpResponse:
    subject = access.subject_of_file(request.user, file_id)
    actions.remove_file(actor=request.user, file_id=file_id, at=now())
    return _changed(request, subject)


@require_GET
@login_required
def notice_list(request: Request) -> HttpResponse:
    notices = Paginator(queries.notices_for(request.user), 30).get_page(request.GET.get("page"))
    context = {"notices": notices, "unread_count": queries.unread_count(request.user)}
    return page(request, "records/notices.html", context)


@require_POST
@login_required
def open_notice(request: Request, notice_id: int) -> HttpResponse:
    notice = access.notice_for(request.user, notice_id)
    actions.mark_read(actor=request.user, notice_id=notice.pk, at=now())
    return redirect(notice.url or "notices")


@require_POST
@login_required
def read_all(request: Request) -> HttpResponse:
    count = actions.mark_all_read(actor=request.user, at=now())
    messages.success(request, _("Notices marked as read: %(count)d") % {"count": count})
    return redirect("notices")
