"""How far a result can be relied on: what was answered, verified, doubted, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, Q, QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.core.values import Leaf, System
from anlan.assessment.models import Assessment, Flag, FlagStatus, UnitScore
from anlan.assessment.queries.results import scores_of
from anlan.assessment.queries.surveys import system_of

MOST_LISTED = 200
# The frozen answers are [unit, leaf, value, day, evidence, verified]; the database counts them where they lie.
_COUNT_ANSWERS = """
SELECT count(*), count(*) FILTER (WHERE (answer ->> 5)::boolean), count(*) FILTER (WHERE answer ->> 4 IS NOT NULL)
FROM assessment_assessment, jsonb_array_elements(content -> 'survey' -> 'answers') AS answer
WHERE id = %s AND answer ->> 0 LIKE ANY(%s)
"""
_LEAVES = """
SELECT unit.code, unit.name, unit.parent_name, leaf ->> 'leaf_code', leaf -> 'value', leaf -> 'evidence_value',
       count(*) OVER ()
FROM assessment_unitscore AS unit, jsonb_array_elements(unit.detail -> 'leaves') AS leaf
WHERE unit.assessment_id = %s AND unit.code LIKE ANY(%s) AND {condition}
ORDER BY unit.code, leaf ->> 'leaf_code' LIMIT %s
"""
_DOUBTFUL = _LEAVES.format(condition="(leaf ->> 'is_doubtful')::boolean")
_MISSING = _LEAVES.format(condition="unit.completeness < 1 AND leaf ->> 'score' IS NULL")


@dataclass(frozen=True, slots=True)
class LeafOfUnit:
    """One answer of one unit that somebody should look at again."""

    code: str
    name: str
    parent_name: str
    leaf: Leaf
    value: float | None
    evidence_value: float | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of them, and how many there are in all."""

    rows: tuple[LeafOfUnit, ...]
    total: int

    @property
    def left_out(self) -> int:
        """How many are not listed."""
        return self.total - len(self.rows)


def quality_of(assessment: Assessment, scope: Scope) -> dict[str, Any]:
    """Return how far the result can be relied on: completeness, verified share, doubts and flags."""
    system = system_of(assessment.round)
    rows = scores_of(assessment, scope)
    answers, verified, shown = _answer_counts(assessment, scope)
    figures = rows.order_by().aggregate(
        units=Count("pk"),
        complete=Count("pk", filter=Q(completeness__gte=1)),
        graded=Count("pk", filter=~Q(grade="")),
        completeness=Avg("completeness"),
    )
    doubts = _listed(_DOUBTFUL, assessment, scope, system)
    return figures | {
        "ungraded": rows.filter(grade="").order_by("completeness", "code")[:MOST_LISTED],
        "thin": rows.exclude(grade="").filter(completeness__lt=1).order_by("completeness", "code")[:MOST_LISTED],
        "answers": answers,
        "verified": verified,
        "verified_share": verified / answers if answers else None,
        "shown": shown,
        "agreeing": shown - doubts.total,
        "doubts": doubts,
        "missing": _listed(_MISSING, assessment, scope, system),
        "flags": open_flags(assessment, scope).count(),
    }


def open_flags(assessment: Assessment, scope: Scope) -> QuerySet[Flag]:
    """Return the checks' doubts about the round's answers that nobody has settled yet."""
    return Flag.objects.filter(
        scope.q("answer__division__code"), answer__round=assessment.round_id, status=FlagStatus.OPEN
    )


def missing_of(score: UnitScore) -> list[str]:
    """Return the codes of the leaves that the unit left out."""
    return [leaf["leaf_code"] for leaf in score.detail["leaves"] if leaf["score"] is None]


def _patterns(scope: Scope) -> list[str]:
    return [f"{prefix}%" for prefix in scope.prefixes]


def _answer_counts(assessment: Assessment, scope: Scope) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ANSWERS, [assessment.pk, _patterns(scope)])
        row = cursor.fetchone()
    return row or (0, 0, 0)


def _listed(statement: str, assessment: Assessment, scope: Scope, system: System) -> Listed:
    leaves = {leaf.code: leaf for leaf in system.leaves}
    with connection.cursor() as cursor:
        cursor.execute(statement, [assessment.pk, _patterns(scope), MOST_LISTED])
        found = cursor.fetchall()
    rows = tuple(
        LeafOfUnit(code, name, parent, leaves[leaf], _number(value), _number(evidence))
        for code, name, parent, leaf, value, evidence, _total in found
    )
    return Listed(rows, found[0][-1] if found else 0)


def _number(value: Any) -> float | None:
    """A raw statement returns JSON as text."""
    return None if value in (None, "null") else float(value)
