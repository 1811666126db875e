"""Who sees an alarm, who has acknowledged it, whom it calls, and the rules by which it came."""

from datetime import timedelta

import pytest

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice
from anlan.ground.models import AuditEntry
from anlan.ground.versions import Conflict
from anlan.telemetry.actions.alarms import acknowledge_alarm, call_a_person, task_key
from anlan.telemetry.actions.rule_books import (
    NoDraft,
    NoSuchRule,
    delete_rule,
    discard_draft,
    load_default_rules,
    publish_rules,
    save_rule,
    start_draft,
)
from anlan.telemetry.core.alarm_life import BadAlarmMove
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rule_content import BadRules
from anlan.telemetry.core.rules import Colour, Kind, Rule, Season
from anlan.telemetry.models import Alarm, Threshold
from anlan.telemetry.queries.alarms import alarms_within, news_of, standing_alarms
from anlan.telemetry.queries.books import NoRules, book_versions, draft_book, published_book, rules_of
from anlan.telemetry.queries.rehearsal import rehearse_on_history
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import NOW, T, book, run_until_judged, told
from anlan.web.models import LiveEvent
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db
PONDING = Rule("pond", "积水", "Ponding", Kind.HAZARD, Quantity.READING, {Colour.YELLOW: 0.3}, sensors="ponding")


def raised(*values: float) -> Alarm:
    """Raise an alarm of a level: over 102 m yellow, over 103 m orange, over 104 m red."""
    level = make.datastream(make.device("D1"), interval_s=300.0)
    for colour, limit in ((2, 102.0), (3, 103.0), (4, 104.0)):
        Threshold.objects.create(datastream=level, quantity="reading", colour=colour, value=limit)
    book()
    told("D1", "level", [(T - 300 * step, value) for step, value in enumerate(reversed(values))])
    run_until_judged()
    return Alarm.objects.filter(rule_key="level").latest("raised_at")


def test_who_acknowledges_is_noted_told_and_filed():
    alarm, person = raised(101.0, 103.2), alice()

    acknowledge_alarm(actor=person, alarm_id=alarm.pk, expected_version=alarm.version, at=NOW)

    found = Alarm.objects.get(pk=alarm.pk)
    assert (found.state, found.acknowledged_by_name, found.acknowledged_at) == ("acknowledged", "Alice", NOW)
    event = LiveEvent.objects.filter(kind="telemetry.alarm").order_by("id").last()
    assert (event.content["news"], event.content["state"]) == ("acknowledged", "acknowledged")
    assert event.content["version"] == found.version
    assert AuditEntry.objects.filter(verb="alarm acknowledged", object_id=str(alarm.pk)).exists()


def test_who_saw_it_before_it_went_up_has_not_seen_it():
    alarm, person = raised(101.0, 102.2), alice()
    seen = alarm.version
    told("D1", "level", [(T + 300, 104.2)])
    run_until_judged()

    with pytest.raises(Conflict):
        acknowledge_alarm(actor=person, alarm_id=alarm.pk, expected_version=seen, at=NOW)


def test_an_alarm_that_goes_up_asks_to_be_acknowledged_anew():
    alarm, person = raised(101.0, 102.2), alice()
    acknowledge_alarm(actor=person, alarm_id=alarm.pk, expected_version=alarm.version, at=NOW)

    told("D1", "level", [(T + 300, 104.2)])
    run_until_judged()

    assert Alarm.objects.get(pk=alarm.pk).state == "raised"


def test_an_alarm_that_is_over_is_not_acknowledged():
    alarm, person = raised(102.2, *[101.0] * 8), alice()
    assert alarm.state == "cleared"

    with pytest.raises(BadAlarmMove):
        acknowledge_alarm(actor=person, alarm_id=alarm.pk, expected_version=alarm.version, at=NOW)


def test_orange_calls_a_person_until_somebody_has_seen_it():
    alarm, person = raised(101.0, 103.2), alice()

    call_a_person(alarm_id=alarm.pk, at=NOW)
    call_a_person(alarm_id=alarm.pk, at=NOW)
    task = Task.objects.get(key=task_key(alarm))
    assert (task.state, task.division_code) == ("open", TOWNSHIP)
    acknowledge_alarm(actor=person, alarm_id=alarm.pk, expected_version=alarm.version, at=NOW)

    task.refresh_from_db()
    assert (task.state, task.done_by_name) == ("done", "Alice")


