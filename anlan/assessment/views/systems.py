"""Indicator systems: versions, the editor of a draft, differences, files."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from anlan.assessment.queries import systems
from anlan.web.http import Request, page


@require_GET
@login_required
def system_list(request: Request) -> HttpResponse:
    return page(request, "assessment/systems.html", {"systems": systems.systems()})


version = start_draft = edit = publish = discard = require_POST(login_required(system_list))
