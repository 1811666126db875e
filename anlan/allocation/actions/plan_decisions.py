"""Putting a plan forward, sending it back, approving it; what follows on the work lists of the three levels."""

from datetime import date, datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext

from anlan.allocation import events
from anlan.allocation.core.plan_life import PlanState, check_approver, check_plan_move
from anlan.allocation.documents.plan_document import plan_docx
from anlan.allocation.documents.plan_workbook import plan_workbook
from anlan.allocation.models import Plan, PlanDocument
from anlan.allocation.queries import plan_inputs
from anlan.allocation.queries.plan_documents import told_plan
from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.codes import Level
from anlan.kernel.money import wan_text
from anlan.kernel.refusal import Refusal, mark
from anlan.records import actions as records
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job
from anlan.web.uploads import keep_content
from anlan.worklists import actions as worklists

LONGEST_REASON = 500
DAYS_TO_DECIDE = 14


class NotSolved(Refusal):
    """A plan without an answer is not put forward."""


class ReasonMissing(Refusal):
    """Whoever sends a plan back says why."""


class NotApproved(Refusal):
    """Only an approved plan has documents."""


class Tampered(Refusal):
    """The frozen problem is not the one whose hash was kept."""


def _held(plan_id: int, expected_version: int, state: str) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    check_version(plan, expected_version)
    check_plan_move(plan.state, state)
    return plan


@transaction.atomic
def put_forward(*, actor: Person, plan_id: int, expected_version: int, at: datetime) -> Plan:
    """Say that a solved draft was gone through, and ask for its approval.

    Raises:
        NotSolved: it was changed since, or never solved.
        BadPlanMove: it is no draft.
        Conflict: somebody else changed it.
    """
    plan = _held(plan_id, expected_version, PlanState.REVIEWED)
    if not plan.is_solved:
        raise NotSolved("The plan was changed and has no answer yet; compute it first")
    plan_inputs.check_money_left(plan)
    plan.state, plan.return_reason = PlanState.REVIEWED, ""
    plan.reviewed_by_id, plan.reviewed_by_name, plan.reviewed_at = actor.pk, actor.name, at
    save_version(plan, ["state", "return_reason", "reviewed_by_id", "reviewed_by_name", "reviewed_at"])
    worklists.put_task(
        actor=actor,
        key=_approval_key(plan),
        title=mark("Decide on the allocation plan “%(plan)s” (%(money)s × 10 000 yuan)"),
        values={"plan": plan.name, "money": wan_text(plan.spent_fen)},
        division_code=plan.county_code,
        department=None,
        url=f"/allocation/plans/{plan.pk}/",
        due_on=date.fromordinal(localtime(at).date().toordinal() + DAYS_TO_DECIDE),
        at=at,
    )
    audit(actor, "plan put forward", plan, at=at, detail={"sha256": plan.sha256})
    return plan


@transaction.atomic
def send_back(*, actor: Person, plan_id: int, reason: str, expected_version: int, at: datetime) -> Plan:
    """Send a plan back to be changed; who put it forward gets a notice.

    Raises:
        ReasonMissing: no reason was given.
        BadPlanMove, Conflict: as for `put_forward`.
    """
    if not reason.strip():
        raise ReasonMissing("Say what must be changed")
    plan = _held(plan_id, expected_version, PlanState.DRAFT)
    plan.state, plan.return_reason = PlanState.DRAFT, reason.strip()[:LONGEST_REASON]
    save_version(plan, ["state", "return_reason"])
    worklists.withdraw_tasks(actor=actor, key_prefix=_approval_key(plan), at=at)
    if plan.reviewed_by_id:
        records.send_notice(
            to_person_id=plan.reviewed_by_id,
            message=mark("The allocation plan “%(plan)s” was sent back by %(who)s: %(reason)s"),
            values={"plan": plan.name, "who": actor.name, "reason": plan.return_reason},
            url=f"/allocation/plans/{plan.pk}/",
            at=at,
        )
    audit(actor, "plan sent back", plan, at=at, detail={"reason": plan.return_reason})
    return plan


