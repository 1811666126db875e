"""A county's own XLSForms: bring in, map questions to leaves, offer to phones."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.assessment import access
from anlan.assessment.actions import own_forms as actions
from anlan.assessment.queries import own_forms as queries
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page


@require_http_methods(["GET", "POST"])
@login_required
def own_forms(request: Request, system_id: int) -> HttpResponse:
    system = access.system_for(request.user, system_id, "system.edit")
    if request.method == "GET":
        return page(request, "assessment/own_forms.html", queries.forms_page(system))
    file, level = request.FILES.get("file"), Level(request.POST.get("level", Level.VILLAGE))
    try:
        if file is None:
            raise Refusal("Choose an XLSForm (.xlsx)")
        form = actions.import_own_form(actor=request.user, system=system, level=level, file=file, at=now())
    except Refusal as refused:
        return page(request, "assessment/own_forms.html", queries.forms_page(system, refused), status=422)
    return redirect("own-form", form.pk)


@require_http_methods(["GET", "POST"])
@login_required
def own_form(request: Request, form_pk: int) -> HttpResponse:
    form = access.own_form_for(request.user, form_pk, "system.edit")
    if request.method == "GET":
        return page(request, "assessment/own_form.html", queries.form_page(form))
    leaves = {one["name"]: request.POST.get(f"leaf:{one['name']}", "") for one in form.questions}
    is_offered = "is_offered" in request.POST
    actions.map_questions(actor=request.user, form_id=form.pk, leaves=leaves, is_offered=is_offered, at=now())
    messages.success(request, _("The form is saved."))
    return redirect("own-forms", form.system_id)


@require_GET
@login_required
def own_form_file(request: Request, form_pk: int) -> FileResponse:
    form: Any = access.own_form_for(request.user, form_pk, "survey.read")
    return FileResponse(BytesIO(bytes(form.xlsform)), as_attachment=True, filename=f"{form.title}.xlsx")
