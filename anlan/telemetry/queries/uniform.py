"""The uniform rate of a slope as a span of its record gives it, for a person to confirm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import get_current_timezone

from anlan.telemetry.core.charts import Asked, chart_of
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.tangent_angle import LEAST_UNIFORM_MM_D, NoUniformRate, Uniform, uniform_rate
from anlan.telemetry.models import Datastream
from anlan.telemetry.queries import series
from anlan.telemetry.queries.station_pages import chart_content


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the span gives: a rate, or why there is none; and the readings of the span drawn."""

    uniform: Uniform | None
    refused: NoUniformRate | None
    chart: Mapping[str, Any]

    @property
    def is_under_the_floor(self) -> bool:
        """Tell that figures count the rate as the least one."""
        return self.uniform is not None and self.uniform.rate_mm_d < LEAST_UNIFORM_MM_D


def proposed_rate(stream: Datastream, span: Mapping[str, date]) -> Proposed:
    """Return the rate of the days `since` to `until`, both included."""
    since, until = _instant(span["since"]), _instant(span["until"] + timedelta(days=1))
    told = series.told_between(stream.pk, since, until)
    chart = chart_of(Property(stream.property), stream.unit, told, series.source_of(stream), Asked(since, until))
    found, refused = None, None
    try:
        found = uniform_rate(told.believed(), after=since, until=until)
    except NoUniformRate as why:
        refused = why
    return Proposed(found, refused, chart_content(stream, chart))


def _instant(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone()).timestamp()
