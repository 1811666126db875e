"""One map, and what it puts into the shared registries."""

from django.apps import AppConfig


class OnemapConfig(AppConfig):
    name = "anlan.onemap"
    label = "onemap"
