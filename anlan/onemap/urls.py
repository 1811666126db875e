"""Addresses of the one map; its layers and tiles stand with places."""

from django.urls import path

from anlan.onemap.views import grounds, pictures

urlpatterns = [
    path("map/", pictures.one_map, name="onemap"),
    path("map/config.json", pictures.config, name="onemap-config"),
    path("map/base.pmtiles", grounds.ground, name="onemap-ground"),
]
