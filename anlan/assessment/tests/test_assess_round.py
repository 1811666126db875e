"""Assessing a round: computed from frozen answers, published once, never edited."""

import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.tests.factories import TOWNSHIP, alice
from anlan.assessment.actions import results
from anlan.assessment.actions.results import NothingToAssess
from anlan.assessment.core.chosen_weights import UnknownMethod
from anlan.assessment.core.frozen import survey_from_content
from anlan.assessment.models import Assessment, Evidence, Need, UnitScore
from anlan.assessment.queries.results import result_of
from anlan.assessment.tests.assessed import alike, assessed, fill
from anlan.assessment.tests.county import MORNING, NEXT_TOWNSHIP, VILLAGE, county, draft, opened, ready
from anlan.ground.publishing import PublishStatus
from anlan.places.actions import load_divisions
from anlan.places.core.values import DivisionRow
from anlan.web.jobs import run_job
from anlan.web.models import Job
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db


def test_the_same_answers_give_the_same_hash_and_the_same_result():
    who = alice()
    first = assessed(who)

    second = results.run_assessment(actor=who, round_id=first.round_id, method="default", at=MORNING)

    assert second.number == first.number + 1
    assert second.sha256 == first.sha256
    assert list(second.unit_scores.order_by("code").values_list("code", "score", "detail")) == list(
        first.unit_scores.order_by("code").values_list("code", "score", "detail")
    )


def test_another_answer_gives_another_hash():
    who = alice()
    first = assessed(who)
    fill(first.round, who, lambda unit, leaf: 1.0 if unit == VILLAGE and leaf.code == "ORG-V-02" else None)

    second = results.run_assessment(actor=who, round_id=first.round_id, method="default", at=MORNING)

    assert second.sha256 != first.sha256


def test_what_it_was_computed_from_is_frozen_with_it():
    found = assessed(alice())

    survey = survey_from_content(found.content["survey"])

    assert len(survey.units) == 7
    assert result_of(found).input_sha256 == found.sha256
    assert result_of(found).system_sha256 == found.round.system_version.sha256


def test_every_unit_has_a_row_and_every_gap_a_need():
    found = assessed(alice())

    assert UnitScore.objects.filter(assessment=found).count() == 7
    assert Need.objects.filter(assessment=found, cost_fen__gt=0).exists()
    assert set(found.needs.values_list("township_code", flat=True)) == {"", TOWNSHIP, NEXT_TOWNSHIP}


def test_publishing_supersedes_the_assessment_before():
    who = alice()
    first = assessed(who)
    results.publish_assessment(actor=who, assessment_id=first.pk, at=MORNING)
    second = results.run_assessment(actor=who, round_id=first.round_id, method="entropy", at=MORNING)

    results.publish_assessment(actor=who, assessment_id=second.pk, at=MORNING)

    states = dict(Assessment.objects.values_list("pk", "status"))
    assert states == {first.pk: PublishStatus.SUPERSEDED, second.pk: PublishStatus.PUBLISHED}


def test_an_assessment_is_published_once():
    who = alice()
    found = assessed(who)
    results.publish_assessment(actor=who, assessment_id=found.pk, at=MORNING)

    with pytest.raises(NothingToAssess, match="published already"):
        results.publish_assessment(actor=who, assessment_id=found.pk, at=MORNING)


@pytest.mark.parametrize("change", [{"content": {}}, {"sha256": "0" * 64}, {"status": "draft"}])
def test_nothing_published_is_ever_edited(change):
    who = alice()
    found = assessed(who)
    results.publish_assessment(actor=who, assessment_id=found.pk, at=MORNING)

    with pytest.raises(IntegrityError, match="published content is never changed"), transaction.atomic():
        Assessment.objects.filter(pk=found.pk).update(**change)


def test_a_round_that_was_never_opened_is_not_assessed():
    county()

    with pytest.raises(NothingToAssess, match="never opened"):
        results.run_assessment(actor=alice(), round_id=draft().pk, method="default", at=MORNING)


def test_a_round_without_answers_is_not_assessed():
    with pytest.raises(NothingToAssess, match="Nobody has answered"):
        results.request_assessment(actor=alice(), round_id=ready().pk, method="default", at=MORNING)


