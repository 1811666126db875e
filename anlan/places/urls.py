from django.urls import path, register_converter

from anlan.places.views import changes, divisions, hazards, imports, layers, roads


class CodeConverter:
    """Twelve digits."""

    regex = "[0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class WayConverter(CodeConverter):
    """One of the ways in which a division changes."""

    regex = "|".join(changes.WAYS)


register_converter(CodeConverter, "division_code")
register_converter(WayConverter, "way_of_change")

urlpatterns = [
    path("places/", divisions.division_list, name="divisions"),
    path("places/import/", imports.send, name="places-import"),
    path("places/import/<int:upload_id>/", imports.preview, name="places-import-preview"),
    path("places/import/<int:upload_id>/take/", imports.commit, name="places-import-commit"),
    path("places/import/<int:upload_id>/drop/", imports.discard, name="places-import-discard"),
    path("places/hazards/", hazards.zone_list, name="hazard-zones"),
    path("places/hazards/<int:zone_id>/", hazards.zone, name="hazard-zone"),
    path("places/hazards/<int:zone_id>/card/", hazards.card, name="hazard-zone-card"),
    path("places/hazards/<int:zone_id>/strike-off/", hazards.strike_off, name="hazard-zone-strike-off"),
    path("places/roads/", roads.own_roads, name="own-roads"),
    path("places/roads/<division_code:code>/", roads.county_roads, name="roads"),
    path("places/roads/<division_code:code>/file/", roads.send, name="roads-file"),
    path("places/roads/<division_code:code>/join/", roads.join, name="roads-join"),
    path("places/roads/<division_code:code>/speeds/", roads.speeds, name="roads-speeds"),
    path("places/roads/<division_code:code>/<slug:key>.geojson", layers.road_layer, name="roads-layer"),
    path("map/layers/<slug:key>.geojson", layers.whole_layer, name="onemap-layer"),
    path("map/tiles/<slug:key>/<int:z>/<int:x>/<int:y>.mvt", layers.tile, name="onemap-tile"),
    path("places/<division_code:code>/", divisions.division, name="division"),
    path("places/<division_code:code>/layers/<slug:key>.geojson", layers.layer, name="layer"),
    path("places/<division_code:code>/edit/", divisions.edit, name="division-edit"),
    path("places/<division_code:code>/<way_of_change:way>/", changes.change, name="division-change"),
]
