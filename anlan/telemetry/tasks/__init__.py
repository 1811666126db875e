"""Timers and long work of telemetry, a module for each kind of it; the worker finds them here."""

from anlan.telemetry.tasks import forecasts, retention

__all__ = ["forecasts", "retention"]
