"""Plans of who gets what: what was asked, the frozen problem, and the answer as rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.plan_life import PlanState
from anlan.allocation.models.rules import Measure
from anlan.ground.fields import DivisionCodeField, FenField
from anlan.ground.versions import Versioned

STATE_CHOICES = [
    (PlanState.DRAFT.value, _("draft")),
    (PlanState.REVIEWED.value, _("put forward")),
    (PlanState.APPROVED.value, _("approved")),
    (PlanState.SUPERSEDED.value, _("superseded")),
]
FROZEN = [PlanState.APPROVED.value, PlanState.SUPERSEDED.value]


class PlanQuerySet(models.QuerySet["Plan"]):
    def plain(self) -> "PlanQuerySet":
        """Leave the frozen problem behind: no page needs all of it."""
        return self.defer("content")

    def approved(self) -> "PlanQuerySet":
        return self.filter(state=PlanState.APPROVED)

    def decided(self) -> "PlanQuerySet":
        """Those that were approved at some time."""
        return self.filter(state__in=FROZEN)


class Plan(Versioned):
    """One plan of a county's money. `asked` are its wishes; `content` and what follows are empty until it is solved."""

    county_code = DivisionCodeField(db_index=True)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=STATE_CHOICES, default=PlanState.DRAFT)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    assessment = models.ForeignKey("assessment.Assessment", on_delete=models.PROTECT, related_name="+")
    variant_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="variants")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    asked = models.JSONField()

    content = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    rule_hashes = models.JSONField(default=dict)
    newer_round = models.CharField(max_length=80, default="")
    notes = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    solver = models.CharField(max_length=40, default="")
    objective = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    gap = models.FloatField(null=True)
    budget_fen = FenField(default=0)
    spent_fen = FenField(default=0)
    solved_at = models.DateTimeField(null=True)

    author_ids = ArrayField(models.BigIntegerField(), default=list)
    made_by_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(max_length=80, default="")
    reviewed_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=500, default="")
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=80, default="")
    approved_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_number_once", fields=["county_code", "number"]),
            models.UniqueConstraint(
                name="plan_one_approved_a_year",
                fields=["county_code", "first_year"],
                condition=Q(state=PlanState.APPROVED),
            ),
            models.CheckConstraint(name="plan_state_is_known", condition=Q(state__in=list(dict(STATE_CHOICES)))),
            models.CheckConstraint(name="plan_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="plan_years_in_order", condition=Q(last_year__gte=F("first_year"), first_year__gte=2000)
            ),
            models.CheckConstraint(
                name="plan_has_author", condition=RawSQL("cardinality(author_ids) > 0", (), models.BooleanField())
            ),
            models.CheckConstraint(name="plan_spends_no_more_than_it_has", condition=Q(spent_fen__lte=F("budget_fen"))),
            models.CheckConstraint(
                name="plan_solved_is_whole",
                condition=Q(solved_at__isnull=True, content__isnull=True, sha256="")
                | (Q(solved_at__isnull=False, content__isnull=False, gap__isnull=False) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="plan_put_forward_is_solved",
                condition=Q(state=PlanState.DRAFT) | Q(solved_at__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_approved_by_somebody",
                condition=~Q(state__in=FROZEN) | Q(approved_at__isnull=False, approved_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_approver_is_second_person",
                condition=Q(approved_by_id__isnull=True)
                | Q(
                    RawSQL(
                        "NOT (approved_by_id = ANY(author_ids)) AND approved_by_id <> reviewed_by_id",
                        (),
                        models.BooleanField(),
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["county_code", "-number"], name="plan_newest")]

    def __str__(self) -> str:
        return f"{self.county_code} #{self.number} {self.name}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]

    @property
    def is_solved(self) -> bool:
        """Tell whether the plan has an answer to what it asks now."""
        return self.solved_at is not None

    @property
    def is_draft(self) -> bool:
        """Tell whether it may still be changed."""
        return self.state == PlanState.DRAFT

    @property
    def left_fen(self) -> int:
        """Return what the plan leaves unspent."""
        return self.budget_fen - self.spent_fen  # type: ignore[no-any-return]


class PlanUnit(models.Model):
    """What a plan gives one unit. Scores and gains are 0 to 1."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="units")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    code = DivisionCodeField()
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    township_code = models.CharField(max_length=12)
    township_name = models.CharField(max_length=80, default="")
    unit_class = models.CharField(max_length=40, default="")
    population = models.PositiveIntegerField()
    is_weak = models.BooleanField()
    score_before = models.FloatField()
    score_after = models.FloatField()
    gain_from_others = models.FloatField(default=0.0)
    money_fen = FenField(default=0)
    line_count = models.PositiveIntegerField(default=0)
    needs_fen = FenField(default=0)
    needs_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_unit_once", fields=["plan", "code"]),
            models.CheckConstraint(
                name="plan_unit_never_loses",
                condition=Q(score_after__gte=F("score_before"), score_after__lte=1.0, money_fen__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.score_before} → {self.score_after}"

    @property
    def gain(self) -> float:
        """Return what its score gains."""
        return self.score_after - self.score_before


class PlanLine(models.Model):
    """So many pieces of one measure for one unit from one source in one year, with the reasons."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey("funds.Source", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    unit_code = DivisionCodeField()
    unit_name = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    township_code = models.CharField(max_length=12)
    township_name = models.CharField(max_length=80, default="")
    dimension = models.CharField(max_length=12)
    source_name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    pieces = models.PositiveIntegerField()
    unit_price_fen = FenField()
    cost_fen = FenField()
    running_fen = FenField(default=0)
    gain = models.FloatField()
    points_per_wan = models.FloatField()
    reasons = models.JSONField(default=list)
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_line_once", fields=["plan", "division", "measure", "source", "year"]),
            models.UniqueConstraint(name="plan_line_position_once", fields=["plan", "position"]),
            models.CheckConstraint(
                name="plan_line_costs_what_its_pieces_cost",
                condition=Q(pieces__gte=1, unit_price_fen__gte=0, running_fen__gte=0)
                & Q(cost_fen=F("pieces") * F("unit_price_fen")),
            ),
        ]
        indexes = [models.Index("plan", "unit_code", name="plan_line_unit")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.measure_id} × {self.pieces}"

    @property
    def total_fen(self) -> int:
        """Return all that the line costs within the plan."""
        return self.cost_fen + self.running_fen  # type: ignore[no-any-return]


class PlanMiss(models.Model):
    """What a unit does not get: how near it came, and why."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="misses")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    unit_code = DivisionCodeField()
    unit_name = models.CharField(max_length=80)
    township_code = models.CharField(max_length=12)
    price_fen = FenField()
    lacking_fen = FenField(null=True)
    points_per_wan = models.FloatField()
    reason = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_miss_once", fields=["plan", "division", "measure"]),
            models.UniqueConstraint(name="plan_miss_rank_once", fields=["plan", "rank"]),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.unit_name}"


class PlanDocument(models.Model):
    """《资源分配方案》 as issued with the approval; files by content hash, never edited."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="documents")
    media = models.CharField(max_length=5)  # docx, xlsx
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="plan_document_once", fields=["plan", "media"])]

    def __str__(self) -> str:
        return self.name
