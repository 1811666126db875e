"""OGC SensorThings API 1.1 over what is stored: read sets and entities, create observations."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from itertools import chain
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from anlan.telemetry.actions.observations import keep_observations
from anlan.telemetry.callers import Caller, NotKnown, caller_of
from anlan.telemetry.core.sensorthings.addresses import Address, address_of
from anlan.telemetry.core.sensorthings.columns import Observations
from anlan.telemetry.core.sensorthings.observations import observation_of, observations_of
from anlan.telemetry.core.sensorthings.options import options_of
from anlan.telemetry.core.sensorthings.refusals import BadRequest, NotThere
from anlan.telemetry.queries.sensorthings import answer_to, roots, streams_to_fill

STATUS = {BadRequest: 400, NotKnown: 401, NotThere: 404}
JSON, TEXT = "application/json; charset=utf-8", "text/plain; charset=utf-8"
View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    """Answer refusals in the manner of the standard: a status and a message, for programs in English."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (BadRequest, NotKnown, NotThere) as refusal:
            status = STATUS[type(refusal)]
            response = _json({"code": status, "type": "error", "message": str(refusal)}, status)
            if status == 401:
                response["WWW-Authenticate"] = 'Bearer, Basic realm="Anlan"'
            return response

    return told


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_told
def service(request: HttpRequest, path: str = "") -> HttpResponse:
    caller, address = caller_of(request, now()), address_of(path)
    if request.method == "POST":
        return _create(request, caller, address)
    if not address.steps:
        return _json(roots(_root(request)).content)
    given = {name: request.GET[name] for name in request.GET}
    answer = answer_to(address, options_of(given), caller.reads, _root(request), given)
    return HttpResponse(answer.content, content_type=TEXT) if answer.is_text else _json(answer.content)


@csrf_exempt
@require_POST
@_told
def create_observations(request: HttpRequest) -> HttpResponse:
    at = now()
    caller, observations = caller_of(request, at), observations_of(_body(request), at)
    streams = streams_to_fill(caller.fills, {each.datastream for each in observations})
    faults = keep_observations(observations=observations, streams=streams, device=caller.device, at=at)
    return _json(list(chain.from_iterable(map(partial(_told_of, _root(request)), observations, faults))), 201)


def _create(request: HttpRequest, caller: Caller, address: Address) -> HttpResponse:
    at = now()
    observation = observation_of(_body(request), at, _datastream_in(address))
    streams = streams_to_fill(caller.fills, [observation.datastream])
    (faults,) = keep_observations(observations=[observation], streams=streams, device=caller.device, at=at)
    if faults:
        raise faults[0]
    (link,) = _links(_root(request), observation)
    response = _json({"@iot.id": observation.ids()[0], "@iot.selfLink": link}, 201)
    response["Location"] = link
    return response


def _datastream_in(address: Address) -> int | None:
    """Return the datastream that an observation is sent to, None where its body names it."""
    names = [step.name for step in address.steps]
    if names[-1:] != ["Observations"] or names[:-1] not in ([], ["Datastreams"]) or address.field:
        raise BadRequest("Only Observations can be created here")
    if not names[:-1]:
        return None
    sent_to = address.steps[0].id or ""
    if not sent_to.isdecimal():
        raise NotThere("There is nothing at %(part)s", part=names[0])
    return int(sent_to)


def _body(request: HttpRequest) -> Any:
    try:
        return msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BadRequest("The body is no JSON: %(fault)s", fault=str(fault)) from fault


def _told_of(root: str, observations: Observations, faults: Mapping[int, BadRequest]) -> list[str]:
    told = _links(root, observations)
    for place, reason in faults.items():
        told[place] = f"error: {reason}"
    return told


def _links(root: str, observations: Observations) -> list[str]:
    return observations.ids(f"{root}/Observations('", "')")


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sensorthings")).rstrip("/")


def _json(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), content_type=JSON, status=status)
