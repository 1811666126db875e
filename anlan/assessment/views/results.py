"""What was found: ranking, map, one unit, needs, quality, documents, methods."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import publication
from anlan.assessment.queries import methods as worked
from anlan.assessment.queries import pictures, rankings, results, units
from anlan.assessment.queries import quality as judged
from anlan.assessment.tables import needs_table, ranking_table
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
    around = rankings.RankingPage(assessment, scope, request.GET)
    rows = rankings.ranked(assessment, scope, around.level)
    context = _shared(request, assessment) | {"around": around, "level": around.level}
    return ranking_table(around.level).respond(request, "assessment/ranking.html", rows, context)


def _shared(request: Request, assessment: Any) -> dict[str, Any]:
    """Return what every page of an assessment shows: its state, and whether the reader may publish it."""
    may_publish = request.user.can("assessment.publish", assessment.round.county_code)
    return {"assessment": assessment, "round": assessment.round, "may_publish": may_publish}


@require_GET
@login_required
def score_map(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    level, metric = request.GET.get("level", ""), request.GET.get("metric", "")
    context = pictures.map_page(assessment, scope, level=level, metric=metric)
    return page(request, "assessment/map.html", _shared(request, assessment) | context)


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
    return page(request, "assessment/unit.html", _shared(request, score.assessment) | units.unit_page(score))


@require_GET
@login_required
def needs(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    context = _shared(request, assessment) | results.needs_page(assessment, scope)
    table = needs_table(context["leaves"], context["township_choices"])
    return table.respond(request, "assessment/needs.html", results.needs_of(assessment, scope), context)


@require_GET
@login_required
def quality(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    found = judged.quality_of(assessment, accounts.scope_of(request.user, "assessment.read"))
    return page(request, "assessment/quality.html", _shared(request, assessment) | {"quality": found})


@require_GET
@login_required
def reports(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.assessment_for(request.user, assessment_id)
    scope = accounts.scope_of(request.user, "assessment.read")
    context = {"issues": results.issues_of(assessment, scope), "others": results.siblings_of(assessment)}
    return page(request, "assessment/reports.html", _shared(request, assessment) | context)


@require_POST
@login_required
def publish(request: Request, assessment_id: int) -> HttpResponse:
    assessment = access.whole_assessment_for(request.user, assessment_id, "assessment.publish")
    job = publication.request_publication(actor=request.user, assessment_id=assessment.pk, at=now())
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
    scope = accounts.scope_of(request.user, "assessment.read")
    context = worked.methods_page(assessment, scope)
    return page(request, "assessment/methods.html", _shared(request, assessment) | context)
