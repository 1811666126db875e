"""Allocation, and what it puts into the shared registries."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "anlan.allocation"
