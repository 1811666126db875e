"""What an assessment found: scores, priced needs and the documents made from them."""

from django.db import models
from django.db.models import Q

from anlan.assessment.models.rounds import Round
from anlan.assessment.models.systems import Leaf
from anlan.ground.fields import FenField
from anlan.ground.publishing import Publishable, PublishStatus


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def plain(self) -> "AssessmentQuerySet":
        """Leave the frozen answers and the system behind: no page needs all of them."""
        return self.defer("content", "round__system_version__content")


class Assessment(Publishable):
    """One run over a round's answers; `content` holds the frozen inputs that it was computed from."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=10)
    seed = models.PositiveBigIntegerField()
    system_sha256 = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    computed_by_name = models.CharField(max_length=80)
    missing_count = models.PositiveIntegerField()
    program_version = models.CharField(max_length=40)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assessment_number_once", fields=["round", "number"]),
            models.UniqueConstraint(
                name="assessment_one_published", fields=["round"], condition=Q(status=PublishStatus.PUBLISHED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.name} #{self.number}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.round.county_code  # type: ignore[no-any-return]


class UnitScore(models.Model):
    """One unit's result. Columns are what rankings sort by; `detail` is the rest, frozen with them."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="unit_scores")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    parent_name = models.CharField(max_length=80, default="")
    level = models.CharField(max_length=12)
    region = models.CharField(max_length=20, default="")
    profiles = models.JSONField(default=list)
    population = models.PositiveIntegerField()
    score = models.FloatField(null=True)
    lower = models.FloatField()
    upper = models.FloatField()
    completeness = models.FloatField()
    grade = models.CharField(max_length=10, default="")
    is_weak = models.BooleanField()
    rank = models.PositiveIntegerField(null=True)
    rank_low = models.PositiveIntegerField(null=True)
    rank_high = models.PositiveIntegerField(null=True)
    org = models.FloatField(null=True)
    capability = models.FloatField(null=True)
    materials = models.FloatField(null=True)
    process = models.FloatField(null=True)
    digital = models.FloatField(null=True)
    detail = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="unit_score_once", fields=["assessment", "code"])]
        indexes = [models.Index("assessment", "level", "rank", name="unit_score_rank")]

    def __str__(self) -> str:
        return f"{self.name} {self.score}"


class Need(models.Model):
    """One priced line of the needs list; plan lines will point at it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="needs")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=12)
    unit_name = models.CharField(max_length=80)
    township_code = models.CharField(max_length=12, default="")
    township_name = models.CharField(max_length=80, default="")
    dimension = models.CharField(max_length=12)
    current = models.FloatField()
    target = models.FloatField()
    gap = models.FloatField()
    loss = models.FloatField()
    obstacle = models.FloatField()
    measure = models.CharField(max_length=200)
    unit_price_fen = FenField()
    quantity = models.FloatField()
    cost_fen = FenField()
    priority = models.PositiveIntegerField()
    department = models.CharField(max_length=20)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="need_once", fields=["assessment", "unit_code", "leaf"]),
            # A leaf without a price still has a gap: listed, and told to cost nothing until somebody prices it.
            models.CheckConstraint(
                name="need_costs_no_less_than_0", condition=Q(unit_price_fen__gte=0, cost_fen__gte=0)
            ),
        ]
        indexes = [models.Index("assessment", "priority", name="need_priority")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.measure}"


class Report(models.Model):
    """A document as issued: files by content hash, never edited; publishing again makes a new number."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reports")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # report, needs, scores
    media = models.CharField(max_length=5)  # docx, pdf, xlsx
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    input_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="report_number_once", fields=["assessment", "division", "kind", "media", "number"]
            )
        ]

    def __str__(self) -> str:
        return self.name
