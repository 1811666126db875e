"""Pages of alarm rules: read by all, edited in a draft, tried on what was stored, published."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from anlan.accounts.tests import factories as cast
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.models import Reading, RuleBookVersion
from anlan.telemetry.queries.books import rules_of
from anlan.telemetry.rule_forms import RuleForm
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def book():
    return load_default_rules(county_code=cast.COUNTY, at=now())


@pytest.fixture
def analyst(client, book):
    client.force_login(cast.alice())
    return client


def draft():
    return RuleBookVersion.objects.get(status="draft")


def said(key="level-rise", **changes):
    found = next(rule for rule in rules_of(RuleBookVersion.objects.order_by("number").first()).rules if rule.key == key)
    form = RuleForm(rule=found)
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    return {**data, "key": key, **changes}


def test_everybody_who_reads_sensors_reads_the_rules(client, book):
    client.force_login(cast.bob())

    text = client.get(reverse("alarm-rules")).content.decode()

    assert "Rise rate of the water level" in text
    assert reverse("alarm-rules-start") not in text


def test_a_form_that_is_not_touched_says_the_same_rule(book):
    for rule in rules_of(book).rules:
        assert RuleForm(said(rule.key), rule=rule).rule() == rule


def test_an_edit_stands_in_the_draft_and_holds_when_it_is_published(analyst):
    analyst.post(reverse("alarm-rules-start"))

    response = analyst.post(reverse("alarm-rule", args=["level-rise"]), said(red="3", version=draft().version))

    assert response.status_code == 302
    assert rules_of(draft()).of("level-rise").limits[4] == 3.0
    assert "changed in the draft" in analyst.get(reverse("alarm-rules")).content.decode()
    analyst.post(reverse("alarm-rules-publish"), {"version": draft().version})
    in_force = RuleBookVersion.objects.get(status="published")
    assert (in_force.number, rules_of(in_force).of("level-rise").limits[4]) == (2, 3.0)


def test_the_first_edit_begins_the_draft(analyst):
    analyst.post(reverse("alarm-rule", args=["level-rise"]), said(yellow="0.6"))

    assert rules_of(draft()).of("level-rise").limits[2] == 0.6


def test_a_new_rule_gets_a_key_of_its_own(analyst):
    data = {**said(), "name_zh": "本县规则", "name_en": "Our own", "key": ""}

    analyst.post(reverse("alarm-rule-new"), data)

    assert rules_of(draft()).of("own-1").name_en == "Our own"


def test_a_rule_is_deleted_in_the_draft(analyst):
    analyst.post(reverse("alarm-rules-start"))

    analyst.post(reverse("alarm-rule-delete", args=["level-rise"]), {"version": draft().version})

    assert rules_of(draft()).of("level-rise") is None
    assert "deleted in the draft" in analyst.get(reverse("alarm-rules")).content.decode()


def test_a_draft_is_thrown_away(analyst):
    analyst.post(reverse("alarm-rules-start"))

    analyst.post(reverse("alarm-rules-discard"), {"version": draft().version})

    assert not RuleBookVersion.objects.filter(status="draft").exists()


def test_an_edit_of_a_draft_that_somebody_changed_is_told(analyst):
    analyst.post(reverse("alarm-rules-start"))

    response = analyst.post(reverse("alarm-rule", args=["level-rise"]), said(version=draft().version + 1))

    assert response.status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"red": "0.1"}, "a graver colour has the nearer limit"),
        ({"red": "much"}, "Enter a number"),
        ({"times": "3", "within_h": "0"}, "does not say within what time"),
        ({"season_0_from": "13-01", "season_0_to": "02-01"}, "is no day"),
        ({"name_zh": ""}, "required"),
    ],
)
def test_a_faulty_rule_is_told_and_changes_nothing(analyst, changes, words):
    response = analyst.post(reverse("alarm-rule", args=["level-rise"]), said(**changes))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not RuleBookVersion.objects.filter(status="draft").exists()


def test_a_trial_tells_how_often_and_where_it_would_have_fired(analyst):
    level = make.datastream(make.device("D1", at=make.station("R1", name="Bridge")), interval_s=600)
    start = now() - timedelta(hours=20)
    values = [100.0] * 12 + [100.0 + 0.4 * step for step in range(1, 13)] + [104.8] * 24
    Reading.objects.bulk_create(
        [
            Reading(datastream=level, time=start + timedelta(minutes=10 * step), value=value, arrived_at=start)
            for step, value in enumerate(values)
        ]
    )

    text = analyst.post(reverse("alarm-rule-try"), said(days="7")).content.decode()

    assert "It would have fired 1 time in the last 7 days, here:" in text
    assert "Bridge" in text
    calm = analyst.post(reverse("alarm-rule-try"), said(days="7", yellow="50", orange="60", red="70"))
    assert "would not have fired" in calm.content.decode()


def test_a_rule_that_is_none_is_not_tried(analyst):
    text = analyst.post(reverse("alarm-rule-try"), said(red="x", days="7")).content.decode()

    assert "cannot be tried" in text


def test_versions_stay_readable(analyst):
    assert "Rise rate" in analyst.get(reverse("alarm-rules-version", args=[1])).content.decode()
    assert analyst.get(reverse("alarm-rules-version", args=[9])).status_code == 404
    assert analyst.get(reverse("alarm-rule", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("name", ["alarm-rules-start", "alarm-rules-publish", "alarm-rules-discard", "alarm-rule-new"])
def test_only_who_edits_rules_edits_them(client, book, name):
    client.force_login(cast.bob())

    assert client.post(reverse(name), {"version": 1}).status_code == 404
    assert client.post(reverse("alarm-rule", args=["rain"]), said("rain")).status_code == 404


def test_a_stranger_reads_the_rules_of_their_own_county_only(client, book):
    client.force_login(cast.carol())

    assert "Rise rate" not in client.get(reverse("alarm-rules")).content.decode()
