"""The forecast of a level as people see it: what is expected when, how sure, and how good such forecasts proved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.telemetry.core.charts import Asked, Limit
from anlan.telemetry.core.forecast.features import AHEAD_H
from anlan.telemetry.core.forecast.staying import OLDEST_H
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import HOUR
from anlan.telemetry.models import Datastream, ForecastModel, LevelForecast, Station
from anlan.telemetry.queries import series
from anlan.telemetry.queries.station_pages import chart_content, limit_name, name_of

PAST_H, TOLD_AT_H = 24, 3
MOST_POINTS = 150
DAYS_OF_A_MONTH = 30.4
LEAST_ACTIVE = 24  # hours of rain or rise from which their own skill is told


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected at one hour: the colours of the limits that it and the upper end reach (0 is none), by name."""

    at: datetime
    level_m: float
    low_m: float
    high_m: float
    colour: int
    possible: int
    limit: str


@dataclass(frozen=True, slots=True)
class Reaching:
    """A limit that is expected to be reached, or may be, and when first."""

    name: str
    colour: int
    value: float
    at: datetime
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """How good forecasts proved.

    Attributes:
        gain: by how many per cent the error at +3 h is smaller than that of the level staying as it is; < 0 is larger.
        gain_active: the same of hours in which it rained or the river rose; None where there were few.
        covered: share of levels that came to lie in the interval at +3 h.
        span: over how long that was tried, in words.
    """

    gain: float
    gain_active: float | None
    covered: float | None
    span: str


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast as the page shows it."""

    stream: Datastream
    name: str
    row: LevelForecast
    ahead: list[Ahead]
    reaching: list[Reaching]
    proof: Proof | None
    content: dict[str, Any]  # for the chart island
    learnt_until: datetime | None

    @property
    def key(self) -> str:
        """What tells it from the others of the page."""
        return f"forecast-{self.stream.pk}"

    @property
    def chart_id(self) -> str:
        """Where the chart's content stands on the page."""
        return f"chart-{self.key}"


def forecast_for(datastream_id: int) -> LevelForecast | None:
    """Return the forecast of a level that stands, None where there is none."""
    return LevelForecast.objects.filter(pk=datastream_id).first()


def foretold_at(station: Station, at: datetime) -> list[Foretold]:
    """Return the forecasts of a station's levels that are not out of date."""
    fresh = LevelForecast.objects.filter(
        datastream__station=station, datastream__is_in_use=True, origin_at__gt=at - timedelta(hours=OLDEST_H)
    )
    rows = fresh.select_related("datastream").prefetch_related("datastream__thresholds").order_by("pk")
    learnt = dict(ForecastModel.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "until"))
    return [_foretold(row, learnt.get(row.pk)) for row in rows]


def gain_of(skill: Mapping[str, Any] | None, part: str = "over_all") -> float | None:
    """Return by how many per cent the error at +3 h was smaller than that of staying as it is, None where unknown."""
    if not skill:
        return None
    ours, stays = skill[part]["rmse_m"][TOLD_AT_H - 1], skill[part]["staying_m"][TOLD_AT_H - 1]
    return None if ours is None or not stays else round(100.0 * (1.0 - ours / stays), 1)


def proof_of(skill: Mapping[str, Any] | None) -> Proof | None:
    """Return the words' figures of a skill, None where it was not tried."""
    gain = gain_of(skill)
    if skill is None or gain is None:
        return None
    is_told = skill["active"]["count"][TOLD_AT_H - 1] >= LEAST_ACTIVE
    return Proof(
        gain=gain,
        gain_active=gain_of(skill, "active") if is_told else None,
        covered=skill["over_all"]["covered"][TOLD_AT_H - 1],
        span=_span(round(skill["hours"] / 24)),
    )


def _span(days: int) -> str:
    months = round(days / DAYS_OF_A_MONTH)
    if months:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _foretold(row: LevelForecast, learnt_until: datetime | None) -> Foretold:
    stream = row.datastream
    limits = [each for each in series.limits_of(stream) if each.quantity == Quantity.READING]
    ahead = [
        _ahead(stream, limits, row.origin_at + timedelta(hours=hour), ends)
        for hour, ends in zip(AHEAD_H, zip(row.level_m, row.low_m, row.high_m, strict=True), strict=True)
    ]
    return Foretold(
        stream, name_of(stream), row, ahead, _reaching(stream, ahead, limits), proof_of(row.skill),
        _content(stream, row, ahead), learnt_until,
    )  # fmt: skip


def _ahead(stream: Datastream, limits: list[Limit], at: datetime, told: tuple[float, float, float]) -> Ahead:
    level, low, high = told
    colour, possible = _reached(level, limits), _reached(high, limits)
    name = limit_name(stream.property, Quantity.READING, colour or possible)
    return Ahead(at, level, low, high, colour, possible, name)


def _reached(level: float, limits: Iterable[Limit]) -> int:
    return max((each.colour for each in limits if level >= each.value), default=0)


def _reaching(stream: Datastream, ahead: list[Ahead], limits: list[Limit]) -> list[Reaching]:
    """Return the limits that lie above the level now and are reached within the six hours, highest first."""
    found = []
    now_m = _last_level(stream)
    for limit in sorted(limits, key=lambda each: -each.value):
        if now_m is not None and now_m >= limit.value:
            continue
        expected = next((each.at for each in ahead if each.level_m >= limit.value), None)
        possible = next((each.at for each in ahead if each.high_m >= limit.value), None)
        if possible is None:
            continue
        name = limit_name(stream.property, limit.quantity, limit.colour)
        found.append(Reaching(name, limit.colour, limit.value, expected or possible, expected is not None))
    return found


def _last_level(stream: Datastream) -> float | None:
    return stream.latest.value if hasattr(stream, "latest") else None


def _content(stream: Datastream, row: LevelForecast, ahead: list[Ahead]) -> dict[str, Any]:
    origin = row.origin_at.timestamp()
    chart = series.chart_for(stream, Asked(origin - PAST_H * HOUR, row.issued_at.timestamp(), MOST_POINTS))
    content = chart_content(stream, chart)
    past = [(time, value) for time, value, _flags in chart.points if value is not None and time <= origin]
    start = [list(past[-1])] if past else []
    told = [[each.at.timestamp(), each.level_m] for each in ahead]
    band = [[each.at.timestamp(), each.low_m, each.high_m] for each in ahead]
    return {
        **content,
        "until": ahead[-1].at.timestamp(),
        "series": [*content["series"], {"name": _("forecast"), "points": [*start, *told], "dashed": True}],
        "band": {"name": _("80 in 100 between"), "points": [*([*each, each[1]] for each in start), *band]},
    }
