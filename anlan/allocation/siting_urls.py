"""Addresses of siting studies."""

from django.urls import path

from anlan.allocation.views import siting

urlpatterns = [
    path("", siting.sitings, name="sitings"),
    path("new/<str:code>/", siting.siting_new, name="siting-new"),
    path("points/<int:point_id>/open/", siting.siting_open, name="siting-open"),
    path("<int:siting_id>/", siting.siting, name="siting"),
    path("<int:siting_id>/edit/", siting.siting_edit, name="siting-edit"),
    path("<int:siting_id>/points/", siting.siting_points, name="siting-points"),
    path("<int:siting_id>/villages/", siting.siting_villages, name="siting-villages"),
    path("<int:siting_id>/compare/", siting.siting_compare, name="siting-compare"),
    path("<int:siting_id>/<slug:layer>.geojson", siting.siting_data, name="siting-data"),
    path("<int:siting_id>/solve/", siting.siting_solve, name="siting-solve"),
    path("<int:siting_id>/copy/", siting.siting_copy, name="siting-copy"),
    path("<int:siting_id>/discard/", siting.siting_discard, name="siting-discard"),
    path("<int:siting_id>/adopt/", siting.siting_adopt, name="siting-adopt"),
    path("<int:siting_id>/withdraw/", siting.siting_withdraw, name="siting-withdraw"),
]
