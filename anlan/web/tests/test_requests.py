"""What every request goes through: its id, the policy, language, idle time-out, refusals that lose nothing."""

import json
import logging

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from anlan.ground.logs import JsonFormatter

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_each_answer_carries_an_id_of_its_own():
    first, second = Client().get("/healthz"), Client().get("/healthz")

    assert len(first["X-Request-ID"]) == 16
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "is_kept"), [("proxy-id-12345", True), ("short", False), ("bad id\nwith break", False)]
)
def test_an_id_of_the_proxy_is_kept_if_it_is_one(given, is_kept):
    response = Client().get("/healthz", headers={"X-Request-ID": given})

    assert (response["X-Request-ID"] == given) == is_kept


def test_the_log_line_holds_the_id_and_the_figures(caplog):
    with caplog.at_level(logging.INFO, "anlan.requests"):
        Client().get("/fine/", headers={"X-Request-ID": "proxy-id-12345"})

    entry = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert (entry["path"], entry["method"], entry["status"]) == ("/fine/", "GET", 200)
    assert entry["milliseconds"] >= 0


@pytest.mark.parametrize("path", ["/healthz", "/fine/", "/nowhere/", "/guarded/", "/refusing/", "/"])
def test_every_answer_carries_the_policy(path):
    policy = Client().get(path)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_even_an_error_carries_the_policy_and_its_number():
    client = Client(raise_request_exception=False)

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Request-ID"] in response.content.decode()


def test_while_the_database_is_away_everybody_is_told_when_to_come_again():
    client = Client(raise_request_exception=False)

    response = client.get("/away/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "数据库暂时无法访问" in response.content.decode()


def test_an_error_page_needs_no_database(django_db_blocker):
    client = Client(raise_request_exception=False)
    with django_db_blocker.block():
        response = client.get("/broken/")

    assert response.status_code == 500
    assert "系统出了问题" in response.content.decode()


def test_chinese_comes_first_whatever_the_browser_prefers():
    response = Client().get("/nowhere/", headers={"Accept-Language": "en"})

    assert 'lang="zh-hans"' in response.content.decode()
    assert response["Content-Language"] == "zh-hans"


def test_the_switch_changes_the_language_and_returns():
    client = Client()

    answer = client.post("/language/", {"language": "en", "next": "/fine/?page=2"})

    assert answer["Location"] == "/fine/?page=2"
    assert client.cookies["anlan_language"].value == "en"
    assert "There is no such page here" in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_switch_never_leads_away(target):
    assert Client().post("/language/", {"language": "en", "next": target})["Location"] == "/"


def test_a_language_that_we_do_not_speak_changes_nothing():
    client = Client()

    client.post("/language/", {"language": "fr"})

    assert "anlan_language" not in client.cookies
    assert Client(headers={"Cookie": "anlan_language=fr"}).get("/nowhere/")["Content-Language"] == "zh-hans"


def make_idle(client, minutes):
    session = client.session
    session["seen"] = session["seen"] - minutes * 60
    session.save()


def test_a_person_who_goes_on_clicking_stays_logged_in(as_alice):
    as_alice.get("/fine/")
    make_idle(as_alice, 29)

    assert as_alice.get("/guarded/").status_code == 200
    make_idle(as_alice, 29)
    assert as_alice.get("/guarded/").status_code == 200


def test_a_person_who_was_away_is_logged_out_and_told(as_alice):
    as_alice.get("/fine/")
    make_idle(as_alice, 31)

    response = as_alice.get("/guarded/?page=2")

    assert response["Location"] == "/log-in/?next=/guarded/%3Fpage%3D2"
    assert "长时间未操作" in str(*get_messages(response.wsgi_request))
    assert "_auth_user_id" not in as_alice.session


def test_a_form_sent_after_the_time_out_is_shown_with_what_was_typed(as_alice):
    as_alice.get("/fine/")
    make_idle(as_alice, 31)

    response = as_alice.post(
        "/guarded/", {"reason": "桥断了", "password": "secret"}, headers={"Referer": "http://testserver/fine/"}
    )

    content = response.content.decode()
    assert response.status_code == 401
    assert "桥断了" in content
    assert "secret" not in content
    assert 'href="/log-in/?next=/fine/"' in content


def test_a_part_sent_after_the_time_out_says_so_and_leaves_the_form(as_alice):
    as_alice.get("/fine/")
    make_idle(as_alice, 31)

    response = as_alice.post("/guarded/", {"reason": "桥断了"}, headers=HTMX)

    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (401, "#toasts", "beforeend")
    assert "<html" not in response.content.decode()


def test_a_stranger_who_sends_a_form_loses_nothing():
    response = Client().post("/guarded/", {"reason": "桥断了"})

    assert response.status_code == 401
    assert "桥断了" in response.content.decode()


def test_a_stranger_who_opens_a_page_is_led_to_the_log_in():
    assert Client().get("/guarded/")["Location"] == "/log-in/?next=/guarded/"


def test_a_stranger_asking_for_a_part_gets_the_whole_log_in_page():
    response = Client().get("/guarded/", headers=HTMX | {"HX-Current-URL": "http://testserver/files/?page=2"})

    assert response["HX-Redirect"] == "/log-in/?next=/files/%3Fpage%3D2"


def test_a_page_that_asks_by_itself_is_no_sign_of_use(as_alice):
    as_alice.get("/fine/")
    make_idle(as_alice, 20)
    before = as_alice.session["seen"]

    as_alice.get("/fine/", headers={"X-Quiet": "1"})
    assert as_alice.session["seen"] == before

    as_alice.get("/fine/")
    assert as_alice.session["seen"] > before


def test_a_refusal_is_a_page_with_its_reason_and_what_was_typed(as_alice):
    response = as_alice.post(
        "/refusing/",
        {"reason": "桥断了", "empty": " ", "version": "3", "csrfmiddlewaretoken": "x", "new_password": "secret"},
        headers={"Referer": "http://testserver/fine/"},
    )

    content = response.content.decode()
    assert response.status_code == 409
    assert "0.900" in content
    assert "<dt>reason</dt><dd>桥断了</dd>" in content
    assert content.count("<dt>") == 1
    assert "secret" not in content
    assert 'href="/fine/"' in content


def test_a_refusal_never_links_to_another_site(as_alice):
    content = as_alice.post("/refusing/", headers={"Referer": "https://elsewhere.example/"}).content.decode()

    assert "elsewhere" not in content


def test_htmx_gets_a_refusal_as_a_toast_and_keeps_the_form(as_alice):
    response = as_alice.post("/refusing/", {"reason": "桥断了"}, headers=HTMX)

    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (409, "#toasts", "beforeend")
    assert response.content.decode().lstrip().startswith('<div class="toast')


def test_a_form_older_than_the_log_in_is_refused_with_what_was_typed(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post("/fine/", {"reason": "桥断了"})

    assert response.status_code == 403
    assert "桥断了" in response.content.decode()
    assert "早于您最近一次登录" in response.content.decode()


def test_more_fields_than_any_form_has_are_refused_on_a_page(as_alice, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2

    response = as_alice.post("/refusing/", {"a": "1", "b": "2", "c": "3"})

    assert response.status_code == 400
    assert "无法读取所发送的内容" in response.content.decode()
