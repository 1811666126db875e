"""Addresses of the allocation."""

from django.urls import include, path

from anlan.allocation.views import measures, rules

RULES = "allocation/rules/versions/<int:version_id>/"

urlpatterns = [
    path("", include("anlan.allocation.plan_urls")),
    path("allocation/siting/", include("anlan.allocation.siting_urls")),
    path("allocation/pairing/", include("anlan.allocation.pairing_urls")),
    path("allocation/classes/", rules.unit_classes, name="unit-classes"),
    path("allocation/classes/units/<int:row_id>/", rules.unit_class, name="unit-class"),
    path("allocation/classes/<str:code>/<str:level>.geojson", rules.unit_classes_data, name="unit-classes-data"),
    path("allocation/classes/<str:code>/classify/", rules.classify, name="classify"),
    path("allocation/rules/<str:code>/take-over/", rules.take_over, name="rules-take-over"),
    path("allocation/rules/<slug:kind>/", rules.in_force, name="rules-in-force"),
    path("allocation/measures/", rules.in_force, {"kind": "measures"}, name="measures"),
    path("allocation/strategy/", rules.in_force, {"kind": "strategy"}, name="strategy"),
    path("allocation/rules/<str:code>/<slug:kind>/draft/", rules.start_draft, name="rules-draft"),
    path(RULES, rules.version, name="rule-version"),
    path(f"{RULES}edit/<str:part>/", rules.edit, name="rule-edit"),
    path(f"{RULES}rows/<int:number>/<slug:way>/", rules.arrange_row, name="rule-row"),
    path(f"{RULES}publish/", rules.publish, name="rule-publish"),
    path(f"{RULES}discard/", rules.discard, name="rule-discard"),
    path(f"{RULES}measures/<str:code>/", measures.measure, name="measure"),
    path(f"{RULES}measures/<str:code>/remove/", measures.remove, name="measure-remove"),
    path(f"{RULES}file.xlsx", measures.file, name="measures-file"),
    path(f"{RULES}bring-in/", measures.bring_in, name="measures-bring-in"),
]
