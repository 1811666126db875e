"""OGC SensorThings API 1.1 over what is stored: read sets and entities, create observations."""

from collections.abc import Callable
from functools import wraps
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
    caller = caller_of(request, now())
    observations = list(observations_of(_body(request)))
    ids = {each.datastream for each in observations if not isinstance(each, BadRequest)}
    outcomes = keep_observations(
        observations=observations, streams=streams_to_fill(caller.fills, ids), device=caller.device, at=now()
    )
    root = _root(request)
    return _json([f"error: {each}" if isinstance(each, BadRequest) else _link(root, each) for each in outcomes], 201)


def _create(request: HttpRequest, caller: Caller, address: Address) -> HttpResponse:
    names = [step.name for step in address.steps]
    if names[-1:] != ["Observations"] or names[:-1] not in ([], ["Datastreams"]) or address.field:
        raise BadRequest("Only Observations can be created here")
    sent_to = address.steps[0].id if names[:-1] else None
    if names[:-1] and not (sent_to or "").isdecimal():
        raise NotThere("There is nothing at %(part)s", part=names[0])
    observation = observation_of(_body(request), int(sent_to) if sent_to else None)
    streams = streams_to_fill(caller.fills, [observation.datastream])
    (outcome,) = keep_observations(observations=[observation], streams=streams, device=caller.device, at=now())
    if isinstance(outcome, BadRequest):
        raise outcome
    link = _link(_root(request), outcome)
    response = _json({"@iot.id": outcome, "@iot.selfLink": link}, 201)
    response["Location"] = link
    return response


def _body(request: HttpRequest) -> Any:
    try:
        return msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BadRequest("The body is no JSON: %(fault)s", fault=str(fault)) from fault


def _link(root: str, observation: str) -> str:
    return f"{root}/Observations('{observation}')"


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sensorthings")).rstrip("/")


def _json(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), content_type=JSON, status=status)
