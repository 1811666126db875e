import json

import pytest

from anlan.places.core.geojson import BadGeoJson, areas_in, lines_in

SQUARE = {"type": "Polygon", "coordinates": [[[109, 28], [110, 28], [110, 29], [109, 29], [109, 28]]]}
LINE = {"type": "LineString", "coordinates": [[109, 28], [110, 29]]}
FIVE_DIGITS = "%(text)s has %(found)d digits; a division code has 12 (or 6 for a county, 9 for a township)"
NAMES = {"青岚县": ["999901000000"], "柳溪镇": ["999901101000"], "王村": ["999901101201", "999901102201"]}


def collection(*features: tuple[dict, dict], **extra) -> bytes:
    listed = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    return json.dumps({"type": "FeatureCollection", "features": listed, **extra}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"code": "999901101000"}, "999901101000"),
        ({"adcode": 999901}, "999901000000"),
        ({"name": "柳溪镇"}, "999901101000"),
        ({"XZQDM": "999901101", "XZQMC": "柳溪镇"}, "999901101000"),
    ],
)
def test_an_area_is_matched_by_code_or_name(properties, code):
    assert list(areas_in(collection((properties, SQUARE)), NAMES).areas) == [code]


@pytest.mark.parametrize(
    ("properties", "geometry", "reason"),
    [
        ({"code": "999903000000"}, SQUARE, "no such division is on record"),
        ({"name": "无名村"}, SQUARE, "no such division is on record"),
        ({"name": "王村"}, SQUARE, "several divisions bear this name; give the code"),
        ({"code": "99990"}, SQUARE, FIVE_DIGITS),
        ({"name": "青岚县"}, LINE, "The geometry is of the kind %(kind)s; wanted: %(kinds)s"),
        ({"name": "青岚县"}, None, "The geometry is of the kind %(kind)s; wanted: %(kinds)s"),
    ],
)  # fmt: skip
def test_a_feature_that_cannot_be_used_is_told(properties, geometry, reason):
    file = areas_in(collection((properties, geometry)), NAMES)

    assert [(problem.row, problem.message) for problem in file.problems] == [(1, reason)]
    assert file.areas == {}


def test_two_boundaries_for_one_division_are_told():
    file = areas_in(collection(({"name": "柳溪镇"}, SQUARE), ({"code": "999901101000"}, SQUARE)), NAMES)

    assert [problem.message for problem in file.problems] == ["has a boundary in the file already"]


def test_a_shift_is_taken_back_only_when_told():
    content = collection(({"name": "青岚县"}, SQUARE))

    as_given = areas_in(content, NAMES).areas["999901000000"]["coordinates"][0][0][0]
    taken_back = areas_in(content, NAMES, is_gcj02=True).areas["999901000000"]["coordinates"][0][0][0]

    assert tuple(as_given) == (109.0, 28.0)
    assert tuple(taken_back) != (109.0, 28.0)
    assert taken_back == pytest.approx((109.0, 28.0), abs=0.01)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is no GeoJSON"),
        (b"[]", "is no GeoJSON"),
        (b"\xff\xfe", "is no GeoJSON"),
        (b'{"type": "Topology"}', "is no GeoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "holds no features"),
        (
            collection(({}, SQUARE), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}),
            "is in urn:ogc:def:crs:EPSG::4527",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(content, reason):
    with pytest.raises(BadGeoJson, match=reason):
        areas_in(content, NAMES)


def test_cgcs_2000_is_taken_as_it_is():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}

    assert areas_in(collection(({"name": "青岚县"}, SQUARE), crs=crs), NAMES).problems == []


def test_pieces_of_a_river_are_put_together():
    river = {"name": "青岚江", "into": "沅水", "drained_km2": 812.5}

    [row] = lines_in(collection((river, LINE), ({"name": "青岚江"}, LINE)), "rivers").rivers

    assert (row.name, row.into, row.drained_km2, len(row.lines["coordinates"])) == ("青岚江", "沅水", 812.5, 2)


def test_roads_are_taken_from_our_words_or_from_openstreetmap():
    file = lines_in(collection(({"kind": "county", "code": "X901"}, LINE), ({"highway": "trunk"}, LINE)), "roads")

    assert [(road.code, road.kind) for road in file.roads] == [("X901", "county"), ("", "national")]


def test_lines_that_cannot_be_used_are_told():
    roads = lines_in(collection(({"kind": "path"}, LINE), ({"kind": "county"}, SQUARE)), "roads")
    rivers = lines_in(collection(({}, LINE)), "rivers")

    assert [problem.column for problem in roads.problems] == ["kind", "geometry"]
    assert [problem.column for problem in rivers.problems] == ["name"]
