"""Bodies that bring observations: one, or many as a data array."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from anlan.telemetry.core.sensorthings.columns import (
    Faults,
    Observations,
    columns_of,
    result_of,
    times_of,
    values_of,
)
from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.core.sensorthings.times import instant_of, milliseconds

MOST_IN_ONE = 100_000  # observations in one data array
_ENCODINGS = "encodingType", "feature"


def observation_of(body: object, at: datetime, datastream: int | None = None) -> Observations:
    """Return the one observation that a body describes.

    Args:
        body: JSON read.
        at: of arrival; an observation that tells no time was made then.
        datastream: of the address that it was sent to; None where the body must name it.

    Raises:
        BadRequest: the body is none, names no datastream, has no number as its result, or a faulty time.
    """
    if not isinstance(body, Mapping):
        raise BadRequest("An observation is a JSON object")
    if "result" not in body:
        raise BadRequest("The observation has no result")
    linked = _linked(body["Datastream"], "Datastream") if "Datastream" in body else datastream
    if linked is None:
        raise BadRequest("The observation names no Datastream")
    if datastream is not None and linked != datastream:
        raise BadRequest(
            "The observation names Datastream %(named)d and was sent to %(sent)d", named=linked, sent=datastream
        )
    _check_rest(body)
    time = body.get("phenomenonTime")
    moment = at if time is None else instant_of(time)
    times, values = np.array([milliseconds(moment)], dtype=np.int64), np.array([result_of(body["result"])])
    return Observations(linked, times, values, {})


def observations_of(body: object, at: datetime) -> list[Observations]:
    """Return the observations of data arrays, in their order; what is faulty in a row stands among the faults.

    Args:
        body: JSON read.
        at: of arrival; an observation that tells no time was made then.

    Raises:
        BadRequest: the body is no list of data arrays.
    """
    if not isinstance(body, Sequence) or isinstance(body, str) or not body:
        raise BadRequest("CreateObservations takes a list of data arrays")
    arrays = [_array(array) for array in body]
    if sum(len(rows) for _, _, rows in arrays) > MOST_IN_ONE:
        raise BadRequest("%(most)d observations are the most at once", most=MOST_IN_ONE)
    return [_columns(*array, milliseconds(at)) for array in arrays]


def _array(array: object) -> tuple[int, list[Any], list[Any]]:
    if not isinstance(array, Mapping) or "Datastream" not in array:
        raise BadRequest("A data array names its Datastream")
    components, rows = array.get("components"), array.get("dataArray")
    if (
        not isinstance(components, list)
        or "result" not in components
        or len(set(map(str, components))) < len(components)
    ):
        raise BadRequest("A data array names its components, result among them")
    if not isinstance(rows, list):
        raise BadRequest("A data array has a dataArray of rows")
    count = array.get("dataArray@iot.count", array.get("dataArrayCount", len(rows)))
    if count != len(rows):
        raise BadRequest("The data array tells of %(told)s rows and has %(found)d", told=str(count), found=len(rows))
    return _linked(array["Datastream"], "Datastream"), components, rows


def _columns(datastream: int, components: list[Any], rows: list[Any], arrived: int) -> Observations:
    faults: Faults = {}
    columns = dict(zip(map(str, components), columns_of(rows, len(components), faults), strict=True))
    times = times_of(columns.get("phenomenonTime", [None] * len(rows)), arrived, faults)
    return Observations(datastream, times, values_of(columns["result"], faults), faults)


def _linked(value: object, name: str) -> int:
    """Return the id of a linked entity: {"@iot.id": 7}; {"id": 7} as in drafts of the standard."""
    if isinstance(value, Mapping):
        for key in ("@iot.id", "id"):
            found = value.get(key)
            if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**31:
                return found
    raise BadRequest("%(name)s is to be linked by its @iot.id, a whole number", name=name)


def _check_rest(body: Mapping[str, Any]) -> None:
    """Refuse what contradicts the standard even where it is not kept."""
    if body.get("resultTime") is not None:
        instant_of(body["resultTime"])
    if body.get("validTime") is not None:
        instant_of(body["validTime"])
    feature = body.get("FeatureOfInterest")
    if feature is None:
        return
    if not isinstance(feature, Mapping):
        raise BadRequest("A FeatureOfInterest is linked by its id or described")
    if not {"@iot.id", "id"} & set(feature) and not all(feature.get(name) for name in _ENCODINGS):
        raise BadRequest("A FeatureOfInterest that is described has an encodingType and a feature")
