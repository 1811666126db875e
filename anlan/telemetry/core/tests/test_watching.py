from dataclasses import replace
from functools import partial
from itertools import pairwise
from json import dumps, loads
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour, Kind, Rule, Season, Side
from anlan.telemetry.core.watch import NEWS_NAMES, News, Reading, Sensor, Target, Watch
from anlan.telemetry.core.watch_content import watch_content, watch_from_content
from anlan.telemetry.core.watching import Alarm, alarms_of, ended, rehearse, standing, take, tick

MINUTE = 60.0
MISSING = float("nan")
RAIN = Rule(
    key="rain",
    name_zh="雨量",
    name_en="Rain",
    kind=Kind.HAZARD,
    quantity=Quantity.RAIN_1H,
    limits={Colour.BLUE: 35.0, Colour.YELLOW: 45.0, Colour.RED: 80.0},
    rest_s=10 * MINUTE,
)
SILENT = replace(RAIN, key="silent", quantity=Quantity.SILENCE, limits={Colour.YELLOW: 2.0, Colour.ORANGE: 12.0})


def at(rule, count=1):
    return Target(rule, tuple(Sensor(name, f"S-{name}", 5 * MINUTE) for name in "abc"[:count]))


def readings(*values, start=0, every=5 * MINUTE):
    return [Reading(start + place * every, value) for place, value in enumerate(values)]


def no_history(_key, _after):
    raise AssertionError("nothing is late")


def told(rule, *values):
    """Return what one sensor's readings every five minutes tell: minute, news and colour."""
    events = take(at(rule), Watch(), {"a": readings(*values)}, no_history).added
    return [(event.at / MINUTE, event.news, event.colour) for event in events]


def test_at_its_limit_an_alarm_is_raised():
    assert told(RAIN, 34.9, 35) == [(5, News.RAISED, Colour.BLUE)]


def test_a_jump_over_several_limits_is_one_alarm():
    assert told(RAIN, 0, 90) == [(5, News.RAISED, Colour.RED)]


def test_an_alarm_rises_and_falls_by_its_colours():
    assert told(RAIN, 40, 50, 85, 50, 50, 50, 20, 20, 20) == [
        (0, News.RAISED, Colour.BLUE),
        (5, News.ROSE, Colour.YELLOW),
        (10, News.ROSE, Colour.RED),
        (25, News.FELL, Colour.YELLOW),
        (40, News.CLEARED, Colour.YELLOW),
    ]


def test_within_the_margin_an_alarm_stands():
    assert told(RAIN, 36, 33, 32, 31.6, 36, 33) == [(0, News.RAISED, Colour.BLUE)]


def test_who_comes_back_before_the_rest_is_over_is_the_same_alarm():
    assert told(RAIN, 36, 20, 20, 36, 20, 20, 20) == [(0, News.RAISED, Colour.BLUE), (30, News.CLEARED, Colour.BLUE)]


def test_a_limit_must_be_passed_for_long_enough():
    lasting = replace(RAIN, lasts_s=10 * MINUTE)

    assert told(lasting, 40, 40, 20, 40, 40) == []
    assert told(lasting, 40, 40, 40) == [(10, News.RAISED, Colour.BLUE)]


def test_a_hole_breaks_what_must_last():
    lasting = replace(RAIN, lasts_s=10 * MINUTE)

    assert told(lasting, 40, MISSING, MISSING, MISSING, 40) == []


def test_a_limit_must_be_passed_often_enough():
    repeated = replace(RAIN, times=3, within_s=30 * MINUTE)

    assert told(repeated, 40, 0, 40, 0, 40) == [(20, News.RAISED, Colour.BLUE)]
    assert told(repeated, 40, 0, 0, 40, 0, 0, 40) == []


def test_under_a_limit_and_back():
    battery = replace(RAIN, side=Side.UNDER, limits={Colour.YELLOW: 11.0}, margin_share=0.0, margin=0.3, rest_s=0.0)

    assert told(battery, 12, 11, 11.2, 11.4) == [(5, News.RAISED, Colour.YELLOW), (15, News.CLEARED, Colour.YELLOW)]


def test_missing_is_neither_calm_nor_alarm():
    assert told(RAIN, 40, MISSING, MISSING, MISSING, MISSING) == [(0, News.RAISED, Colour.BLUE)]
    assert told(RAIN, MISSING, MISSING) == []


def test_what_may_be_more_raises_and_does_not_clear():
    some = [Reading(0, 36, keeps=inf), *(Reading(place * 5 * MINUTE, 0, keeps=inf) for place in range(1, 9))]

    taken = take(at(RAIN), Watch(), {"a": some}, no_history)

    assert [event.news for event in taken.added] == [News.RAISED]
    assert standing(at(RAIN), taken.watch).colour is Colour.BLUE


