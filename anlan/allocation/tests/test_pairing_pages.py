"""The pages of pairing: what they show, to whom, and what their forms do; the doors."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from openpyxl import load_workbook

from anlan.accounts.core.roles import Role
from anlan.accounts.models import User
from anlan.accounts.tests.factories import COUNTY, alice, bob, carol, person
from anlan.allocation.actions.pairing_agreements import Terms
from anlan.allocation.actions.pairing_duties import NewDuty, deliver_duty, put_duty
from anlan.allocation.models import (
    Agreement,
    Duty,
    GivenValue,
    PairingConflict,
    PairingReminder,
    PairingRound,
    PairWish,
    Visit,
)
from anlan.allocation.tasks import pairing as tasks
from anlan.allocation.tests.pairs import (
    LAST_VILLAGE,
    NOON,
    TERMS,
    TODAY,
    active,
    agreements,
    assessed_county,
    officer,
    prepared,
    proposed,
)
from anlan.assessment.tests.county import NEXT_VILLAGE, SECOND_VILLAGE, VILLAGE, neighbour
from anlan.records.core.tests.file_cases import photo
from anlan.records.models import StoredFile
from anlan.web.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def site(analyst):
    """Where every kind of thing of pairing stands, by the names of addresses' arguments."""
    agreement = active(analyst)
    helper = User.objects.get(pk=agreement.helper_confirmed_by_id)
    duty = put_duty(
        actor=analyst, agreement_id=agreement.pk, duty=NewDuty("deliverable", "helper", "发电机1台", TODAY), at=NOON
    )
    deliver_duty(actor=helper, duty_id=duty.pk, remark="", expected_version=duty.version, at=NOON)
    row = PairingRound.objects.get()
    wish = PairWish.objects.create(
        round=row, kind="bar", helper_code=VILLAGE, helper_name="柳溪村", helped_code=LAST_VILLAGE,
        helped_name="沙坝村", reason="远", wished_at=NOON, wished_by_name="Alice",
    )  # fmt: skip
    conflict = PairingConflict.objects.create(
        county_code=COUNTY, one_code=VILLAGE, one_name="柳溪村", other_code=LAST_VILLAGE, other_name="沙坝村",
        reason="纠纷", noted_at=NOON, noted_by_name="Alice",
    )  # fmt: skip
    return {
        "round": row.pk, "agreement": agreement.pk, "duty": duty.pk, "wish": wish.pk, "conflict": conflict.pk,
        "county": COUNTY,
    }  # fmt: skip


def client_of(who, language="zh-hans") -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["anlan_language"] = language
    return client


def address(name, arguments, site):
    return reverse(name, args=[site.get(each, each) for each in arguments.split()])


ROUNDS = [
    ("pairing_round", "round", "get"),
    ("pairing_round_data", "round units", "get"),
    ("pairing_new", "", "get"),
    ("pairing_conflicts", "county", "get"),
    ("pairing_conflict_strike", "conflict", "post"),
    ("pairing_solve", "round", "post"),
    ("pairing_wish", "round", "post"),
    ("pairing_let_go", "round wish", "post"),
    ("pairing_confirm", "round", "post"),
    ("pairing_drop", "round", "post"),
    ("pairing_break_off", "agreement", "post"),
    ("pairing_end", "agreement", "post"),
    ("pairing_check", "agreement", "post"),
    ("pairing_go_on", "agreement", "post"),
    ("pairing_renew", "agreement", "post"),
]
PAIRS = [
    ("pairing", "agreement", "get"),
    ("pairing_units", "agreement", "get"),
    ("pairing_visit", "agreement", "get"),
    ("pairing_duty", "agreement", "post"),
    ("pairing_value", "agreement", "post"),
    ("pairing_confirm_side", "agreement helper", "post"),
    ("pairing_decline", "agreement helped", "post"),
    ("pairing_deliver", "duty", "post"),
    ("pairing_accept", "duty", "post"),
    ("pairing_send_back", "duty", "post"),
    ("pairing_strike", "duty", "post"),
]


def test_a_stranger_finds_nothing(site):
    stranger = client_of(carol())

    for name, arguments, method in ROUNDS + PAIRS:
        assert getattr(stranger, method)(address(name, arguments, site)).status_code == 404, name


def test_a_neighbour_finds_nothing_of_another_pair(site):
    strange = client_of(neighbour())

    for name, arguments, method in ROUNDS + PAIRS:
        assert getattr(strange, method)(address(name, arguments, site)).status_code == 404, name


def test_who_is_not_logged_in_must_log_in(site):
    for name, arguments, method in [*ROUNDS, *PAIRS, ("pairings", "", "get")]:
        response = getattr(Client(), method)(address(name, arguments, site))
        assert response.status_code == (302 if method == "get" else 401), name


