"""Observations that come over HTTP: kept by the one path, in the caller's own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import isfinite, isnan

from django.db import connection, transaction

from anlan.telemetry.actions.keeping import EARLIEST, LATEST, Intake, keep
from anlan.telemetry.core.sensorthings.observations import Observation
from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.core.sensorthings.times import observation_id
from anlan.telemetry.queries.wire import Wire, WireDevice, WireStream

Outcome = str | BadRequest  # the id of what was kept, or why it was not


@transaction.atomic
def keep_observations(
    *,
    observations: Iterable[Observation | BadRequest],
    streams: Mapping[int, WireStream],
    device: WireDevice | None,
    at: datetime,
) -> Sequence[Outcome]:
    """Keep what can be kept; return for each, in its order, its id or the reason.

    Args:
        observations: as read; what could not be read stands as its reason.
        streams: datastreams that the caller may fill, by id.
        device: that calls; None where a person does.
        at: now.
    """
    intake, arrived = Intake(Wire({}, {}, {}, {})), at.timestamp()
    outcomes = [_taken(each, streams, intake, at) for each in observations]
    if device is not None:
        intake.hear(device, arrived)
    connection.ensure_connection()
    keep(connection.connection, intake, at=at)
    return outcomes


def _taken(each: Observation | BadRequest, streams: Mapping[int, WireStream], intake: Intake, at: datetime) -> Outcome:
    if isinstance(each, BadRequest):
        return each
    stream = streams.get(each.datastream)
    if stream is None:
        return BadRequest("There is no Datastream %(id)d that you may fill", id=each.datastream)
    if not isfinite(each.value) and not isnan(each.value):
        return BadRequest("The result %(result)s is no number", result=str(each.value))
    moment = each.at or at
    if moment.microsecond % 1000:
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    seconds = moment.timestamp()
    if not EARLIEST <= seconds <= LATEST:
        return BadRequest("%(time)s is no time: an ISO 8601 text with its offset is expected", time=str(moment))
    intake.put(stream, seconds, each.value, at.timestamp())
    return observation_id(each.datastream, moment)
