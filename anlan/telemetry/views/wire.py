"""Readings that devices post over HTTP, each with its own key."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.telemetry.callers import NotKnown, caller_of
from anlan.telemetry.gateway.http import keep_posted

MOST_BYTES = 1 << 20


@csrf_exempt
@require_POST
def readings(request: HttpRequest) -> HttpResponse:
    """Take readings as JSON: 200 with what was kept, 422 where some of it lies in the quarantine, 401 without a key.

    411 where the size is not told beforehand: such a body would not be read.
    """
    try:
        device = caller_of(request, now()).device
    except NotKnown:
        device = None
    if device is None:
        return _json({"message": "Send the device's key as: Authorization: Bearer KEY"}, 401)
    if fault := _fault_of_size(request):
        return fault
    kept, refused = keep_posted(device=device, payload=request.body, at=now())
    told = {
        "received": kept.received,
        "stored": kept.stored,
        "refused": [str(each.reason) % each.values for each in refused],
    }
    return _json(told, 422 if refused else 200)


def _fault_of_size(request: HttpRequest) -> HttpResponse | None:
    """Refuse a body that would not be read, before it is read."""
    if request.headers.get("Transfer-Encoding"):
        return _json({"message": "Send Content-Length; a body in chunks is not read"}, 411)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _json({"message": f"{MOST_BYTES} bytes are the most at once"}, 413)
    return None


def _json(content: object, status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), content_type="application/json", status=status)
