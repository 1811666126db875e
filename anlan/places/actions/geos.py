"""Shapes as the database takes them."""

from typing import cast

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon
from shapely import Geometry

WGS_84 = 4326


def area_for_database(area: Geometry) -> MultiPolygon:
    return cast(MultiPolygon, GEOSGeometry(memoryview(area.wkb), srid=WGS_84))


def lines_for_database(lines: Geometry) -> MultiLineString:
    return cast(MultiLineString, GEOSGeometry(memoryview(lines.wkb), srid=WGS_84))
