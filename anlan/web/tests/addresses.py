"""Addresses for the shell's tests: its own, and pages that only a test needs."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from anlan.kernel.refusal import Refusal
from anlan.web.models import Upload
from anlan.web.tables import BulkAction, Column, Filter, Table, chosen_in

FILES = Table(
    "files",
    (
        Column("name", "Its name", attrgetter("name"), sort="name"),
        Column("size", "Its size", attrgetter("size"), sort="size", is_number=True, unit="MB"),
        Column("sender", "Its sender", attrgetter("actor_name")),
        Column("kept", "Its time", attrgetter("created_at"), is_shown=False),
        Column("state", "Its state", attrgetter("state"), cell="web/tests/cell.html"),
    ),
    filters=(
        Filter("state", "State", "state", choices=(("pending", "Open"), ("discarded", "Dropped"))),
        Filter("name", "Name", "name__icontains"),
        Filter("least", "At least", "size__gte"),
        Filter("of", "Of", "", narrow=lambda rows, value: rows.filter(actor_name=value)),
    ),
    order=("name",),
    page_size=10,
    row_url=lambda row: f"/files/{row.pk}/",
    file_name="kept-files",
    bulk=(BulkAction("Drop", "drop"),),
)


def refusing(request: HttpRequest) -> HttpResponse:
    raise Refusal("weights sum to %(found).3f, expected 1", found=0.9)


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is closed")


def files(request: HttpRequest) -> HttpResponse:
    return FILES.respond(request, "web/tests/page.html", Upload.objects.all(), {"note": "beside the table"})


def drop(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(chosen_in(request)))


def plain(name: str) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponse(name)

    return view


urlpatterns = [
    path("", include("anlan.web.urls")),
    path("log-in/", plain("log in"), name="login"),
    path("log-out/", plain("log out"), name="logout"),
    path("refusing/", refusing),
    path("fine/", fine),
    path("guarded/", login_required(fine)),
    path("broken/", broken),
    path("away/", away),
    path("files/", files, name="files"),
    path("drop/", drop, name="drop"),
]
handler400 = "anlan.web.views.bad_request"
handler404 = "anlan.web.views.not_found"
handler403 = "anlan.web.views.forbidden"
handler500 = "anlan.web.views.server_error"
