"""The HTTP API for other systems: who may ask, and what it offers; each context brings its own router."""

from collections.abc import Mapping
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
        {
            "path": path,
            "summary": operation["summary"],
            "parameters": [_told(one["name"], one["schema"], one["in"]) for one in operation.get("parameters", ())],
            "fields": [_told(name, one) for name, one in _answer(schema, operation)["properties"].items()],
        }
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    ]
    return page(request, "config/api.html", {"schema": schema, "operations": operations})


def _answer(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of what an operation answers; of a list, of each of its items."""
    parts: Mapping[str, Mapping[str, Any]] = schema["components"]["schemas"]
    found = parts[_name(operation["responses"][200]["content"]["application/json"]["schema"])]
    items = found["properties"].get("items")
    shown: Mapping[str, Any] = parts[_name(items["items"])] if items else found
    return shown


def _name(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _told(name: str, schema: Mapping[str, Any], place: str = "") -> dict[str, str]:
    """Return a parameter or field as a page tells it: its kinds and what it means."""
    choices = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    kinds = [" | ".join(one.get("enum", ())) or one.get("type", "object") for one in choices]
    words = schema.get("description") or next((one["description"] for one in choices if "description" in one), "")
    return {"name": name, "place": place, "kind": " | ".join(kinds), "words": words}
