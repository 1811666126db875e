"""Addresses of the money."""

from django.urls import path

from anlan.funds import views

urlpatterns = [
    path("funds/", views.source_list, name="sources"),
    path("funds/new/", views.add, name="source-new"),
    path("funds/sources.xlsx", views.workbook, name="sources-workbook"),
    path("funds/file/", views.bring_in, name="sources-file"),
    path("funds/<int:source_id>/", views.source, name="source"),
    path("funds/<int:source_id>/edit/", views.edit, name="source-edit"),
    path("funds/<int:source_id>/purposes/new/", views.bind, name="source-bind"),
    path("funds/<int:source_id>/purposes/<int:earmark_id>/remove/", views.unbind, name="source-unbind"),
    path("funds/<int:source_id>/withdraw/", views.withdraw, name="source-withdraw"),
]
