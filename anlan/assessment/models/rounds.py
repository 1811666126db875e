"""Survey rounds, who fills what in them, and what operations show beside it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.assessment.models.shapes import SHAPES
from anlan.assessment.models.systems import SystemVersion
from anlan.ground.fields import DivisionCodeField
from anlan.ground.versions import Versioned


class RoundStatus(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Round(Versioned):
    """One full-coverage survey of a county on one version of an indicator system."""

    name = models.CharField(max_length=60)
    county_code = DivisionCodeField()
    system_version = models.ForeignKey(SystemVersion, on_delete=models.PROTECT, related_name="rounds")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=RoundStatus.choices, default=RoundStatus.DRAFT)
    opens_on = models.DateField()
    closes_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="round_name_once", fields=["county_code", "name"]),
            models.CheckConstraint(name="round_closes_after_opening", condition=Q(closes_on__gt=F("opens_on"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """The division whose people may see it."""
        return str(self.county_code)


class AssignmentStatus(models.TextChoices):
    OPEN = "open", _("being filled in")
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def with_division(self) -> "AssignmentQuerySet":
        """Join the division without its shapes."""
        return self.select_related("division").defer(*(f"division__{field}" for field in SHAPES))


class Assignment(Versioned):
    """What one department fills in for one unit."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=AssignmentStatus.choices, default=AssignmentStatus.OPEN)
    submitted_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="assignment_once", fields=["round", "division", "department"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.division_id} {self.department}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return str(self.division.code)


class Reminder(models.Model):
    """A reminder sent for a round to a unit's department, at most one a day."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reminders")
    township_code = DivisionCodeField()
    department = models.CharField(max_length=20)
    sent_on = models.DateField()
    outstanding = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reminder_once_a_day", fields=["round", "township_code", "department", "sent_on"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.township_code} {self.department} {self.sent_on}"


class Evidence(models.Model):
    """What records show for a leaf of a unit at a round's closing date, kept beside the self-report."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="evidence")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    leaf_code = models.CharField(max_length=20)
    value = models.FloatField()
    source = models.CharField(max_length=60)
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="evidence_once", fields=["round", "division", "leaf_code"])]

    def __str__(self) -> str:
        return f"{self.leaf_code} {self.value}"