def test_a_village_acts_for_its_own_side_only(site):
    helped = User.objects.get(username=f"v{SECOND_VILLAGE[-6:]}")
    village = client_of(helped)

    assert village.get(address("pairing", "agreement", site)).status_code == 200
    for name, arguments in (
        ("pairing_confirm_side", "agreement helper"),
        ("pairing_decline", "agreement helper"),
        ("pairing_deliver", "duty"),
        ("pairing_break_off", "agreement"),
        ("pairing_check", "agreement"),
    ):
        assert village.post(address(name, arguments, site)).status_code == 404, name


def test_the_county_does_not_confirm_for_a_village(site, analyst):
    response = client_of(analyst).post(address("pairing_confirm_side", "agreement helper", site))

    assert response.status_code == 404


def test_a_commander_reads_rounds_and_changes_nothing(site):
    commander = client_of(person("max", Role.COMMANDER))

    assert commander.get(address("pairing_round", "round", site)).status_code == 200
    assert commander.post(address("pairing_drop", "round", site)).status_code == 404
    assert commander.get(address("pairing_visit", "agreement", site)).status_code == 404


def test_a_grid_worker_has_no_list(site):
    assert client_of(person("gus", Role.GRID_WORKER, VILLAGE)).get(reverse("pairings")).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(site, analyst, language):
    client = client_of(analyst, language)

    for name, arguments, method in [*ROUNDS, *PAIRS, ("pairings", "", "get")]:
        if method == "get":
            assert client.get(address(name, arguments, site)).status_code == 200, name


def test_the_list_holds_the_pairs_of_ones_own_units(analyst):
    assessed_county(analyst)
    agreements(analyst)

    own = client_of(officer(VILLAGE)).get(reverse("pairings")).content.decode()
    township = client_of(bob()).get(reverse("pairings")).content.decode()
    county = client_of(analyst).get(reverse("pairings")).content.decode()

    assert ("上湾村" in own, "沙坝村" in own) == (True, False)
    assert ("上湾村" in township, "沙坝村" in township) == (True, False)
    assert ("上湾村" in county, "沙坝村" in county) == (True, True)


def test_both_sides_read_the_agreement(analyst):
    assessed_county(analyst)
    agreement = next(one for one in agreements(analyst) if one.helper_code == NEXT_VILLAGE)

    for code in (NEXT_VILLAGE, LAST_VILLAGE):
        text = client_of(officer(code)).get(reverse("pairing", args=[agreement.pk])).content.decode()
        assert "本协议待双方确认" in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_duties_and_visits_of_all_agreements_are_lists(site, analyst, language):
    Visit.objects.create(
        agreement_id=site["agreement"], visited_on=TODAY, side="helper", people=2, summary="培训", at=NOON
    )
    for name, text in (("pairing_duties", "发电机1台"), ("pairing_visits", "培训")):
        assert text in client_of(analyst, language).get(reverse(name)).content.decode()
        assert text in client_of(bob_again(), language).get(reverse(name)).content.decode()
        assert text not in client_of(erin(), language).get(reverse(name)).content.decode()
        assert client_of(person(f"gus{name}", Role.GRID_WORKER, VILLAGE)).get(reverse(name)).status_code == 404


def bob_again():
    return User.objects.filter(username="bob").first() or bob()


def erin():
    return User.objects.filter(username="erin").first() or neighbour()


def test_a_village_sees_what_it_must_do_and_what_it_is_owed(today_pair):
    agreement, helper = today_pair
    due = localdate().isoformat()
    for side, title in (("helper", "发电机1台"), ("helped", "提供培训场地")):
        typed = {"kind": "task", "side": side, "title": title, "due_on": due}
        client_of(helper).post(reverse("pairing_duty", args=[agreement.pk]), typed)

    context = client_of(helper).get(reverse("pairings")).context
    other = client_of(User.objects.get(pk=agreement.helped_confirmed_by_id)).get(reverse("pairings")).context

    assert [duty.title for duty in context["duties"]["must_do"]] == ["发电机1台"]
    assert [duty.title for duty in context["duties"]["owed"]] == ["提供培训场地"]
    assert [duty.title for duty in other["duties"]["must_do"]] == ["提供培训场地"]


def test_the_list_is_exported_as_it_is_shown(site, analyst):
    response = client_of(analyst).get(reverse("pairings"), {"export": "xlsx", "unit": "柳溪村"})

    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[:3] for row in rows[1:]] == [("柳溪村", "上湾村", "执行中")]


def test_the_list_takes_a_constant_number_of_statements(site, analyst, django_assert_max_num_queries):
    client = client_of(analyst)
    client.get(reverse("pairings"))

    with django_assert_max_num_queries(22):
        client.get(reverse("pairings"))


