"""The demo county's surveys filled in, verified, closed and assessed, each by whoever would do it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time

from anlan.accounts import queries as accounts
from anlan.assessment.actions import flags, publication, results, rounds, verification
from anlan.assessment.actions.answers import AnswerChange, save_answers
from anlan.assessment.core.entry import Entered
from anlan.assessment.queries import boards, verifying
from anlan.demo.core.answers import Key
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.story import Story, SurveyStory
from anlan.kernel.codes import Level, ancestor_at
from anlan.web.http import Person

SEED = 20_261_031
Progress = Callable[[int, int, str], None]


def noon(day: date) -> datetime:
    """Return noon of the day at Beijing."""
    return datetime.combine(day, time(4), UTC)


def hold_survey(survey: SurveyStory, story: Story, *, progress: Progress) -> int:
    """Prepare, open, fill in, close, verify and assess a survey; return the round's id."""
    round_id = open_survey(survey)
    fill_in(round_id, survey, progress=progress)
    analyst, at = accounts.person_called("analyst"), noon(survey.closes_on)
    rounds.close_round(actor=analyst, round_id=round_id, expected_version=2, at=at)
    flags.check_round(actor=analyst, round_id=round_id, at=at)
    verify(round_id, list(_by_township(survey.answers)), at=at)
    results.gather_evidence(actor=analyst, round_id=round_id, at=at)
    return round_id


def open_survey(survey: SurveyStory) -> int:
    """Prepare and open it; every department has it on its list."""
    analyst, at = accounts.person_called("analyst"), noon(survey.opens_on)
    row = rounds.create_round(
        actor=analyst,
        name=survey.name,
        county_code=COUNTY_CODE,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        at=at,
    )
    rounds.open_round(actor=analyst, round_id=row.pk, expected_version=row.version, at=at)
    return row.pk


def fill_in(round_id: int, survey: SurveyStory, *, progress: Progress) -> None:
    """Save the answers township by township, each by its own officer."""
    batches = _by_township(survey.answers)
    for number, (township, answers) in enumerate(sorted(batches.items()), start=1):
        progress(number, len(batches), township)
        save_answers(
            actor=_officer(township),
            round_id=round_id,
            changes=[AnswerChange(unit, leaf, entered, None) for (unit, leaf), entered in sorted(answers.items())],
            way="workbook",
            at=noon(survey.opens_on),
        )


def _by_township(answers: Mapping[Key, Entered]) -> dict[str, dict[Key, Entered]]:
    batches: dict[str, dict[Key, Entered]] = defaultdict(dict)
    for key, entered in answers.items():
        batches[ancestor_at(key[0], Level.TOWNSHIP)][key] = entered
    return batches


def _officer(township: str) -> Person:
    """Return the first officer of the township; of the county, its second analyst."""
    if township == COUNTY_CODE:
        return accounts.person_called("analyst2")  # type: ignore[return-value]
    return accounts.people_in(township, capability="tasks.manage")[0]


def verify(round_id: int, townships: Sequence[str], *, at: datetime) -> None:
    """Accept everything that no check doubts; the analyst wrote none of it."""
    analyst = accounts.person_called("analyst")
    scope = accounts.scope_of(analyst, "survey.verify")  # type: ignore[arg-type]
    row = boards.rounds_for(scope).get(pk=round_id)
    doubted = set(verifying.flags_of(row, scope, "open").values_list("answer_id", flat=True))
    for township in townships:
        waiting = verifying.answers_to_verify(row, township, None, scope)
        versions = {answer.pk: answer.version for answer in waiting if answer.pk not in doubted}
        if versions:
            verification.verify_answers(actor=analyst, versions=versions, at=at)  # type: ignore[arg-type]


def assess_and_issue(round_id: int, day: date, *, progress: Progress) -> int:
    """Assess the round, publish what was found and issue its documents; return the assessment's id."""
    analyst, at = accounts.person_called("analyst"), noon(day)
    assessment = results.run_assessment(actor=analyst, round_id=round_id, method="default", seed=SEED, at=at)
    publication.issue_assessment(actor=analyst, assessment_id=assessment.pk, at=at, progress=progress)
    return assessment.pk