def test_what_may_be_less_raises_and_does_not_clear():
    battery = at(replace(RAIN, side=Side.UNDER, limits={Colour.YELLOW: 11.0}))
    some = [Reading(0, 10, keeps=inf), *(Reading(place * 5 * MINUTE, 13, keeps=inf) for place in range(1, 9))]

    assert standing(battery, take(battery, Watch(), {"a": some}, no_history).watch) is not None


def test_a_season_that_ends_takes_its_limit_along():
    flood = replace(RAIN, limits={}, seasons=(Season("01-01", "01-01", {Colour.BLUE: 35.0}),))
    day = 86400.0  # 08:00 on 2 January 1970 in Beijing

    events = take(at(flood), Watch(), {"a": [Reading(0, 40), Reading(day, 40)]}, no_history).added

    assert [event.news for event in events] == [News.RAISED, News.CLEARED]


def test_a_rule_that_is_switched_off_lets_go_at_the_next_reading():
    fired = take(at(RAIN), Watch(), {"a": readings(90)}, no_history)

    after_it = take(at(replace(RAIN, is_on=False)), fired.watch, {"a": readings(90, start=300)}, no_history)

    assert [event.news for event in after_it.added] == [News.CLEARED]


def test_a_rule_that_ends_while_it_fires_closes_its_alarm():
    calm = take(at(RAIN), Watch(), {"a": readings(0)}, no_history)
    fired = take(at(RAIN), calm.watch, {"a": readings(50, 90, start=300)}, no_history)

    closed = ended(at(RAIN), fired.watch, 900.0)

    assert ended(at(RAIN), calm.watch, 900.0) is None
    assert alarms_of((*fired.added, closed)) == [Alarm(300.0, Colour.RED, Colour.RED, 900.0)]


def test_two_of_three_must_agree_for_red():
    target = at(replace(RAIN, least_sensors={Colour.RED: 2}), count=3)
    one = take(target, Watch(), {"a": readings(90), "b": readings(0), "c": readings(50)}, no_history)
    two = take(target, one.watch, {"b": readings(85, start=MINUTE)}, no_history)

    assert [(event.news, event.colour) for event in one.added] == [(News.RAISED, Colour.YELLOW)]
    assert [(event.news, event.colour, event.sensor) for event in two.added] == [(News.ROSE, Colour.RED, "b")]


def test_a_graver_colour_counts_for_the_lesser():
    own = {"S-a": {Colour.YELLOW: 10.0}, "S-b": {Colour.RED: 20.0}}
    target = at(replace(RAIN, limits={}, station_limits=own, least_sensors=dict.fromkeys(Colour, 2)), count=2)

    [event] = take(target, Watch(), {"a": readings(15), "b": readings(25)}, no_history).added

    assert (event.news, event.colour) == (News.RAISED, Colour.YELLOW)


def test_one_sensor_alone_speaks_for_its_place():
    target = at(replace(RAIN, least_sensors={Colour.RED: 2}))

    assert take(target, Watch(), {"a": readings(90)}, no_history).added[0].colour is Colour.RED


def test_a_device_is_silent_after_its_intervals():
    spoke = take(at(SILENT), Watch(), {"a": readings(0, 0)}, no_history)
    early = tick(at(SILENT), spoke.watch, 14 * MINUTE)
    late = tick(at(SILENT), early.watch, 16 * MINUTE)
    worse = tick(at(SILENT), late.watch, 70 * MINUTE)
    back = take(at(SILENT), worse.watch, {"a": readings(0, start=80 * MINUTE)}, no_history)

    assert early.added == ()
    assert [(event.at / MINUTE, event.colour) for event in late.added] == [(15, Colour.YELLOW)]
    assert [(event.at / MINUTE, event.news) for event in worse.added] == [(65, News.ROSE)]
    assert [(event.at / MINUTE, event.news) for event in back.added] == [(80, News.CLEARED)]


def test_a_silence_that_was_only_a_slow_way_is_withdrawn():
    spoke = take(at(SILENT), Watch(), {"a": readings(0)}, no_history)
    silent = tick(at(SILENT), spoke.watch, 12 * MINUTE)

    after = take(at(SILENT), silent.watch, {"a": readings(0, start=5 * MINUTE)}, no_history)

    assert [event.news for event in silent.added] == [News.RAISED]
    assert (after.added, after.withdrawn) == ((), silent.added)


def test_the_clock_tells_nothing_but_silence():
    watch = take(at(RAIN), Watch(), {"a": readings(40)}, no_history).watch

    assert tick(at(RAIN), watch, 1e6).watch is watch


def test_silence_is_rehearsed_up_to_a_moment():
    found = rehearse(at(SILENT), {"a": readings(0, 0)}, until=30 * MINUTE)

    assert found == [Alarm(15 * MINUTE, Colour.YELLOW, Colour.YELLOW, None)]


