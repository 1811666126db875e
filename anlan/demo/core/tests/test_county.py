"""The county looks like a county, and is the same each time."""

from functools import cache

import numpy as np
import pytest
import shapely

from anlan.demo.core.county import make_county
from anlan.demo.core.values import County
from anlan.kernel.codes import Level, ancestor_at, level_of


@cache
def the_county() -> County:
    return make_county()


def shapes_of(level: Level) -> list[shapely.MultiPolygon]:
    return [division.boundary for division in the_county().at_level(level)]


def test_the_same_seed_makes_the_same_county():
    again = make_county()

    assert again.divisions == the_county().divisions
    assert [road.line.wkb for road in again.roads] == [road.line.wkb for road in the_county().roads]


def test_another_seed_makes_another_county():
    assert make_county(seed=4).divisions != the_county().divisions


def test_it_has_twelve_townships_and_many_villages():
    assert len(the_county().at_level(Level.TOWNSHIP)) == 12
    assert len(the_county().at_level(Level.VILLAGE)) >= 96


def test_codes_are_invented_unique_and_of_their_level():
    codes = [division.code for division in the_county().divisions]

    assert len(set(codes)) == len(codes)
    assert all(code.startswith("999901") for code in codes)
    assert all(level_of(division.code) is division.level for division in the_county().divisions)


def test_no_two_villages_share_a_name():
    names = [village.name for village in the_county().at_level(Level.VILLAGE)]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("level", [Level.TOWNSHIP, Level.VILLAGE])
def test_divisions_tile_the_county_without_gap_or_overlap(level):
    (outline,) = shapes_of(Level.COUNTY)

    assert all(shape.is_valid for shape in shapes_of(level))
    assert shapely.coverage_is_valid(shapes_of(level))
    assert shapely.union_all(shapes_of(level)).symmetric_difference(outline).area < outline.area * 1e-9


def test_a_township_holds_what_its_villages_hold():
    for town in the_county().at_level(Level.TOWNSHIP):
        villages = [v for v in the_county().at_level(Level.VILLAGE) if ancestor_at(v.code, Level.TOWNSHIP) == town.code]

        assert town.population == sum(village.population for village in villages)
        assert town.households == sum(village.households for village in villages)


def test_rivers_run_downhill():
    for river in the_county().rivers:
        for line in river.lines.geoms:
            heights = shapely.get_coordinates(line, include_z=True)[:, 2]

            assert heights[0] >= heights[-1]


def test_roads_reach_every_village():
    joined = {code for road in the_county().roads for code in road.joins}

    assert joined >= {village.code for village in the_county().at_level(Level.VILLAGE)}


def test_far_villages_are_poorer():
    villages = the_county().at_level(Level.VILLAGE)

    minutes, wealth = [village.minutes for village in villages], [village.wealth for village in villages]

    assert np.corrcoef(minutes, wealth)[0, 1] < -0.5
