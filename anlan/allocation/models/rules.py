"""The rules by which support is given: decision table, measures and strategy as versioned data, and what follows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField, FenField
from anlan.ground.publishing import Publishable, PublishStatus
from anlan.ground.versions import Versioned


class RuleKind(models.TextChoices):
    CLASSES = "classes", _("decision table of classes")
    MEASURES = "measures", _("catalogue of measures")
    STRATEGY = "strategy", _("strategy table")


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def of(self, county_code: str, kind: str) -> "RuleVersionQuerySet":
        return self.filter(county_code=county_code, kind=kind)

    def published(self) -> "RuleVersionQuerySet":
        return self.filter(status=PublishStatus.PUBLISHED)

    def draft(self) -> "RuleVersionQuerySet":
        return self.filter(status=PublishStatus.DRAFT)


class RuleVersion(Publishable, Versioned):
    """One version of one county's rules of one kind; `content` is what its reader in `core` makes of it."""

    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    county_code = DivisionCodeField()
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, default="")

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rule_version_number_once", fields=["county_code", "kind", "number"]),
            models.UniqueConstraint(
                name="rule_version_one_draft", fields=["county_code", "kind"], condition=Q(status=PublishStatus.DRAFT)
            ),
            models.UniqueConstraint(
                name="rule_version_one_published",
                fields=["county_code", "kind"],
                condition=Q(status=PublishStatus.PUBLISHED),
            ),
            models.CheckConstraint(name="rule_version_kind_is_known", condition=Q(kind__in=RuleKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.kind} v{self.number}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]


class Measure(models.Model):
    """A published version's measure (帮扶措施) as a row, so that plan lines can point at it."""

    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=20)
    dimension = models.CharField(max_length=12)
    level = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    unit = models.CharField(max_length=24)
    unit_price_fen = FenField()
    running_fen = FenField(default=0)
    department = models.CharField(max_length=20)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measure_code_once", fields=["rule_version", "code"]),
            models.CheckConstraint(
                name="measure_costs_no_less_than_0", condition=Q(unit_price_fen__gte=0, running_fen__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class UnitClass(models.Model):
    """The class that a decision table gives a division, with the row that matched and the facts it was judged by."""

    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="unit_classes")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    code = DivisionCodeField()
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    class_key = models.CharField(max_length=40)
    row_number = models.PositiveIntegerField()
    facts = models.JSONField()
    classified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unit_class_once", fields=["rule_version", "division"]),
            models.CheckConstraint(name="unit_class_row_counts_from_1", condition=Q(row_number__gte=1)),
        ]
        indexes = [models.Index("rule_version", "code", name="unit_class_code")]

    def __str__(self) -> str:
        return f"{self.name} {self.class_key}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.code  # type: ignore[no-any-return]
