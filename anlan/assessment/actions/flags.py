"""What the checks doubt, kept as flags: raised, never raised twice, closed when the answer was mended."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from anlan.assessment.core.checks import Doubt, find_flags
from anlan.assessment.core.values import System
from anlan.assessment.models import Answer, Flag, FlagStatus, Round
from anlan.assessment.queries.previous import previous_survey
from anlan.assessment.queries.surveys import survey_of, system_of
from anlan.ground.audit import audit, audit_many
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person

Key = tuple[int, str]  # answer, kind of doubt


class SettledAlready(Refusal):
    """The flag was settled by somebody else."""


class ReasonMissing(Refusal):
    """A confirmation or a return says why."""


@transaction.atomic
def check_round(*, actor: Person | None, round_id: int, at: datetime) -> int:
    """Look at every answer anew; return how many flags were raised.

    A doubt that somebody confirmed is not raised again while the figures are the same. An open flag
    whose doubt is gone is closed as corrected.
    """
    row = Round.objects.select_related("system_version", "previous").get(pk=round_id)
    system = system_of(row)
    doubts = find_flags(survey_of(row), system, previous_survey(row))
    found = _by_answer(row, [_named(doubt, system) for doubt in doubts])
    known = list(Flag.objects.select_for_update(of=("self",)).select_related("answer").filter(answer__round=row))
    settled = {(flag.answer_id, flag.kind, _figures(flag)) for flag in known if flag.status == FlagStatus.CONFIRMED}
    still_open = {(flag.answer_id, flag.kind): flag for flag in known if flag.status == FlagStatus.OPEN}
    new = [
        Flag(answer_id=key[0], kind=key[1], message=doubt.message, values=dict(doubt.values), raised_at=at)
        for key, doubt in found.items()
        if key not in still_open and (*key, _figures(doubt)) not in settled
    ]
    _refresh(still_open, found)
    _close([flag for key, flag in still_open.items() if key not in found], at)
    Flag.objects.bulk_create(new)
    audit(actor, "answers checked", row, at=at, detail={"raised": len(new), "open": len(new) + len(still_open)})
    return len(new)


def _named(doubt: Doubt, system: System) -> Doubt:
    """Return the doubt with the other indicator's name in place of its code."""
    names = {leaf.code: leaf.name_zh for leaf in system.leaves}
    other = str(doubt.values.get("other", ""))
    return replace(doubt, values={**doubt.values, "other": names[other]}) if other in names else doubt


def _by_answer(row: Round, doubts: Iterable[Doubt]) -> dict[Key, Doubt]:
    """Return the doubts by answer and kind; of two of one kind the first stands."""
    wanted = list(doubts)
    rows = Answer.objects.filter(round=row, leaf__code__in={doubt.leaf_code for doubt in wanted})
    ids = {(unit, leaf): pk for pk, unit, leaf in rows.values_list("pk", "division__code", "leaf__code")}
    found: dict[Key, Doubt] = {}
    for doubt in wanted:
        answer_id = ids.get((doubt.unit_code, doubt.leaf_code))
        if answer_id:
            found.setdefault((answer_id, str(doubt.kind)), doubt)
    return found


def _figures(doubt: Doubt | Flag) -> str:
    return repr((doubt.message, sorted((name, str(value)) for name, value in doubt.values.items())))


def _refresh(still_open: dict[Key, Flag], found: dict[Key, Doubt]) -> None:
    """Let an open flag tell the figures of now."""
    changed = []
    for key in still_open.keys() & found.keys():
        flag, doubt = still_open[key], found[key]
        if _figures(flag) != _figures(doubt):
            flag.message, flag.values = doubt.message, dict(doubt.values)
            changed.append(flag)
    Flag.objects.bulk_update(changed, ["message", "values"])


def _close(gone: list[Flag], at: datetime) -> None:
    for flag in gone:
        flag.status, flag.settled_at, flag.settled_by_name = FlagStatus.CORRECTED, at, flag.answer.author_name
    Flag.objects.bulk_update(gone, ["status", "settled_at", "settled_by_name"])


def close_flags_of(*, actor: Person, answers: Iterable[Answer], at: datetime) -> None:
    """Close what was doubted of answers that somebody changed; the next check looks at the new ones."""
    changed = {answer.pk: answer.round_id for answer in answers}
    doubted = Flag.objects.filter(answer__round__in=set(changed.values()), status=FlagStatus.OPEN)
    wanted = [pk for pk, answer_id in doubted.values_list("pk", "answer_id") if answer_id in changed]
    rows = Flag.objects.select_for_update(of=("self",)).select_related("answer__division")
    flags = list(rows.filter(pk__in=wanted, status=FlagStatus.OPEN).order_by("pk"))
    for flag in flags:
        flag.status, flag.settled_at, flag.settled_by_name = FlagStatus.CORRECTED, at, actor.name
    Flag.objects.bulk_update(flags, ["status", "settled_at", "settled_by_name"])
    audit_many(actor, "flag settled", [(flag, {"status": FlagStatus.CORRECTED}) for flag in flags], at=at)


@transaction.atomic
def confirm_flag(*, actor: Person, flag_id: int, remark: str, at: datetime) -> Flag:
    """Confirm that a doubted answer is right as it stands.

    Raises:
        ReasonMissing: a confirmation says why.
        SettledAlready: somebody was quicker.
    """
    flag = Flag.objects.select_for_update(of=("self",)).select_related("answer__division").get(pk=flag_id)
    if flag.status != FlagStatus.OPEN:
        raise SettledAlready("This flag was settled already")
    if not remark.strip():
        raise ReasonMissing("Say why the answer is right")
    flag.status, flag.settled_at, flag.settled_by_name = FlagStatus.CONFIRMED, at, actor.name
    flag.remark = remark.strip()[:300]
    flag.save(update_fields=["status", "settled_at", "settled_by_name", "remark"])
    audit(actor, "flag settled", flag, at=at, detail={"status": flag.status, "remark": flag.remark})
    return flag
