"""The HTTP API for other systems: who may ask, and what it offers; each context brings its own router."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET
from ninja import NinjaAPI, Router
from ninja.security import HttpBearer

import anlan
from anlan.accounts.access import person_with_token
from anlan.web.http import page

ROUTERS = ("anlan.assessment.api.router",)


class Token(HttpBearer):
    """A person's token, which sees what the person sees."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return person_with_token(token, now())


def session(request: HttpRequest) -> Any:
    """Let in whoever is logged in to the site."""
    return request.user if request.user.is_authenticated else None


api = NinjaAPI(
    title="Anlan 安澜",
    version=anlan.__version__,
    description="Units, scores and needs of a county's emergency capability. Read only.",
    docs_url=None,
    auth=[Token(), session],
    urls_namespace="api",
)
last = Router()
for router in ROUTERS:
    api.add_router("", router)


@last.get("/{path:rest}", include_in_schema=False, auth=None)
def elsewhere(request: HttpRequest, rest: str) -> None:
    """Answer unknown addresses below the API in its own manner."""
    raise Http404


# After every other address, which it would answer otherwise.
api.add_router("", last)


@require_GET
@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """Show what can be asked: the same description as a page, made here, so that nothing is loaded from elsewhere."""
    schema = api.get_openapi_schema()
    operations = [
        {"path": path, **operation} for path, methods in schema["paths"].items() for operation in methods.values()
    ]
    return page(request, "config/api.html", {"schema": schema, "operations": operations})
