"""What was found: ranking, map, one unit, needs, quality, documents, methods."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import results as actions
from anlan.assessment.queries import pictures, results
from anlan.assessment.tables import NEEDS_TABLE, RANKING_TABLE
from anlan.web.http import Request, page


@require_GET
@login_required
def latest(request: Request) -> HttpResponse:
    found = results.latest_assessment(accounts.scope_of(request.user, "assessment.read"))
    if found is None:
        return page(request, "assessment/none_yet.html", {})
    return redirect("ranking", found.pk)


@require_GET
@login_required
def ranking(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    rows = pictures.with_change(results.scores_of(assessment, scope), assessment)
    return RANKING_TABLE.respond(request, "assessment/ranking.html", rows, {"assessment": assessment})


@require_GET
@login_required
def score_map(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    context = {"assessment": assessment, "map": pictures.score_map(assessment, request.GET)}
    return page(request, "assessment/map.html", context)


@require_GET
@login_required
def map_data(request: Request, assessment_id: int, level: str) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    return JsonResponse(pictures.map_features(assessment, scope, level))


@require_GET
@login_required
def unit(request: Request, assessment_id: int, code: str) -> HttpResponse:
    score = access.unit_score_for(request.user, assessment_id, code)
    return page(request, "assessment/unit.html", pictures.unit_page(score))


@require_GET
@login_required
def needs(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    context = {"assessment": assessment, "totals": results.need_totals(assessment, scope)}
    return NEEDS_TABLE.respond(request, "assessment/needs.html", results.needs_of(assessment, scope), context)


@require_GET
@login_required
def quality(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    found = results.quality_of(assessment, accounts.scope_of(request.user, "assessment.read"))
    return page(request, "assessment/quality.html", {"assessment": assessment, "quality": found})


@require_GET
@login_required
def reports(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    context = {
        "assessment": assessment,
        "reports": results.reports_of(assessment, accounts.scope_of(request.user, "assessment.read")),
        "may_publish": request.user.can("assessment.publish", assessment.round.county_code),
    }
    return page(request, "assessment/reports.html", context)


@require_POST
@login_required
def publish(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id, "assessment.publish")
    job = actions.request_publication(actor=request.user, assessment_id=assessment.pk, at=now())
    return redirect("job", job.pk)


@require_GET
@login_required
def download(request: Request, report_id: int) -> FileResponse:
    report = access.report_for(request.user, report_id)
    return FileResponse(pictures.open_report(report), as_attachment=True, filename=report.name)


@require_GET
@login_required
def methods(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    return page(request, "assessment/methods.html", {"assessment": assessment, "system": pictures.system_shown(assessment)})
