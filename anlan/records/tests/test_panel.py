import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, alice, bob, carol, person
from anlan.records import actions, queries
from anlan.records.actions.comments import BadComment, NotYourComment
from anlan.records.models import Comment
from anlan.records.tests.factories import BRIDGE

pytestmark = pytest.mark.django_db
PANEL = "/records/tests.bridge/7/"


def said(who, text="裂缝变宽了"):
    return actions.add_comment(actor=who, subject=BRIDGE, text=text, at=NOON)


def test_a_comment_stands_on_the_panel(client):
    client.force_login(bob())

    answer = client.post(f"{PANEL}comments/", {"text": " 裂缝变宽了 <b> "}, follow=True)

    assert answer.redirect_chain == [(PANEL, 302)]
    assert "裂缝变宽了 &lt;b&gt;" in answer.content.decode()


@pytest.mark.parametrize(("text", "words"), [("  ", "Write something"), ("长" * 2001, "has 2001 characters")])
def test_an_empty_or_endless_comment_is_refused(text, words):
    with pytest.raises(BadComment, match=words):
        said(bob(), text)


def test_an_author_withdraws_a_comment_and_that_it_was_said_stays(client):
    who = bob()
    comment = said(who)
    client.force_login(who)

    page = client.post(f"/records/comments/{comment.pk}/withdraw/", follow=True).content.decode()

    assert "裂缝变宽了" not in page
    assert queries.comment_count("tests.bridge", 7) == 0
    assert Comment.objects.get().author_name == "Bob"


def test_nobody_withdraws_somebody_elses_comment():
    comment = said(bob())

    with pytest.raises(NotYourComment, match="Only Bob"):
        actions.withdraw_comment(actor=alice(), comment_id=comment.pk, at=NOON)


def test_a_comment_is_withdrawn_once():
    who = bob()
    comment = said(who)
    actions.withdraw_comment(actor=who, comment_id=comment.pk, at=NOON)

    with pytest.raises(NotYourComment, match="withdrawn already"):
        actions.withdraw_comment(actor=who, comment_id=comment.pk, at=NOON)


def test_the_database_lets_nobody_edit_or_delete_a_comment():
    comment = said(bob())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Comment.objects.update(text="anders")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        comment.delete()


def test_a_withdrawal_is_never_undone():
    who = bob()
    comment = said(who)
    actions.withdraw_comment(actor=who, comment_id=comment.pk, at=NOON)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Comment.objects.update(withdrawn_at=None)


def test_the_database_keeps_no_empty_comment():
    with pytest.raises(IntegrityError, match="comment_says_something"):
        Comment.objects.create(kind="tests.bridge", object_id=7, at=NOON, author_id=1, author_name="Bob", text="")


def test_strangers_find_no_panel(client):
    comment = said(bob())
    client.force_login(carol())

    assert client.get(PANEL).status_code == 404
    assert client.post(f"{PANEL}comments/", {"text": "hello"}).status_code == 404
    assert client.post(f"/records/comments/{comment.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/records/tests.bridge/8/", "/records/tests.river/7/", "/records/comments/9/withdraw/"]
)
def test_what_is_not_there_is_not_found(client, address):
    client.force_login(bob())

    assert client.get(f"/records/{address}").status_code in {404, 405}
    assert client.post(f"/records/{address}").status_code in {404, 405}


def test_a_reader_adds_nothing(client):
    client.force_login(person("duty", Role.DUTY_OFFICER, COUNTY))

    assert "<textarea" not in client.get(PANEL).content.decode()
    assert client.post(f"{PANEL}comments/", {"text": "hello"}).status_code == 404


def test_anonymous_people_are_asked_to_log_in(client):
    assert client.get(PANEL).status_code == 302
    assert client.post(f"{PANEL}comments/").status_code == 401


def test_htmx_gets_the_panel_alone(client):
    client.force_login(bob())

    part = client.get(PANEL, headers={"HX-Request": "true"}).content.decode()
    after = client.post(f"{PANEL}comments/", {"text": "好"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="records-panel"' in part
    assert "好" in after


def test_a_panel_costs_the_same_for_one_comment_and_for_many(client, django_assert_max_num_queries):
    who = bob()
    client.force_login(who)
    for number in range(30):
        said(who, f"第 {number} 条")

    with django_assert_max_num_queries(12):
        assert "第 29 条" in client.get(PANEL).content.decode()
