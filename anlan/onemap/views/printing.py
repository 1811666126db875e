"""The map on paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from anlan.onemap import access, queries
from anlan.onemap.documents.map_pdf import map_pdf
from anlan.onemap.forms import PrintForm
from anlan.web.exports import attachment
from anlan.web.http import Request


@require_POST
@login_required
def print_map(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    form = PrintForm(request.POST, request.FILES)
    form.require()
    page = queries.page_of(request.user, form.cleaned_data, form.keys, now())
    content = map_pdf(page, form.cleaned_data["picture"].read())
    return attachment(content, f"{page.title}.pdf", "application/pdf")
