from dataclasses import replace
from datetime import UTC, datetime

import pytest

from anlan.kernel.canonical import sha256_of
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rule_content import BadRules, book_content, book_from_content, default_rules
from anlan.telemetry.core.rules import COLOUR_NAMES, KIND_NAMES, SIDE_NAMES, Colour, Kind, Rule, RuleBook, Season, Side
from anlan.telemetry.core.tangent_angle import Stage

LEVEL = Rule(
    key="level",
    name_zh="水位",
    name_en="Level",
    kind=Kind.HAZARD,
    quantity=Quantity.READING,
    limits={Colour.YELLOW: 10.0, Colour.ORANGE: 12.0},
    seasons=(Season("05-01", "09-30", {Colour.YELLOW: 9.0}), Season("11-15", "02-15", {Colour.YELLOW: 11.0})),
    station_limits={"S1": {Colour.ORANGE: 12.5}},
)


def at(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("station", "day", "yellow", "orange"),
    [
        ("S2", at(2026, 4, 1), 10, 12),
        ("S2", at(2026, 7, 1), 9, 12),
        ("S1", at(2026, 7, 1), 9, 12.5),
        ("S2", at(2026, 12, 31), 11, 12),
        ("S2", at(2026, 1, 1), 11, 12),
        ("S2", at(2026, 4, 30, 17), 9, 12),  # 01:00 on 1 May in Beijing
    ],
)
def test_a_station_s_limit_goes_before_the_season_s_and_that_before_the_rule_s(station, day, yellow, orange):
    assert LEVEL.limits_at(station, day) == {Colour.YELLOW: yellow, Colour.ORANGE: orange}


def test_where_an_alarm_rests():
    assert LEVEL.rests_at(10.0) == pytest.approx(9.0)
    assert replace(LEVEL, side=Side.UNDER).rests_at(10.0) == pytest.approx(11.0)
    assert replace(LEVEL, margin_share=0.0, margin=0.1).rests_at(62.5) == pytest.approx(62.4)


def test_colours_are_the_stages_of_a_slope():
    assert {Colour[stage.name] == stage for stage in Stage if stage} == {True}


def test_everything_chosen_has_a_name():
    assert (set(COLOUR_NAMES), set(KIND_NAMES), set(SIDE_NAMES)) == (set(Colour), set(Kind), set(Side))


def test_a_book_comes_back_from_its_content():
    book = RuleBook((replace(LEVEL, key="own"), *default_rules().rules))

    again = book_from_content(book_content(book))

    assert again == book
    assert sha256_of(book_content(again)) == sha256_of(book_content(book))


def test_the_default_rules_hold_every_way_of_asking():
    book = default_rules()

    assert book.of("rain-24h").limits[Colour.RED] == 200
    assert book.of("slope-stage").least_sensors == {Colour.RED: 2}
    assert book.of("battery").side is Side.UNDER
    assert book.of("none") is None
    assert {rule.quantity for rule in book.rules} >= {Quantity.SILENCE, Quantity.TANGENT_STAGE, Quantity.RISE_RATE}
    assert all(rule.name_zh and rule.name_en for rule in book.rules)


def content(**changes):
    return {
        "key": "a", "name_zh": "甲", "name_en": "A", "kind": "hazard", "quantity": "reading", "limits": {}, **changes
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name_en": ""}, "has no name_en"),
        ({"colour": "red"}, "has the field colour"),
        ({"name_en": 3}, "expected text"),
        ({"kind": "joke"}, "expected one of hazard, device"),
        ({"limits": {"green": 1}}, "expected numbers by blue"),
        ({"limits": {"red": "high"}}, "limits red is high, expected a number"),
        ({"limits": {"red": float("nan")}}, "expected a number"),
        ({"limits": {"red": True}}, "expected a number"),
        ({"limits": {"yellow": 5, "red": 4}}, "a graver colour has the nearer limit"),
        ({"side": "under", "limits": {"yellow": 4, "red": 5}}, "a graver colour has the nearer limit"),
        ({"station_limits": {"S": {"yellow": 5, "red": 4}}}, "a graver colour"),
        ({"station_limits": []}, "mapping by station code"),
        ({"seasons": [{"starts_on": "05-01"}]}, "a season has"),
        ({"seasons": [{"starts_on": "05-01", "ends_on": "13-01", "limits": {}}]}, "13-01 is no day"),
        ({"lasts_s": -1}, "expected 0 or more"),
        ({"times": 0}, "expected a whole number"),
        ({"times": 1.5}, "expected a whole number"),
        ({"times": 2}, "does not say within what time"),
        ({"is_on": "yes"}, "expected yes or no"),
        ({"least_sensors": {"red": 0}}, "expected a whole number"),
    ],
)
def test_what_is_no_rule_is_refused(changes, words):
    with pytest.raises(BadRules, match=words):
        book_from_content({"rules": [content(**changes)]})


@pytest.mark.parametrize(
    ("found", "words"),
    [({}, "list of rules"), ([], "list of rules"), ({"rules": ["a"]}, "mapping of fields")],
)
def test_what_is_no_book_is_refused(found, words):
    with pytest.raises(BadRules, match=words):
        book_from_content(found)


def test_a_key_stands_once():
    with pytest.raises(BadRules, match="stands twice"):
        book_from_content({"rules": [content(), content()]})