def test_there_are_four_ways_to_find_weights():
    with pytest.raises(UnknownMethod):
        results.request_assessment(actor=alice(), round_id=ready().pk, method="dice", at=MORNING)


@pytest.mark.parametrize("method", ["ahp", "entropy", "combined"])
def test_each_method_gives_scores(method):
    found = assessed(alice(), lambda unit, leaf: 0.4 if unit == VILLAGE else 0.7, method=method)

    assert found.method == method
    assert all(0 <= score <= 1 for score in found.unit_scores.values_list("score", flat=True))


def test_entropy_over_units_that_are_all_alike_says_so():
    found = assessed(alice(), alike(0.6), method="entropy")

    assert any("entropy is undefined" in note.message for note in result_of(found).notes)


def test_a_missing_answer_becomes_a_task_and_no_need():
    who = alice()
    found = assessed(who, alike(0.6, missing=[(VILLAGE, "ORG-V-02")]))

    results.publish_assessment(actor=who, assessment_id=found.pk, at=MORNING)

    task = Task.objects.get(key=f"assessment.missing:{found.round_id}:{VILLAGE}")
    assert task.values["count"] == 1
    assert not found.needs.filter(unit_code=VILLAGE, leaf__code="ORG-V-02").exists()
    assert found.missing_count == 1


def test_a_unit_without_answers_has_neither_score_nor_grade_nor_rank():
    found = assessed(alice(), lambda unit, leaf: None if unit == VILLAGE else 0.6)

    silent = found.unit_scores.get(code=VILLAGE)

    assert (silent.score, silent.grade, silent.rank, silent.completeness) == (None, "", None, 0.0)
    assert (silent.lower, silent.upper) == (0.0, 1.0)


def test_one_unit_in_the_whole_survey_is_assessed():
    county_row = DivisionRow("999903000000", "独县", 1000, 300)
    county()
    load_divisions(actor=None, rows=[county_row], valid_from=MORNING.date().replace(year=2020), at=MORNING)
    who = alice()
    row = opened()

    found = assessed(who, lambda unit, leaf: 0.8 if unit == "999901000000" else None, row=row)

    assert found.unit_scores.exclude(score=None).count() == 1


def test_what_records_show_is_kept_beside_the_answers():
    who, row = alice(), ready()
    fill(row, who, alike(0.6))

    results.record_evidence(
        round_id=row.pk, unit_code=VILLAGE, leaf_code="ORG-V-02", value=9, source="a test", at=MORNING
    )
    found = results.run_assessment(actor=who, round_id=row.pk, method="default", at=MORNING)

    leaf = next(
        leaf for leaf in found.unit_scores.get(code=VILLAGE).detail["leaves"] if leaf["leaf_code"] == "ORG-V-02"
    )
    assert (leaf["evidence_value"], leaf["is_doubtful"]) == (9.0, True)


def test_gathering_evidence_twice_keeps_one_of_each():
    who, row = alice(), ready()

    first = results.gather_evidence(actor=who, round_id=row.pk, at=MORNING)
    second = results.gather_evidence(actor=who, round_id=row.pk, at=MORNING)

    assert first == second == Evidence.objects.filter(round=row).count() > 0


def test_a_requested_assessment_is_done_by_a_job_that_says_what_it_does():
    who, row = alice(), ready()
    fill(row, who, alike(0.6))
    job = results.request_assessment(actor=who, round_id=row.pk, method="default", at=MORNING)
    told = []

    def work(progress) -> str:
        def tell(done, total, doing="", **values):
            told.append(doing)
            progress(done, total, doing, **values)

        found = results.assess_round(actor=who, round_id=row.pk, method="default", at=MORNING, progress=tell)
        return f"/assessments/{found.pk}/"

    run_job(job.pk, work)

    job = Job.objects.get(pk=job.pk)
    assert job.state == "done"
    assert job.result_url == f"/assessments/{Assessment.objects.get().pk}/"
    assert told[:2] == ["Asking the records what they show", "Reading the answers"]
