"""Addresses of telemetry."""

from django.urls import URLPattern, path

from anlan.telemetry.views import sensorthings, wire

SENSORTHINGS = "telemetry/sensorthings/v1.1"

urlpatterns: list[URLPattern] = [
    path("telemetry/readings", wire.readings, name="readings-post"),
    path(f"{SENSORTHINGS}/CreateObservations", sensorthings.create_observations, name="sensorthings-create"),
    path(SENSORTHINGS, sensorthings.service, name="sensorthings-root"),
    path(f"{SENSORTHINGS}/", sensorthings.service, name="sensorthings"),
    path(f"{SENSORTHINGS}/<path:path>", sensorthings.service, name="sensorthings-path"),
]
