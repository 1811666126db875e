"""Every address of the survey, as a stranger of another county, a neighbour of another township, and nobody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob, carol
from anlan.assessment.actions import workbooks
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.models import Flag, OwnForm
from anlan.assessment.queries.workbooks import workbook_scope
from anlan.assessment.tests.county import MORNING, VILLAGE, answer, neighbour, ready, say

pytestmark = pytest.mark.django_db

# name, arguments, method; a neighbour sees the county's round but nothing of another township.
SEEN_BY_NEIGHBOURS = {"round", "survey-flags", "survey-phones"}
READ = [
    ("round", "{round}"),
    ("survey-units", "{round} {township}"),
    ("survey-form", "{round} {village} emergency"),
    ("survey-verify", "{round} {township}"),
    ("survey-flags", "{round}"),
    ("survey-workbook", "{round} {township}"),
    ("survey-workbook-file", "{round} {township}"),
    ("survey-workbook", "{round} {county}"),
    ("survey-upload", "{upload}"),
    ("survey-upload-marked", "{upload}"),
    ("survey-phones", "{round}"),
    ("own-forms", "{system}"),
    ("own-form", "{form}"),
]
WRITTEN = [
    ("round-open", "{round}"),
    ("round-remind", "{round}"),
    ("round-check", "{round}"),
    ("round-close", "{round}"),
    ("round-assess", "{round}"),
    ("survey-answer", "{round} {village} emergency CAP-V-01"),
    ("survey-hand-in", "{round} {village} emergency"),
    ("survey-hand-in-all", "{round} {township}"),
    ("survey-accept", "{round} {township}"),
    ("answer-return", "{answer}"),
    ("flag-settle", "{flag}"),
    ("survey-workbook-upload", "{round} {township}"),
    ("survey-upload-accept", "{upload}"),
    ("survey-upload-commit", "{upload}"),
    ("survey-upload-discard", "{upload}"),
]
SYSTEMS = {"own-forms", "own-form"}  # shared by all counties: held by the capability alone


@pytest.fixture
def keys():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    found = answer(row, VILLAGE, "CAP-V-01")
    content = make_workbook(workbook_scope(row, TOWNSHIP))
    file = SimpleUploadedFile("b.xlsx", content)
    kept = workbooks.receive_workbook(actor=officer, row=row, code=TOWNSHIP, file=file, at=MORNING)
    form = OwnForm.objects.create(
        system=row.system_version.system, form_id="own", level="village", xlsform=b"x", xform="", questions=[],
        imported_at=MORNING,
    )  # fmt: skip
    flag = Flag.objects.create(answer=found, kind="jump", message="", raised_at=MORNING)
    return {
        "round": row.pk,
        "county": COUNTY,
        "township": TOWNSHIP,
        "village": VILLAGE,
        "answer": found.pk,
        "flag": flag.pk,
        "upload": kept.pk,
        "system": form.system_id,
        "form": form.pk,
    }


def address(name, arguments, keys):
    return reverse(name, args=arguments.format(**keys).split())


def as_(somebody) -> Client:
    client = Client()
    if somebody:
        client.force_login(somebody)
    return client


@pytest.mark.parametrize(("name", "arguments"), READ)
def test_pages_are_closed_to_whoever_does_not_answer_for_them(name, arguments, keys):
    url = address(name, arguments, keys)

    assert as_(None).get(url).status_code == 302
    assert as_(neighbour()).get(url).status_code == (200 if name in SEEN_BY_NEIGHBOURS else 404)
    if name not in SYSTEMS:
        assert as_(carol()).get(url).status_code == 404


@pytest.mark.parametrize(("name", "arguments"), WRITTEN)
def test_nobody_else_changes_anything(name, arguments, keys):
    url = address(name, arguments, keys)
    typed = {"version": "1", "assignment": f"{VILLAGE}:emergency:1", "answer": f"{keys['answer']}:1", "value": "9"}

    assert as_(None).post(url, typed).status_code in (302, 401)
    assert as_(neighbour()).post(url, typed).status_code == 404
    assert as_(carol()).post(url, typed).status_code == 404


@pytest.mark.parametrize(("name", "arguments"), [*READ, *[one for one in WRITTEN if one[0] != "round-open"]])
def test_every_door_opens_to_its_own_people(name, arguments, keys):
    """A door that lets nobody through would pass the tests above."""
    uploads = name.startswith("survey-upload")
    client = as_(bob_again() if uploads else alice())
    url = address(name, arguments, keys)

    got = client.get(url) if (name, arguments) in READ else client.post(url, {"version": "1"})

    assert got.status_code not in (403, 404)


def bob_again():
    from anlan.accounts.models import User

    return User.objects.get(username="bob")


def test_a_township_officer_does_not_get_the_county_workbook(keys):
    client = as_(bob_again())

    assert client.get(reverse("survey-workbook", args=[keys["round"], COUNTY])).status_code == 404


def test_a_round_is_not_managed_from_a_part_of_its_county(keys):
    client = as_(bob_again())

    assert client.post(reverse("round-close", args=[keys["round"]]), {"version": "2"}).status_code == 404
