"""Siting studies: what was asked, where points shall stand, and which village goes to which."""

from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.siting_study import (
    ABSENCE_NAMES,
    CANDIDATES_NAMES,
    QUESTION_NAMES,
    STATUS_NAMES,
    WAY_NAMES,
    WEIGHING_NAMES,
    Question,
    SitingStatus,
)
from anlan.ground.fields import DivisionCodeField, FenField
from anlan.ground.versions import Versioned
from anlan.stores.core.values import KIND_NAMES

STATUS_CHOICES = [(each.value, _(name)) for each, name in STATUS_NAMES.items()]
QUESTION_CHOICES = [(each.value, _(name)) for each, name in QUESTION_NAMES.items()]
WEIGHING_CHOICES = [(each.value, _(name)) for each, name in WEIGHING_NAMES.items()]
CANDIDATES_CHOICES = [(each.value, _(name)) for each, name in CANDIDATES_NAMES.items()]
WAY_CHOICES = [(each.value, _(name)) for each, name in WAY_NAMES.items()]
ABSENCE_CHOICES = [(each.value, _(name)) for each, name in ABSENCE_NAMES.items()]
KIND_CHOICES = [(kind.value, _(name)) for kind, name in KIND_NAMES.items()]


class SitingQuerySet(models.QuerySet["Siting"]):
    def adopted(self) -> "SitingQuerySet":
        return self.filter(status=SitingStatus.ADOPTED)

    def solved(self) -> "SitingQuerySet":
        return self.exclude(status=SitingStatus.DRAFT)


class Siting(Versioned):
    """One study of a county. `figures` and `curve` are what was found; `sha256` is of all that it was found from."""

    county_code = DivisionCodeField()
    name = models.CharField(max_length=60, verbose_name=_("name"))
    kind = models.CharField(max_length=16, choices=KIND_CHOICES, verbose_name=_("kind of point"))
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=SitingStatus.DRAFT.value)
    question = models.CharField(max_length=14, choices=QUESTION_CHOICES)
    weighing = models.CharField(max_length=14, choices=WEIGHING_CHOICES)
    candidates = models.CharField(max_length=10, choices=CANDIDATES_CHOICES)
    chosen = models.JSONField(default=list)
    keeps_existing = models.BooleanField(default=True)
    way = models.CharField(max_length=14, choices=WAY_CHOICES)
    within_minutes = models.FloatField()
    points = models.PositiveIntegerField(null=True)
    share = models.FloatField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    cost_fen = FenField(null=True)
    minute_fen = FenField(default=0)
    is_whole = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=80)
    solved_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    curve = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, default="")
    measure_code = models.CharField(max_length=20, default="")
    adopted_at = models.DateTimeField(null=True)
    adopted_by_id = models.BigIntegerField(null=True)
    adopted_by_name = models.CharField(max_length=80, default="")
    reason = models.CharField(max_length=200, default="")

    objects = SitingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["county_code", "status"], name="siting_of_county")]
        constraints = [
            models.UniqueConstraint(name="siting_name_once_a_county", fields=["county_code", "name"]),
            models.UniqueConstraint(
                name="siting_one_adopted_a_kind",
                fields=["county_code", "kind"],
                condition=Q(status=SitingStatus.ADOPTED.value),
            ),
            models.CheckConstraint(name="siting_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="siting_county_is_a_code", condition=Q(county_code__regex=r"^[0-9]{6}0{6}$")),
            models.CheckConstraint(name="siting_kind_is_known", condition=Q(kind__in=list(dict(KIND_CHOICES)))),
            models.CheckConstraint(name="siting_status_is_known", condition=Q(status__in=list(dict(STATUS_CHOICES)))),
            models.CheckConstraint(name="siting_way_is_known", condition=Q(way__in=list(dict(WAY_CHOICES)))),
            models.CheckConstraint(name="siting_minutes_above_0", condition=Q(within_minutes__gt=0)),
            models.CheckConstraint(
                name="siting_question_has_its_number",
                condition=Q(
                    question__in=[Question.LEAST_TRAVEL.value, Question.MOST_COVERED.value],
                    points__isnull=False,
                    points__gte=1,
                )
                | Q(question=Question.FEWEST_POINTS.value, share__isnull=False, share__gt=0, share__lte=1)
                | Q(
                    question=Question.ENOUGH_ROOM.value,
                    capacity__isnull=False,
                    capacity__gte=1,
                    cost_fen__isnull=False,
                    cost_fen__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="siting_solved_has_a_hash",
                condition=Q(status=SitingStatus.DRAFT.value, solved_at__isnull=True, sha256="")
                | Q(solved_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(status=SitingStatus.DRAFT.value),
            ),
            models.CheckConstraint(
                name="siting_adopted_names_a_measure",
                condition=~Q(status=SitingStatus.ADOPTED.value) | Q(adopted_at__isnull=False) & ~Q(measure_code=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]


class SitingPoint(models.Model):
    """A place where something stands or shall stand. `load` is what it serves, as the study counts."""

    siting = models.ForeignKey(Siting, on_delete=models.CASCADE, related_name="places")
    code = DivisionCodeField()
    name = models.CharField(max_length=80)
    place = PointField()
    is_existing = models.BooleanField()
    site = models.ForeignKey("stores.Site", on_delete=models.SET_NULL, null=True, related_name="+")
    capacity = models.PositiveIntegerField(null=True)
    load = models.FloatField()
    village_count = models.PositiveIntegerField()
    mean_minutes = models.FloatField(null=True)
    worst_minutes = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="siting_point_new_once_a_unit", fields=["siting", "code"], condition=Q(is_existing=False)
            ),
            models.CheckConstraint(name="siting_point_code_is_a_code", condition=Q(code__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(name="siting_point_load_not_below_0", condition=Q(load__gte=0)),
            models.CheckConstraint(
                name="siting_point_worst_is_worst",
                condition=Q(mean_minutes__isnull=True)
                | Q(worst_minutes__isnull=False, worst_minutes__gte=F("mean_minutes") - 1e-6),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SitingVillage(models.Model):
    """A village that needs the points: where it goes and how long it takes, or why it goes nowhere."""

    siting = models.ForeignKey(Siting, on_delete=models.CASCADE, related_name="villages")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    code = DivisionCodeField()
    name = models.CharField(max_length=60)
    weight = models.FloatField(null=True)
    point = models.ForeignKey(SitingPoint, on_delete=models.CASCADE, null=True, related_name="served")
    minutes = models.FloatField(null=True)
    absence = models.CharField(max_length=10, choices=ABSENCE_CHOICES, default="")
    parts = models.JSONField(default=list)  # [name of the point, share] of each, where the village is split

    class Meta:
        constraints = [
            models.UniqueConstraint(name="siting_village_once", fields=["siting", "division"]),
            models.CheckConstraint(
                name="siting_village_absence_is_known", condition=Q(absence__in=["", *dict(ABSENCE_CHOICES)])
            ),
            models.CheckConstraint(
                name="siting_village_goes_or_says_why",
                condition=Q(point__isnull=False, minutes__isnull=False, minutes__gte=0)
                | Q(point__isnull=True) & ~Q(absence=""),
            ),
            models.CheckConstraint(
                name="siting_village_weight_not_below_0", condition=Q(weight__isnull=True) | Q(weight__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """The division that it is."""
        return self.code  # type: ignore[no-any-return]
