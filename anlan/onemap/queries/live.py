"""The picture on the wall and the last hours, as the sensors tell them."""

from datetime import datetime
from typing import Any

from anlan.onemap.core.past import Span
from anlan.places.queries.layers import areas_of
from anlan.telemetry.core.timeline import steps
from anlan.telemetry.queries.overview import wall_figures
from anlan.telemetry.queries.past import past_of
from anlan.web.http import Person

HOUR = 3600


def wall_data(person: Person, at: datetime) -> dict[str, Any]:
    """Return what the wall shows besides the map."""
    areas = areas_of(person, "onemap.read")
    return {"at": at.isoformat(), "county": areas[0].name if areas else "", **wall_figures(person, at)}


def past(person: Person, span: Span, at: datetime) -> dict[str, Any]:
    """Return how stations stood at even steps up to the last whole one."""
    until = at.timestamp() // span.step_s * span.step_s
    return past_of(person, steps(until - span.hours * HOUR, until, span.step_s))
