"""Bodies that bring observations: one, or many as a data array."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import Any

from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.core.sensorthings.times import instant_of

MOST_IN_ONE = 100_000  # observations in one data array
_ENCODINGS = "encodingType", "feature"


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation to be taken in: NaN is a missing value; `at` None is the time of arrival."""

    datastream: int
    at: datetime | None
    value: float


def observation_of(body: object, datastream: int | None = None) -> Observation:
    """Return the observation that a body describes.

    Args:
        body: JSON read.
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
    return Observation(linked, None if time is None else instant_of(time), result_of(body["result"]))


def observations_of(body: object) -> Iterator[Observation | BadRequest]:
    """Yield the observations of data arrays, in their order; a faulty one as the reason for which it is refused.

    Raises:
        BadRequest: the body is no list of data arrays.
    """
    if not isinstance(body, Sequence) or isinstance(body, str) or not body:
        raise BadRequest("CreateObservations takes a list of data arrays")
    total = 0
    for array in body:
        datastream, components, rows = _array(array)
        total += len(rows)
        if total > MOST_IN_ONE:
            raise BadRequest("%(most)d observations are the most at once", most=MOST_IN_ONE)
        for row in rows:
            yield _row(datastream, components, row)


def _array(array: object) -> tuple[int, list[str], Sequence[Any]]:
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


def _row(datastream: int, components: list[str], row: object) -> Observation | BadRequest:
    if not isinstance(row, list) or len(row) != len(components):
        return BadRequest("A row has as many values as there are components")
    body = dict(zip(components, row, strict=True))
    try:
        time = body.get("phenomenonTime")
        return Observation(datastream, None if time is None else instant_of(time), result_of(body["result"]))
    except BadRequest as reason:
        return reason


def result_of(result: object) -> float:
    """Return the number that a result is; null is a missing value.

    Raises:
        BadRequest: it is none.
    """
    if result is None:
        return nan
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise BadRequest("The result %(result)s is no number", result=str(result)[:80])
    try:
        return float(result)
    except OverflowError:
        raise BadRequest("The result %(result)s is no number", result=str(result)[:80]) from None


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