ROUND = {
    "county_code": COUNTY, "name": "2027年结对", "level": "village", "strength": "either", "helper_floor": "70",
    "dimension_floor": "85", "helped_ceiling": "60", "most_helped": "2", "wanted": "1", "way": "straight",
    "most_km": "", "history": "keep",
}  # fmt: skip


def test_a_round_is_prepared_from_the_form(analyst):
    assessed_county(analyst)

    response = client_of(analyst).post(reverse("pairing_new"), ROUND)

    row = PairingRound.objects.get()
    assert response["Location"] == reverse("pairing_round", args=[row.pk])
    assert (row.rules["helper_floor"], row.rules["most_km"]) == (0.7, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"helped_ceiling": "90"}, "受帮扶线"),
        ({"name": ""}, "invalid-feedback"),
        ({"helped_ceiling": "1"}, "无单位需要帮扶"),
        ({"most_helped": "99"}, "invalid-feedback"),
    ],
)
def test_a_form_that_cannot_be_says_why_and_keeps_what_was_typed(analyst, change, words):
    assessed_county(analyst)

    response = client_of(analyst).post(reverse("pairing_new"), ROUND | change)

    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert 'value="85"' in text


def test_nobody_prepares_a_round_for_another_county(analyst):
    assessed_county(analyst)

    assert client_of(carol()).post(reverse("pairing_new"), ROUND).status_code == 404
    assert not PairingRound.objects.exists()


def test_solving_leads_to_the_page_of_its_job_and_that_to_the_proposal(analyst):
    assessed_county(analyst)
    row = prepared(analyst)

    response = client_of(analyst).post(reverse("pairing_solve", args=[row.pk]), {"version": row.version})
    job = Job.objects.get()
    tasks.pair(job.pk, round_id=row.pk, actor_id=analyst.pk)

    job.refresh_from_db()
    assert response["Location"] == reverse("job", args=[job.pk])
    assert (job.state, job.result_url) == ("done", reverse("pairing_round", args=[row.pk]))
    assert "已证明最优" in client_of(analyst).get(job.result_url).content.decode()


def test_the_timer_reminds_by_the_day_of_its_stamp(today_pair):
    agreement, _helper = today_pair
    later = NOON + timedelta(days=100)

    tasks.remind_pairs(int(later.timestamp()))

    assert PairingReminder.objects.get(agreement=agreement).sent_on == later.date()


