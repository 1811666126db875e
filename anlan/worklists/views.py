"""One's work list, a task's page, the board of the townships."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts.queries import department_names
from anlan.kernel.codes import prefix_of
from anlan.web.http import Request, page, version_in
from anlan.worklists import access, actions, queries
from anlan.worklists.forms import TaskForm
from anlan.worklists.tables import task_table


@require_GET
@login_required
def worklist(request: Request, name: str, code: str = "") -> HttpResponse:
    rows = queries.list_for(request.user, queries.ListName(name))
    rows = rows.within(prefix_of(code)) if code else rows
    shown = rows if request.GET.get("state") else rows.waiting()
    context = {
        "list_name": name,
        "counts": queries.counts_for(request.user, localdate()),
        "may_manage": request.user.can("tasks.manage"),
    }
    return task_table(department_names()).respond(request, "worklists/worklist.html", shown, context)


@require_GET
@login_required
def board(request: Request) -> HttpResponse:
    if not request.user.can("tasks.manage"):
        raise Http404
    return page(request, "worklists/board.html", {"rows": queries.board_for(request.user, localdate())})


@require_GET
@login_required
def task_page(request: Request, task_id: int) -> HttpResponse:
    task = access.task_for(request.user, task_id)
    context = {
        "task": task,
        "names": queries.names_of_task(task),
        "may_do": access.may_do(request.user, task),
        "may_manage": request.user.can("tasks.manage", task.division_code, task.department or None),
        "is_own_work": task.done_by_id == request.user.pk,
    }
    return page(request, "worklists/task.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new_task(request: Request) -> HttpResponse:
    if not request.user.can("tasks.manage"):
        raise Http404
    unit = request.POST.get("unit") or request.GET.get("unit", "")
    today = localdate()
    form = TaskForm(request.POST or None, giver=request.user, unit=unit, today=today, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        task = actions.give_task(actor=request.user, task=form.task(), today=today, at=now())
        messages.success(request, _("The task is on the list."))
        return redirect("task", task.pk)
    status = 422 if form.errors else 200
    return page(request, "worklists/new.html", {"form": form}, partial="fields", status=status)


@require_POST
@login_required
def take(request: Request, task_id: int) -> HttpResponse:
    task = access.task_to_do_for(request.user, task_id)
    actions.take_task(actor=request.user, task_id=task.pk, expected_version=version_in(request), at=now())
    return redirect("task", task.pk)


@require_POST
@login_required
def release(request: Request, task_id: int) -> HttpResponse:
    task = access.task_to_do_for(request.user, task_id)
    actions.release_task(actor=request.user, task_id=task.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The task is back on the unit's list."))
    return redirect("worklist")


@require_POST
@login_required
def complete(request: Request, task_id: int) -> HttpResponse:
    task = access.task_to_do_for(request.user, task_id)
    actions.complete_task(
        actor=request.user,
        task_id=task.pk,
        expected_version=version_in(request),
        remark=request.POST.get("remark", ""),
        at=now(),
    )
    messages.success(request, _("Done."))
    return redirect("task", task.pk)


@require_POST
@login_required
def send_back(request: Request, task_id: int) -> HttpResponse:
    task = access.managed_task_for(request.user, task_id)
    actions.return_task(
        actor=request.user,
        task_id=task.pk,
        expected_version=version_in(request),
        reason=request.POST.get("reason", ""),
        at=now(),
    )
    messages.success(request, _("The task was returned to those who did it."))
    return redirect("task", task.pk)


@require_POST
@login_required
def sign_off(request: Request, task_id: int) -> HttpResponse:
    task = access.managed_task_for(request.user, task_id)
    actions.sign_off_task(actor=request.user, task_id=task.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The task is signed off."))
    return redirect("task", task.pk)


@require_POST
@login_required
def withdraw(request: Request, task_id: int) -> HttpResponse:
    task = access.managed_task_for(request.user, task_id)
    actions.withdraw_task(actor=request.user, task_id=task.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The task is off the list."))
    return redirect("task", task.pk)
