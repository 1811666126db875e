"""Funds, and what it puts into the shared registries."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "anlan.funds"
