"""Addresses of the one map; its layers and tiles stand with places."""

from django.urls import path

from anlan.onemap.views import finding, grounds, live, pictures, plain, printing

urlpatterns = [
    path("map/", pictures.one_map, name="onemap"),
    path("map/config.json", pictures.config, name="onemap-config"),
    path("map/search", finding.search, name="onemap-search"),
    path("map/inside", finding.inside, name="onemap-inside"),
    path("map/inside.xlsx", finding.inside_book, name="onemap-inside-export"),
    path("map/past", live.past, name="onemap-past"),
    path("map/wall/", live.wall, name="wall"),
    path("map/wall/data", live.wall_data, name="wall-data"),
    path("map/print", printing.print_map, name="onemap-print"),
    path("map/plain/", plain.plain, name="onemap-plain"),
    path("map/plain.png", plain.picture, name="onemap-plain-picture"),
    path("map/base.pmtiles", grounds.ground, name="onemap-ground"),
]
