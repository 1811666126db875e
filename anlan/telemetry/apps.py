"""Telemetry, and what it puts into the shared registries."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "anlan.telemetry"
    label = "telemetry"