@transaction.atomic
def approve_plan(*, actor: Person, plan_id: int, expected_version: int, at: datetime) -> Plan:
    """Approve and freeze a plan; the one before it for the same year is superseded, and its lines become work.

    Raises:
        OwnPlan: the approver made, changed or put forward the plan.
        Tampered: the frozen problem does not have the hash that was kept.
        BadWish: a source was withdrawn, or another plan took its money meanwhile.
        BadPlanMove, Conflict: as for `put_forward`.
    """
    plan = _held(plan_id, expected_version, PlanState.APPROVED)
    check_approver(actor.pk, plan.author_ids, plan.reviewed_by_id)
    if sha256_of(plan.content) != plan.sha256:
        raise Tampered("The frozen problem of this plan was changed in the database; compute the plan again")
    plan_inputs.check_money_left(plan)
    before = Plan.objects.select_for_update(of=("self",)).approved()
    for old in before.filter(county_code=plan.county_code, first_year=plan.first_year).plain():
        _supersede(actor, old, at)
        plan.supersedes = old
    plan.state = PlanState.APPROVED
    plan.approved_by_id, plan.approved_by_name, plan.approved_at = actor.pk, actor.name, at
    save_version(plan, ["state", "supersedes", "approved_by_id", "approved_by_name", "approved_at"])
    worklists.finish_task(actor=actor, key=_approval_key(plan), at=at)
    _put_work(actor, plan, at)
    audit(actor, "plan approved", plan, at=at, detail={"sha256": plan.sha256})
    announce(events.PLAN_APPROVED, plan_id=plan.pk)
    return plan


def _approval_key(plan: Plan) -> str:
    return f"allocation.approve:{plan.pk}"


def _work_key(plan: Plan) -> str:
    return f"allocation.plan:{plan.pk}:"


def _supersede(actor: Person, old: Plan, at: datetime) -> None:
    old.state, old.superseded_at = PlanState.SUPERSEDED, at
    save_version(old, ["state", "superseded_at"])
    worklists.withdraw_tasks(actor=actor, key_prefix=_work_key(old), at=at)
    audit(actor, "plan superseded", old, at=at)
    announce(events.PLAN_SUPERSEDED, plan_id=old.pk)


def _put_work(actor: Person, plan: Plan, at: datetime) -> None:
    """Put on each unit's list what it gets, and on each township's what its villages get."""
    for unit in plan.units.filter(line_count__gt=0).order_by("code"):
        _put(
            actor,
            plan,
            mark("Carry out %(count)d measures of the plan “%(plan)s” (%(money)s × 10 000 yuan)"),
            ("own", unit.code, unit.line_count, unit.money_fen),
            at,
        )
    villages: dict[str, tuple[int, int]] = {}
    for unit in plan.units.filter(line_count__gt=0, level=Level.VILLAGE):
        count, money = villages.get(unit.township_code, (0, 0))
        villages[unit.township_code] = (count + unit.line_count, money + unit.money_fen)
    for code, (count, money) in sorted(villages.items()):
        _put(
            actor,
            plan,
            mark("See to it that your villages carry out %(count)d measures of “%(plan)s” (%(money)s × 10 000 yuan)"),
            ("below", code, count, money),
            at,
        )


def _put(actor: Person, plan: Plan, title: str, about: tuple[str, str, int, int], at: datetime) -> None:
    kind, code, count, money = about
    worklists.put_task(
        actor=actor,
        key=f"{_work_key(plan)}{kind}:{code}",
        title=title,
        values={"count": count, "plan": plan.name, "money": wan_text(money)},
        division_code=code,
        department=None,
        url=f"/allocation/plans/{plan.pk}/units/{code}/",
        due_on=date(plan.first_year, 12, 31),
        at=at,
    )


@transaction.atomic
def request_documents(*, actor: Person, plan_id: int, at: datetime) -> Job:
    """Have a worker make 《资源分配方案》 of an approved plan."""
    plan = Plan.objects.plain().get(pk=plan_id)
    return request_job(
        actor=actor,
        task="allocation.documents",
        title=mark("Documents of the plan %(plan)s"),
        values={"plan": plan.name},
        at=at,
        plan_id=plan.pk,
        actor_id=actor.pk,
    )


def issue_documents(*, actor: Person | None, plan_id: int, at: datetime) -> list[PlanDocument]:
    """Make and keep the documents of an approved plan; they are made once and never edited.

    Raises:
        NotApproved: it is a draft, or superseded.
    """
    plan = Plan.objects.select_related("assessment__round").get(pk=plan_id)
    if plan.state != PlanState.APPROVED:
        raise NotApproved("Documents are issued of an approved plan; a draft is shown on its page")
    with translation.override(settings.LANGUAGE_CODE):
        told = told_plan(plan)
        made = {"docx": plan_docx(told), "xlsx": plan_workbook(told)}
        name = gettext("Allocation plan (%(plan)s)") % {"plan": plan.name}
    kept = [(media, content, *keep_content("reports", ContentFile(content))) for media, content in made.items()]
    with transaction.atomic():
        Plan.objects.select_for_update(of=("self",)).plain().get(pk=plan_id)
        known = {row.media: row for row in plan.documents.all()}
        rows = [
            known.get(media)
            or PlanDocument.objects.create(
                plan=plan,
                media=media,
                name=f"{name}.{media}",
                path=path,
                sha256=digest,
                size=len(content),
                issued_at=at,
            )
            for media, content, path, digest in kept
        ]
        audit(actor, "documents issued", plan, at=at, detail={"documents": len(rows)})
    return rows
