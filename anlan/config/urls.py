"""All addresses: each context brings its own."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from anlan.config.api import api, docs

# Telemetry first: programs ask it far more often than people ask the others, and each address is tried in turn.
ADDRESSED = (
    "telemetry", "web", "accounts", "records", "places", "worklists", "stores", "funds", "assessment", "allocation",
    "onemap",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"anlan.{label}.urls"))
    for label in ADDRESSED
    if apps.is_installed(f"anlan.{label}") and find_spec(f"anlan.{label}.urls")
]

urlpatterns += [path("api/docs", docs, name="api-docs"), path("api/", api.urls)]

handler400 = "anlan.web.views.bad_request"
handler404 = "anlan.web.views.not_found"
handler403 = "anlan.web.views.forbidden"
handler500 = "anlan.web.views.server_error"
