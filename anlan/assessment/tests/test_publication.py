"""Issuing documents: made from the frozen result, kept by content, numbered, never edited."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from anlan.accounts.queries import scope_of
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob
from anlan.assessment.actions import publication, results
from anlan.assessment.actions.publication import Superseded
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.system_content import system_content, system_from_content
from anlan.assessment.models import Assessment, Need, Report
from anlan.assessment.queries.results import issues_of, needs_of, reports_of_unit
from anlan.assessment.queries.units import unit_page
from anlan.assessment.tests.assessed import alike, assessed, published
from anlan.assessment.tests.county import MORNING, NEXT_TOWNSHIP, county, opened
from anlan.web.uploads import keep_content

pytestmark = pytest.mark.django_db


def quietly(done: int, total: int, name: str) -> None:
    """Watch nothing."""


def issue(who, found) -> list[Report]:
    return publication.issue_assessment(actor=who, assessment_id=found.pk, at=MORNING, progress=quietly)


def test_issuing_publishes_and_keeps_every_document_by_its_content():
    who = alice()
    found = assessed(who)
    told = []

    reports = publication.issue_assessment(
        actor=who, assessment_id=found.pk, at=MORNING, progress=lambda *said: told.append(said)
    )

    assert Assessment.objects.get(pk=found.pk).status == "published"
    assert {(one.kind, one.media) for one in reports} == {
        ("report", "docx"),
        ("report", "pdf"),
        ("needs", "xlsx"),
        ("scores", "xlsx"),
    }
    assert len(reports) == 8
    assert told[-1] == (3, 3, "河口镇")
    for one in reports:
        with default_storage.open(one.path) as file:
            assert hashlib.sha256(file.read()).hexdigest() == one.sha256
        assert one.input_sha256 == found.sha256


def test_issuing_again_makes_a_new_number_of_the_same_content_and_leaves_the_old():
    who = alice()
    found = assessed(who)
    first = {(one.division_id, one.kind, one.media): one.sha256 for one in issue(who, found)}

    second = {(one.division_id, one.kind, one.media): one.sha256 for one in issue(who, found)}

    assert second == first
    assert set(Report.objects.values_list("number", flat=True)) == {1, 2}


def test_a_superseded_assessment_issues_nothing_more():
    who = alice()
    found = published(who)
    later = results.run_assessment(actor=who, round_id=found.round_id, method="default", at=MORNING)
    results.publish_assessment(actor=who, assessment_id=later.pk, at=MORNING)

    with pytest.raises(Superseded):
        publication.request_publication(actor=who, assessment_id=found.pk, at=MORNING)


def report_row(found, code=TOWNSHIP, number=1, **given) -> Report:
    """Store a document's row and file without making the document."""
    content = f"{code} {number}".encode()
    path, digest = keep_content("reports", ContentFile(content))
    division = found.unit_scores.get(code=code).division_id
    known = {"kind": "report", "media": "pdf", "name": "报告.pdf", "path": path, "sha256": digest}
    return Report.objects.create(
        assessment=found,
        division_id=division,
        number=number,
        size=len(content),
        input_sha256=found.sha256,
        issued_at=MORNING,
        **(known | given),
    )


def test_one_number_of_a_document_is_issued_once():
    found = published(alice())
    report_row(found)

    with pytest.raises(IntegrityError, match="report_number_once"):
        report_row(found)


def test_a_township_officer_downloads_their_own_report_only():
    found = published(alice())
    own, others = report_row(found), report_row(found, NEXT_TOWNSHIP)
    client = Client()
    client.force_login(bob(), backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(reverse("report-file", args=[own.pk]))

    assert b"".join(answer.streaming_content) == f"{TOWNSHIP} 1".encode()
    assert client.get(reverse("report-file", args=[others.pk])).status_code == 404


def test_the_unit_offers_the_latest_issue_of_its_report():
    found = published(alice())
    report_row(found)
    latest = report_row(found, number=2)

    assert list(reports_of_unit(found.unit_scores.get(code=TOWNSHIP))) == [latest]


def test_issues_are_listed_from_the_latest():
    who = alice()
    found = published(who)
    report_row(found)
    report_row(found, number=2)

    issues = issues_of(found, scope_of(who, "assessment.read"))

    assert [(one.number, one.is_latest) for one in issues] == [(2, True), (1, False)]


def weak_in(dimension: str):
    return lambda unit, leaf: 0.2 if leaf.dimension == dimension else 1.0


@pytest.mark.parametrize(("weak", "other"), [("materials", "digital"), ("digital", "materials")])
def test_opposite_weaknesses_give_swapped_obstacles_and_needs(weak, other):
    found = published(alice(), weak_in(weak))

    main = {row.leaf.dimension for row in unit_page(found.unit_scores.get(code=COUNTY))["obstacles"]}

    assert main == {weak}
    assert other not in main
    assert found.needs.order_by("priority").first().dimension == weak


def test_a_leaf_without_a_price_still_has_its_gap_listed():
    county()
    content = system_content(default_system())
    leaves = [{**leaf, "unit_price_fen": None} for leaf in content["leaves"]]
    load_system(actor=None, system=system_from_content({**content, "leaves": leaves}), at=MORNING)

    found = assessed(alice(), alike(0.5), row=opened())

    assert found.needs.exists()
    assert set(found.needs.values_list("cost_fen", flat=True)) == {0}


def test_a_need_never_costs_less_than_nothing():
    found = assessed(alice())

    with pytest.raises(IntegrityError, match="need_costs_no_less_than_0"):
        Need.objects.filter(assessment=found).update(cost_fen=-1)


def test_the_needs_list_begins_with_what_costs_the_score_most():
    who = alice()
    found = published(who, weak_in("digital"))

    losses = [need.loss for need in needs_of(found, scope_of(who, "assessment.read"))]

    assert losses == sorted(losses, reverse=True)
