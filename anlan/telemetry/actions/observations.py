"""Observations that come over HTTP: kept by the one path, committed before they are answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from anlan.telemetry.actions.keeping import EARLIEST, LATEST, Intake, keep, keep_all_new, moment
from anlan.telemetry.core.sensorthings.columns import Observations
from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.queries.wire import Wire, WireDevice, WireStream

Faults = Mapping[int, BadRequest]  # why a row was not kept, by its place


def keep_observations(
    *,
    observations: Sequence[Observations],
    streams: Mapping[int, WireStream],
    device: WireDevice | None,
    at: datetime,
) -> list[Faults]:
    """Keep what can be kept; return for each datastream's observations which were not, and why.

    Args:
        observations: as read.
        streams: datastreams that the caller may fill, by id.
        device: that calls; None where a person does.
        at: now.
    """
    intake, arrived = Intake(Wire({}, {}, {}, {})), at.timestamp()
    faults = [_take(each, streams.get(each.datastream), intake, arrived) for each in observations]
    if device is not None:
        intake.hear(device, arrived)
    connection.ensure_connection()
    if not keep_all_new(connection.connection, intake, at=at):
        with transaction.atomic():
            keep(connection.connection, intake, at=at)
    return faults


def _take(each: Observations, stream: WireStream | None, intake: Intake, arrived: float) -> Faults:
    if stream is None:
        reason = BadRequest("There is no Datastream %(id)d that you may fill", id=each.datastream)
        return {place: each.faults.get(place, reason) for place in range(len(each.times))}
    seconds, faults = each.times / 1e3, dict(each.faults)
    is_number, is_time = ~np.isinf(each.values), (seconds >= EARLIEST) & (seconds <= LATEST)
    for place in np.flatnonzero(~(is_number & is_time)).tolist():
        faults.setdefault(place, _reason(each.values[place], seconds[place], bool(is_number[place])))
    if faults:
        good = np.ones(len(seconds), dtype=np.bool_)
        good[list(faults)] = False
        intake.put_all(stream, seconds[good], each.values[good], arrived)
    else:
        intake.put_all(stream, seconds, each.values, arrived)
    return faults


def _reason(value: float, seconds: float, is_number: bool) -> BadRequest:
    if not is_number:
        return BadRequest("The result %(result)s is no number", result=str(value))
    return BadRequest("%(time)s is no time: an ISO 8601 text with its offset is expected", time=str(moment(seconds)))
