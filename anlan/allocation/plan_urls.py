"""Addresses of plans."""

from django.urls import path

from anlan.allocation.views import plan_changes, plans, programme

PLAN = "allocation/plans/<int:plan_id>/"

urlpatterns = [
    path("allocation/", programme.own, name="programme-own"),
    path("allocation/programme/<str:code>/", programme.unit, name="programme"),
    path("allocation/plans/", plans.plan_list, name="plans"),
    path("allocation/plans/history/", plans.history, name="plan-history"),
    path("allocation/plans/new/<str:code>/", plans.new, name="plan-new"),
    path("allocation/plans/documents/<int:document_id>/", plan_changes.document, name="plan-document"),
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}lines/", plans.lines, name="plan-lines"),
    path(f"{PLAN}units/", plans.units, name="plan-units"),
    path(f"{PLAN}units/<str:code>/", plans.unit, name="plan-unit"),
    path(f"{PLAN}missed/", plans.misses, name="plan-misses"),
    path(f"{PLAN}map/<str:level>.geojson", plans.map_data, name="plan-map-data"),
    path(f"{PLAN}edit/", plan_changes.edit, name="plan-edit"),
    path(f"{PLAN}compute/", plan_changes.compute, name="plan-compute"),
    path(f"{PLAN}line/", plan_changes.set_line, name="plan-line"),
    path(f"{PLAN}what-if/", plan_changes.what_if, name="plan-what-if"),
    path(f"{PLAN}compare/", plan_changes.compare, name="plan-compare"),
    path(f"{PLAN}put-forward/", plan_changes.put_forward, name="plan-put-forward"),
    path(f"{PLAN}send-back/", plan_changes.send_back, name="plan-send-back"),
    path(f"{PLAN}approve/", plan_changes.approve, name="plan-approve"),
    path(f"{PLAN}discard/", plan_changes.discard, name="plan-discard"),
    path(f"{PLAN}draft.docx", plan_changes.draft_file, {"media": "docx"}, name="plan-docx"),
    path(f"{PLAN}draft.xlsx", plan_changes.draft_file, {"media": "xlsx"}, name="plan-xlsx"),
]
