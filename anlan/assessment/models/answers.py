"""Answers, their authors and verifier, and the flags that checks raise."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from anlan.assessment.models.rounds import Round
from anlan.assessment.models.shapes import SHAPES
from anlan.assessment.models.systems import Leaf
from anlan.ground.versions import Versioned


class AnswerStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")


class Way(models.TextChoices):
    WEB = "web", _("web form")
    WORKBOOK = "workbook", _("workbook")
    PHONE = "phone", _("phone form")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def with_division(self) -> "AnswerQuerySet":
        """Join leaf and division, the division without its shapes."""
        return self.select_related("leaf", "division").defer(*(f"division__{field}" for field in SHAPES))

    def given(self) -> "AnswerQuerySet":
        """Leave out what was cleared."""
        return self.exclude(value=None, day=None)


class Answer(Versioned):
    """One leaf of one unit. Value and day both null: cleared, which is missing and not zero."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField(null=True)
    day = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=AnswerStatus.choices, default=AnswerStatus.DRAFT)
    way = models.CharField(max_length=8, choices=Way.choices)
    author_ids = ArrayField(models.BigIntegerField(), default=list)
    author_name = models.CharField(max_length=80)
    saved_at = models.DateTimeField()
    verified_by_id = models.BigIntegerField(null=True)
    verified_by_name = models.CharField(max_length=80, default="")
    verified_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=500, default="")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="answer_once", fields=["round", "division", "leaf"]),
            models.CheckConstraint(name="answer_value_or_day", condition=Q(value__isnull=True) | Q(day__isnull=True)),
            models.CheckConstraint(
                name="answer_verified_has_verifier",
                condition=~Q(status=AnswerStatus.VERIFIED) | Q(verified_by_id__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_returned_has_reason",
                condition=~Q(status=AnswerStatus.RETURNED) | ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="answer_has_author", condition=RawSQL("cardinality(author_ids) > 0", (), models.BooleanField())
            ),
            models.CheckConstraint(
                name="answer_verifier_is_no_author",
                condition=Q(verified_by_id__isnull=True)
                | Q(RawSQL("NOT (verified_by_id = ANY(author_ids))", (), models.BooleanField())),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaf_id} {self.value if self.day is None else self.day}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return str(self.division.code)


class FlagStatus(models.TextChoices):
    OPEN = "open", _("to be settled")
    CONFIRMED = "confirmed", _("confirmed")
    CORRECTED = "corrected", _("corrected")


class Flag(models.Model):
    """A check's doubt about an answer: somebody confirms or corrects; nothing changes by itself."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=20)
    message = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=FlagStatus.choices, default=FlagStatus.OPEN)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=80, default="")
    remark = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="flag_open_once", fields=["answer", "kind"], condition=Q(status=FlagStatus.OPEN)
            ),
            models.CheckConstraint(
                name="flag_settled_has_time",
                condition=Q(status=FlagStatus.OPEN, settled_at__isnull=True)
                | (~Q(status=FlagStatus.OPEN) & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer_id}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return str(self.answer.division.code)