def test_a_pair_is_pinned_from_the_page(analyst):
    assessed_county(analyst)
    row = proposed(analyst)
    typed = {"version": row.version, "kind": "pin", "helper_code": VILLAGE, "helped_code": LAST_VILLAGE}
    client = client_of(analyst)

    refused = client.post(reverse("pairing_wish", args=[row.pk]), typed | {"reason": " "})
    taken = client.post(reverse("pairing_wish", args=[row.pk]), typed | {"reason": "同属一个流域"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert PairWish.objects.get().reason == "同属一个流域"


def test_a_round_is_confirmed_from_the_page(analyst):
    assessed_county(analyst)
    row = proposed(analyst)
    typed = {"version": row.version, "years": "1", "visits_a_year": "4"}
    client = client_of(analyst)

    refused = client.post(reverse("pairing_confirm", args=[row.pk]), typed | {"starts_on": "2020-01-01"})
    client.post(reverse("pairing_confirm", args=[row.pk]), typed | {"starts_on": localdate().isoformat()})

    assert refused.status_code == 422
    assert "不能早于今天" in refused.content.decode()
    assert Agreement.objects.count() == 2


def test_the_map_draws_units_and_pairs_as_lines(analyst):
    assessed_county(analyst)
    row = proposed(analyst)
    client = client_of(analyst)

    lines = client.get(reverse("pairing_round_data", args=[row.pk, "pairs"])).json()["features"]
    units = client.get(reverse("pairing_round_data", args=[row.pk, "units"])).json()["features"]

    assert {line["geometry"]["type"] for line in lines} == {"LineString"}
    assert sorted(unit["properties"]["part"] for unit in units) == [0, 0, 1, 1]
    assert client.get(reverse("pairing_round_data", args=[row.pk, "roads"])).status_code == 404


def test_a_conflict_is_noted_and_struck(analyst):
    assessed_county(analyst)
    client = client_of(analyst)
    typed = {"one_code": VILLAGE, "other_code": SECOND_VILLAGE, "reason": "水源纠纷"}

    again = [client.post(reverse("pairing_conflicts", args=[COUNTY]), typed).status_code for _twice in range(2)]
    client.post(reverse("pairing_conflict_strike", args=[PairingConflict.objects.get().pk]))

    assert again == [302, 422]
    assert not PairingConflict.objects.exists()


@pytest.fixture
def today_pair(analyst):
    """An agreement that began today, and its helper's officer."""
    agreement = active(analyst, Terms(localdate(), 1, 4) if localdate() >= TODAY else TERMS)
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=min(localdate(), TODAY), state="active")
    return agreement, User.objects.get(pk=agreement.helper_confirmed_by_id)


def visit_form(**change):
    known = {"side": "helper", "visited_on": localdate().isoformat(), "people": "2", "summary": "培训"}
    return known | {"longitude": "", "latitude": ""} | change


def test_a_visit_is_recorded_with_its_photo(today_pair):
    agreement, helper = today_pair
    file = SimpleUploadedFile("visit.jpg", photo(with_place=True))

    response = client_of(helper).post(reverse("pairing_visit", args=[agreement.pk]), visit_form() | {"photos": [file]})

    assert response["Location"] == f"{reverse('pairing', args=[agreement.pk])}#visits"
    assert Visit.objects.get().longitude == 109.06
    text = client_of(helper).get(reverse("pairing", args=[agreement.pk])).content.decode()
    assert "visit.jpg" in text


def test_a_photo_that_is_none_is_refused_and_the_text_is_kept(today_pair):
    agreement, helper = today_pair
    file = SimpleUploadedFile("visit.jpg", b"MZ this is a program")

    response = client_of(helper).post(
        reverse("pairing_visit", args=[agreement.pk]), visit_form(summary="检查台账") | {"photos": [file]}
    )

    text = response.content.decode()
    assert response.status_code == 422
    assert "检查台账" in text
    assert "内容与扩展名不符" in text or "visit.jpg" in text
    assert not Visit.objects.exists()


def test_photos_of_a_visit_open_to_both_sides_and_to_no_stranger(today_pair):
    agreement, helper = today_pair
    file = SimpleUploadedFile("visit.jpg", photo())
    client_of(helper).post(reverse("pairing_visit", args=[agreement.pk]), visit_form() | {"photos": [file]})
    url = reverse("file", args=[StoredFile.objects.get().pk])
    helped = User.objects.get(pk=agreement.helped_confirmed_by_id)

    opened = client_of(helped).get(url)
    assert b"".join(opened.streaming_content).startswith(b"\xff\xd8")
    assert client_of(neighbour()).get(url).status_code == 404
    assert client_of(carol()).get(url).status_code == 404


def test_a_wrong_place_is_told_beside_its_field(today_pair):
    agreement, helper = today_pair

    response = client_of(helper).post(
        reverse("pairing_visit", args=[agreement.pk]), visit_form(longitude="28.1", latitude="109.1")
    )

    assert response.status_code == 422
    assert "经度在前" in response.content.decode()


def test_a_deliverable_goes_from_promise_to_acceptance_on_the_page(today_pair):
    agreement, helper = today_pair
    helped = client_of(User.objects.get(pk=agreement.helped_confirmed_by_id))
    typed = {"kind": "deliverable", "side": "helper", "title": "发电机1台", "due_on": localdate().isoformat()}
    helped.post(reverse("pairing_duty", args=[agreement.pk]), typed)
    duty = Duty.objects.get()

    client_of(helper).post(reverse("pairing_deliver", args=[duty.pk]), {"version": duty.version, "remark": "已送到"})
    helped.post(reverse("pairing_accept", args=[duty.pk]), {"version": duty.version + 1})

    duty.refresh_from_db()
    assert (duty.state, duty.remark) == ("accepted", "已送到")


def test_value_is_recorded_in_yuan(today_pair):
    agreement, helper = today_pair
    typed = {"side": "helper", "kind": "goods", "words": "发电机", "given_on": localdate().isoformat()}
    client = client_of(helper)

    refused = client.post(reverse("pairing_value", args=[agreement.pk]), typed | {"amount": "-3"})
    client.post(reverse("pairing_value", args=[agreement.pk]), typed | {"amount": "3500.50"})

    assert refused.status_code == 422
    assert GivenValue.objects.get().amount_fen == 350_050
    assert "3,500.50" in client.get(reverse("pairing", args=[agreement.pk])).content.decode()


def test_the_county_checks_and_decides_on_the_page(today_pair, analyst):
    agreement, _helper = today_pair
    client = client_of(analyst)
    version = Agreement.objects.get(pk=agreement.pk).version

    refused = client.post(
        reverse("pairing_check", args=[agreement.pk]), {"version": version, "result": "not_met", "reason": ""}
    )
    client.post(reverse("pairing_check", args=[agreement.pk]), {"version": version, "result": "met"})
    client.post(reverse("pairing_go_on", args=[agreement.pk]), {"version": version + 1})

    assert refused.status_code == 409
    assert Agreement.objects.get(pk=agreement.pk).state == "active"


def test_the_panel_of_an_agreement_opens_to_its_people_only(site, analyst):
    url = reverse("panel", args=["allocation.agreement", site["agreement"]])

    assert client_of(analyst).get(url).status_code == 200
    assert client_of(neighbour()).get(url).status_code == 404
