"""The OpenRosa 1.0 door of phones: form list, forms, submissions. Each request brings its own credentials."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.sax.saxutils import escape

from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from anlan.accounts import access as accounts_access
from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import phones
from anlan.assessment.documents.phone_read import MOST_XML, read_instance
from anlan.assessment.queries.phones import forms_offered
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person, Request
from anlan.web.templatetags.shown import refusal_text

MOST_BYTES = 10 * 1024 * 1024
XML = "text/xml; charset=utf-8"
View = Callable[..., HttpResponse]


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name.strip().lower(), secret


def _person(request: Request) -> Person | None:
    """Return whom the log-in name with an API token or the own password belongs to.

    Passwords go through the same lock as the log-in page: five failures lock name and address together.
    """
    name, secret = _credentials(request)
    if not name or not secret:
        return None
    found: Any = accounts_access.person_with_token(secret, at=now())
    if found is not None:
        return found if found.username == name else None
    return authenticate(request, username=name, password=secret)


def openrosa(view: View) -> View:
    """Let a phone in by its own credentials, and answer as the protocol wants it."""

    @csrf_exempt  # no cookie is looked at: the credentials come with the request
    @wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        person = _person(request)
        if person is None:
            response = HttpResponse(_message(_("Log in with your log-in name and a token")), XML, status=401)
            response["WWW-Authenticate"] = 'Basic realm="Anlan", charset="UTF-8"'
        else:
            request.user = person
            try:
                response = view(request, *args, **kwargs)
            except Refusal as refused:
                response = HttpResponse(_message(refusal_text(refused)), XML, status=403)
        response["X-OpenRosa-Version"] = "1.0"
        response["X-OpenRosa-Accept-Content-Length"] = str(MOST_BYTES)
        response["Date"] = http_date(now().timestamp())
        return response

    return answer


def _message(text: str) -> str:
    return f'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message>{escape(text)}</message></OpenRosaResponse>'


@openrosa
@require_safe
def form_list(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.fill")
    entries = []
    for form in forms_offered(row, accounts.scope_of(request.user, "survey.fill")):
        url = request.build_absolute_uri(reverse("openrosa-form", args=[row.pk, form.form_id]))
        digest = hashlib.md5(form.xform.encode(), usedforsecurity=False).hexdigest()
        entries.append(
            f"<xform><formID>{escape(form.form_id)}</formID><name>{escape(form.title)}</name>"
            f"<version>{escape(form.version)}</version><hash>md5:{digest}</hash>"
            f"<downloadUrl>{escape(url)}</downloadUrl></xform>"
        )
    listed = f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{"".join(entries)}</xforms>'
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>{listed}', content_type=XML)


@openrosa
@require_safe
def form_xml(request: Request, round_id: int, form_id: str) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.fill")
    form = access.one_of(forms_offered(row, accounts.scope_of(request.user, "survey.fill")), form_id)
    return HttpResponse(form.xform, content_type=XML)


@openrosa
@require_http_methods(["HEAD", "POST"])
def submission(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.fill")
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = request.build_absolute_uri(request.path)
        return response
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(_message(_("The form with its pictures is too large")), XML, status=413)
    sent = request.FILES.get("xml_submission_file")
    if sent is None:
        return HttpResponse(_message(_("There is no xml_submission_file in what was sent")), XML, status=400)
    instance = read_instance(sent.read(MOST_XML + 1))
    files = {name: file for name, file in request.FILES.dict().items() if name != "xml_submission_file"}
    kept = phones.receive_instance(actor=request.user, row=row, instance=instance, files=files, at=now())  # type: ignore[arg-type]
    text = _("%(count)d answers received.") % {"count": kept.answers_saved}
    return HttpResponse(_message(text), XML, status=201)
