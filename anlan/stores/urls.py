"""Addresses of reserve points and shelters."""

from django.urls import path

from anlan.stores import views

SITE = "stores/sites/<int:site_id>/"

urlpatterns = [
    path("stores/sites/", views.site_list, name="sites"),
    path("stores/sites/new/", views.add, name="site-new"),
    path("stores/sites.xlsx", views.workbook, name="sites-workbook"),
    path("stores/sites/file/", views.bring_in, name="sites-file"),
    path(SITE, views.site, name="site"),
    path(f"{SITE}edit/", views.edit, name="site-edit"),
    path(f"{SITE}close/", views.close, name="site-close"),
    path(f"{SITE}open/", views.reopen, name="site-open"),
    path(f"{SITE}strike/", views.strike, name="site-strike"),
    path(f"{SITE}phone/", views.phone, name="site-phone"),
]
