"""Stores, and what it puts into the shared registries."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "anlan.stores"