def test_yellow_calls_nobody():
    alarm = raised(101.0, 102.2)

    call_a_person(alarm_id=alarm.pk, at=NOW)

    assert not Task.objects.exists()


def test_what_is_over_calls_nobody_any_more():
    alarm = raised(101.0, 103.2)
    call_a_person(alarm_id=alarm.pk, at=NOW)
    told("D1", "level", [(T + 300 * step, 101.0) for step in range(1, 9)])
    run_until_judged()

    call_a_person(alarm_id=alarm.pk, at=NOW)

    assert Task.objects.get(key=task_key(alarm)).state == "done"


def test_alarms_are_asked_for_by_area_and_their_news_by_time():
    alarm = raised(101.0, 102.2, 103.2)

    assert list(alarms_within(["999901"]).filter(rule_key="level")) == [alarm]
    assert list(standing_alarms(["999901101"])) == list(standing_alarms(["999901"]))
    assert not alarms_within(["999902"]).exists()
    assert not alarms_within([]).exists()
    assert [each.news for each in news_of(alarm.pk)] == ["raised", "rose"]


def test_a_county_without_rules_gets_the_default_ones_once():
    assert load_default_rules(county_code=COUNTY, at=NOW) is not None
    assert load_default_rules(county_code=COUNTY, at=NOW) is None

    assert published_book(COUNTY).number == 1
    with pytest.raises(NoRules):
        published_book("999902000000")


def test_a_draft_becomes_the_next_version():
    person = alice()
    load_default_rules(county_code=COUNTY, at=NOW)

    draft = start_draft(actor=person, county_code=COUNTY, at=NOW)
    draft = save_rule(actor=person, county_code=COUNTY, rule=PONDING, expected_version=draft.version, at=NOW)
    draft = delete_rule(actor=person, county_code=COUNTY, rule_key="rain", expected_version=draft.version, at=NOW)
    publish_rules(actor=person, county_code=COUNTY, expected_version=draft.version, at=NOW)

    rules = rules_of(published_book(COUNTY))
    assert rules.of("pond") == PONDING
    assert rules.of("rain") is None
    assert [each.status for each in book_versions(COUNTY)] == ["published", "superseded"]
    assert draft_book(COUNTY) is None


def test_a_draft_refuses_what_it_cannot_take():
    person = alice()
    load_default_rules(county_code=COUNTY, at=NOW)
    with pytest.raises(NoDraft):
        save_rule(actor=person, county_code=COUNTY, rule=PONDING, expected_version=1, at=NOW)
    draft = start_draft(actor=person, county_code=COUNTY, at=NOW)

    with pytest.raises(Conflict):
        save_rule(actor=person, county_code=COUNTY, rule=PONDING, expected_version=9, at=NOW)
    with pytest.raises(NoSuchRule):
        delete_rule(actor=person, county_code=COUNTY, rule_key="pond", expected_version=draft.version, at=NOW)
    bad = Rule("x", "甲", "A", Kind.HAZARD, Quantity.READING, {}, seasons=(Season("13-45", "01-01", {}),))
    with pytest.raises(BadRules):
        save_rule(actor=person, county_code=COUNTY, rule=bad, expected_version=draft.version, at=NOW)
    discard_draft(actor=person, county_code=COUNTY, expected_version=draft.version, at=NOW)
    assert draft_book(COUNTY) is None


def test_a_rule_is_tried_against_history_without_leaving_anything():
    raised(102.2, *[101.0] * 8, 103.5)
    rule = rules_of(published_book(COUNTY)).of("level")
    before = Alarm.objects.count()

    [(aim, alarms)] = rehearse_on_history(COUNTY, rule, T - 7200, T)

    assert aim.key == ("level", "station:R1")
    assert [each.highest for each in alarms] == [Colour.YELLOW, Colour.ORANGE]
    assert Alarm.objects.count() == before
    assert rehearse_on_history("999902000000", rule, T - 7200, T) == []
    silence = rules_of(published_book(COUNTY)).of("silent")
    [(_, silent)] = rehearse_on_history(COUNTY, silence, T - 7200, (NOW + timedelta(hours=2)).timestamp())
    assert [each.highest for each in silent] == [Colour.ORANGE]
