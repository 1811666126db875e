"""A division that changes on a day: merged, split, renamed, given another code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel.refusal import mark
from anlan.places import access, actions
from anlan.places.core.succession import BadSuccession
from anlan.places.forms import MergeForm, RecodeForm, RefusableForm, RenameForm, SplitForm
from anlan.web.http import Request, page


@dataclass(frozen=True, slots=True)
class Way:
    """One way to change: its words, its form and what it does; `act` returns the code to go on with."""

    title: str
    explanation: str
    form: Callable[..., Any]
    act: Callable[[Any, str, Any, dict[str, Any]], str]


def _rename(actor: Any, code: str, form: Any, when: dict[str, Any]) -> str:
    return str(actions.rename_division(actor=actor, code=code, name=form.cleaned_data["name"], **when).code)


def _recode(actor: Any, code: str, form: Any, when: dict[str, Any]) -> str:
    return str(actions.recode_division(actor=actor, code=code, new_code=form.cleaned_data["new_code"], **when).code)


def _merge(actor: Any, code: str, form: Any, when: dict[str, Any]) -> str:
    return str(actions.merge_divisions(actor=actor, codes=form.codes, heir=form.heir, **when).code)


def _split(actor: Any, code: str, form: Any, when: dict[str, Any]) -> str:
    return str(actions.split_division(actor=actor, code=code, heirs=form.heirs, **when)[-1].code)


WAYS = {
    "rename": Way(
        mark("Rename"),
        mark(
            "The name changes from a day on; earlier results keep the old one. Mend a misspelling by correcting facts."
        ),
        lambda *args, division, **kwargs: RenameForm(*args, **kwargs),
        _rename,
    ),
    "recode": Way(
        mark("New code"),
        mark("The code changes from a day on; what lies within gets codes under the new one, and posts follow."),
        lambda *args, division, **kwargs: RecodeForm(*args, **kwargs),
        _recode,
    ),
    "merge": Way(
        mark("Merge"),
        mark("Several divisions become one: people, households and area are added up, villages get codes under it."),
        MergeForm,
        _merge,
    ),
    "split": Way(
        mark("Split"),
        mark("A part becomes a division of its own; this one keeps its code. Boundaries have to be drawn again."),
        SplitForm,
        _split,
    ),
}


@require_http_methods(["GET", "POST"])
@login_required
def change(request: Request, code: str, way: str) -> HttpResponse:
    division = access.standing_division_for(request.user, code)
    data = request.POST if request.method == "POST" else None
    form = WAYS[way].form(data, division=division, initial={"on": localdate()})
    if form.is_valid() and (new_code := _done(request, code, way, form)):
        messages.success(request, _("Done: the old entry is kept in the history"))
        return redirect("division", new_code)
    context = {"division": division, "form": form, "way": WAYS[way], "key": way, "ways": WAYS}
    return page(request, "places/change.html", context, status=422 if form.errors else 200)


def _done(request: Request, code: str, way: str, form: RefusableForm) -> str:
    when = {"on": form.cleaned_data["on"], "at": now()}
    try:
        return WAYS[way].act(request.user, code, form, when)
    except BadSuccession as refused:
        form.refuse(refused)
        return ""