def test_a_late_reading_adds_the_alarm_it_would_have_raised():
    first = take(at(RAIN), Watch(), {"a": [Reading(0, 0), Reading(600, 0)]}, no_history)

    taken = take(at(RAIN), first.watch, {"a": [Reading(300, 50)]}, lambda _key, _after: [Reading(600, 0)])

    assert [(event.at, event.news) for event in taken.added] == [(300, News.RAISED)]
    assert taken.withdrawn == ()


def test_a_correction_withdraws_the_alarm_that_was_none():
    first = take(at(RAIN), Watch(), {"a": [Reading(0, 0), Reading(300, 500)]}, no_history)

    taken = take(at(RAIN), first.watch, {"a": [Reading(300, 5)]}, lambda _key, _after: [])

    assert (taken.added, taken.withdrawn) == ((), first.added)
    assert standing(at(RAIN), taken.watch) is None


def test_the_first_reading_of_all_may_be_corrected():
    first = take(at(RAIN), Watch(), {"a": [Reading(0, 500)]}, no_history)

    taken = take(at(RAIN), first.watch, {"a": [Reading(0, 5)]}, lambda _key, _after: [])

    assert (taken.added, taken.withdrawn) == ((), first.added)


def test_a_reading_later_than_is_remembered_computes_all_anew():
    old = [Reading(0, 0), Reading(300, 0), Reading(86400, 0)]
    first = take(at(RAIN), Watch(), {"a": old}, no_history)

    taken = take(
        at(RAIN), first.watch, {"a": [Reading(600, 50)]}, lambda _key, after: [r for r in old if r.time > after]
    )

    assert taken.is_anew
    assert [(event.at, event.news) for event in taken.added] == [(600, News.RAISED)]


def test_what_is_remembered_does_not_grow():
    watch = Watch()
    for place in range(3000):
        watch = take(at(RAIN), watch, {"a": [Reading(place * 300.0, 90.0 * (place // 5 % 2))]}, no_history).watch

    assert len(watch.tracks["a"].changes) < 60
    assert len(watch.tracks["a"].marks) <= 8


def test_how_often_a_rule_would_have_fired():
    found = rehearse(at(RAIN), {"a": readings(0, 40, 0, 0, 0, 0, 85, 50, 0, 0, 0, 40)})

    assert [(alarm.raised_at / MINUTE, alarm.highest, alarm.cleared_at) for alarm in found] == [
        (5, Colour.BLUE, 20 * MINUTE),
        (30, Colour.RED, 50 * MINUTE),
        (55, Colour.BLUE, None),
    ]


def test_every_news_has_a_name():
    assert set(NEWS_NAMES) == set(News)


def test_nothing_came():
    taken = take(at(RAIN), Watch(), {"a": []}, no_history)

    assert (taken.watch.tracks, taken.added) == ({}, ())


RULES = [
    RAIN,
    replace(RAIN, lasts_s=10 * MINUTE, least_sensors={Colour.RED: 2}),
    replace(RAIN, times=2, within_s=20 * MINUTE, rest_s=0.0),
    replace(RAIN, side=Side.UNDER, limits={Colour.YELLOW: 45.0, Colour.RED: 20.0}),
    SILENT,
]
values = st.one_of(st.just(MISSING), st.sampled_from([0.0, 20.0, 32.0, 36.0, 44.0, 50.0, 75.0, 90.0]))
arrivals = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60), values), min_size=1, max_size=40)


def after(store, key, time):
    """The history of a store, as the database would give it."""
    return [Reading(moment, value) for (name, moment), value in store.items() if name == key and moment > time]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("remembers_s", [5 * MINUTE, 40 * MINUTE, inf])
@settings(deadline=None, max_examples=40)
@given(arrivals=arrivals, cuts=st.sets(st.integers(1, 39), max_size=12))
def test_alarms_are_the_same_one_by_one_in_batches_in_order_or_late(rule, remembers_s, arrivals, cuts):
    target = at(rule, count=3)
    watch, store, events, now = Watch(remembers_s=remembers_s), {}, set(), 0.0
    edges = [0, *sorted(cut for cut in cuts if cut < len(arrivals)), len(arrivals)]
    for first, last in pairwise(edges):
        batch = {}
        for key, minute, value in arrivals[first:last]:
            store[key, minute * MINUTE] = value
            batch.setdefault(key, []).append(Reading(minute * MINUTE, value))
            now = max(now, minute * MINUTE)
        for taken in (take(target, watch, batch, partial(after, dict(store))), None):
            taken = taken or tick(target, watch, now)
            assert events >= set(taken.withdrawn)
            assert taken.is_anew or not events & set(taken.added)
            events = (set() if taken.is_anew else events - set(taken.withdrawn)) | set(taken.added)
            watch = watch_from_content(loads(dumps(watch_content(taken.watch))))  # another process goes on

    at_once = rehearse(target, {key: after(store, key, -inf) for key in "abc"}, until=now)

    assert alarms_of(events) == at_once
