"""Every address of the survey, as a stranger of another county, a neighbour of another township, and nobody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
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


def walk(somebody, keys, pages=READ, changes=WRITTEN) -> dict[str, int]:
    """Return the status of every address, whatever came of it undone."""
    client, statuses = as_(somebody), {}
    typed = {"version": "1", "assignment": f"{VILLAGE}:emergency:1", "answer": f"{keys['answer']}:1", "value": "9"}
    for name, arguments in (*pages, *changes):
        url = address(name, arguments, keys)
        with transaction.atomic():
            answered = client.get(url) if (name, arguments) in READ else client.post(url, typed)
            statuses[f"{name} {arguments}"] = answered.status_code
            transaction.set_rollback(True)
    return statuses


def test_nobody_gets_in_without_logging_in(keys):
    assert {status for status in walk(None, keys).values()} <= {302, 401}


def test_a_stranger_finds_every_door_closed(keys):
    shared_by_counties = {f"{name} {arguments}" for name, arguments in READ if name in SYSTEMS}

    statuses = walk(carol(), keys)

    assert {door for door, status in statuses.items() if status != 404} == shared_by_counties


def test_a_neighbour_sees_the_round_and_nothing_of_another_township(keys):
    seen = {f"{name} {arguments}" for name, arguments in READ if name in SEEN_BY_NEIGHBOURS}

    statuses = walk(neighbour(), keys)

    assert {door for door, status in statuses.items() if status != 404} == seen


def test_every_door_opens_to_its_own_people(keys):
    """Doors that let nobody through would pass the tests above."""
    uploads = [one for one in READ if one[0].startswith("survey-upload")]
    settled = [one for one in WRITTEN if one[0].startswith("survey-upload-")]
    others = [one for one in READ if one not in uploads], [one for one in WRITTEN if one not in settled]

    statuses = walk(alice(), keys, *others) | walk(bob_again(), keys, uploads, settled)

    assert {door for door, status in statuses.items() if status in (403, 404)} == set()


def bob_again():
    from anlan.accounts.models import User

    return User.objects.get(username="bob")


def test_a_township_officer_does_not_get_the_county_workbook(keys):
    client = as_(bob_again())

    assert client.get(reverse("survey-workbook", args=[keys["round"], COUNTY])).status_code == 404


def test_a_round_is_not_managed_from_a_part_of_its_county(keys):
    client = as_(bob_again())

    assert client.post(reverse("round-close", args=[keys["round"]]), {"version": "2"}).status_code == 404
