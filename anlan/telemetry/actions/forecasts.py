"""Learning of levels each night, and their forecasts every ten minutes.

Learning takes a second or two a level and holds no lock; what is written is one row. Both may run twice.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.ground.events import defer
from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.forecast.model import RECENT_H, Forecast, Model, NoRecentLevel, predict
from anlan.telemetry.core.forecast.skill import Skill, learnt_and_tried
from anlan.telemetry.core.forecast.staying import TooLittleHistory
from anlan.telemetry.core.forecast.stored import OtherForm, pack, unpack
from anlan.telemetry.core.rain import pieces_of_increments
from anlan.telemetry.core.series import DAY, HOUR, Series
from anlan.telemetry.models import Datastream, ForecastModel, LevelForecast, Reading
from anlan.telemetry.queries.judged import readings_between
from anlan.telemetry.queries.level_history import history_of, pieces_of, recent_hours
from anlan.telemetry.queries.rain_above import gauges_above, levels

HISTORY_S = 3 * 366 * DAY
A_DAY_AND_MORE = timedelta(hours=26)
NO_RAIN_TOLD = pieces_of_increments(Series(np.zeros(0), np.zeros(0)), interval_s=HOUR)
TRAIN = "telemetry.train_forecast"
_TOLD = [field.name for field in LevelForecast._meta.concrete_fields if not field.primary_key]


def train_forecasts() -> int:
    """Queue the learning of every level in use, a job each; return how many."""
    return _queue(levels())


def train_new_levels(*, at: datetime) -> int:
    """Queue the learning of the levels that were never learnt and have a day of readings; return how many."""
    older = Reading.objects.filter(
        datastream=OuterRef("pk"), time__gt=at - timedelta(seconds=HISTORY_S), time__lt=at - A_DAY_AND_MORE
    )
    return _queue(levels().filter(Exists(older)).exclude(pk__in=ForecastModel.objects.values("pk")))


@transaction.atomic
def _queue(wanted: QuerySet[Datastream]) -> int:
    waiting = ProcrastinateJob.objects.filter(task_name=TRAIN, status__in=["todo", "doing"])
    ids = set(wanted.values_list("pk", flat=True)) - {job.args["datastream_id"] for job in waiting}
    for datastream_id in sorted(ids):
        defer(TRAIN, queue="jobs", datastream_id=datastream_id)
    return len(ids)


def train_forecast(*, datastream_id: int, at: datetime) -> ForecastModel | None:
    """Learn one level from its last three years; forget it where it is no level in use or has no history."""
    level = levels().filter(pk=datastream_id).first()
    gauges = gauges_above(level) if level else []
    history = history_of(level, gauges, at.timestamp() - HISTORY_S, at.timestamp()) if level else None
    try:
        if level is None or history is None:
            raise TooLittleHistory(0)
        model, skill = learnt_and_tried(history, seed=level.pk)
    except TooLittleHistory:
        forget_forecast(datastream_id=datastream_id)
        return None
    return keep_model(level, gauges, history, model, skill, at=at)


@transaction.atomic
def forget_forecast(*, datastream_id: int) -> None:
    """Let go of what was learnt of a level and of its forecast."""
    LevelForecast.objects.filter(pk=datastream_id).delete()
    ForecastModel.objects.filter(pk=datastream_id).delete()


def keep_model(
    level: Datastream, gauges: Sequence[Datastream], history: Hours, model: Model, skill: Skill | None, *, at: datetime
) -> ForecastModel:
    """Write what was learnt of a level in the place of what was learnt before."""
    content = pack(model)
    found = ForecastModel(
        datastream=level,
        gauges=[gauge.pk for gauge in gauges],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        basis=model.basis,
        hours=history.known,
        since=_moment(history.times_s[0] - HOUR),
        until=_moment(history.last_s),
        skill=_plain(skill),
        learnt_at=at,
    )
    found.save()
    return found


def _plain(skill: Skill | None) -> dict[str, Any] | None:
    """Return a skill as JSON tells it; what is not known is null."""
    if skill is None:
        return None

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return [plain(each) for each in value]
        return None if isinstance(value, float) and not isfinite(value) else value

    told: dict[str, Any] = plain(asdict(skill))
    return told


def forecast_levels(*, at: datetime) -> int:
    """Make the forecast of every level that was learnt; return how many stand now.

    A level that has been silent too long has none, nor has one that is no longer in use.
    """
    models = list(ForecastModel.objects.filter(datastream__in=levels()).order_by("pk"))
    gauges = Datastream.objects.in_bulk({key for model in models for key in model.gauges})
    since = at.timestamp() - (RECENT_H + 2) * HOUR
    series = readings_between({*gauges, *(model.pk for model in models)}, since, at.timestamp())
    found = [row for model in models if (row := _forecast(model, gauges, series, at)) is not None]
    with transaction.atomic():
        LevelForecast.objects.exclude(pk__in=[row.pk for row in found]).delete()
        LevelForecast.objects.bulk_create(
            found, update_conflicts=True, unique_fields=["datastream"], update_fields=_TOLD
        )
    return len(found)


def _forecast(
    model: ForecastModel, gauges: Mapping[int, Datastream], series: Mapping[int, Series], at: datetime
) -> LevelForecast | None:
    rain = [pieces_of(gauges[key], series[key]) if key in gauges else NO_RAIN_TOLD for key in model.gauges]
    try:
        recent = recent_hours(series[model.pk], rain, at.timestamp(), RECENT_H)
        return _row(model, predict(unpack(bytes(model.content)), recent), at)
    except (NoRecentLevel, OtherForm):
        return None


def _row(model: ForecastModel, told: Forecast, at: datetime) -> LevelForecast:
    return LevelForecast(
        datastream_id=model.pk,
        issued_at=at,
        origin_at=min(_moment(told.at_s), at),
        level_m=list(told.level_m),
        low_m=list(told.low_m),
        high_m=list(told.high_m),
        basis=told.basis,
        state=told.state,
        is_fallback=told.is_fallback,
        skill=model.skill,
        model_sha256=model.sha256,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def trained(at: datetime) -> Iterable[tuple[Datastream, ForecastModel | None]]:
    """Learn every level in use, one after the other, and yield each with what was learnt."""
    for level in levels():
        yield level, train_forecast(datastream_id=level.pk, at=at)
