"""Indicator systems as versioned data."""

from django.db import models
from django.db.models import Q

from anlan.ground.publishing import Publishable, PublishStatus
from anlan.ground.versions import Versioned


class IndicatorSystem(models.Model):
    """A family of versions under one name."""

    key = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name_zh


class SystemVersion(Publishable, Versioned):
    """One version of a system; `content` is what `core.system_content` makes of it."""

    system = models.ForeignKey(IndicatorSystem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="system_version_number_once", fields=["system", "number"]),
            models.UniqueConstraint(
                name="system_version_one_draft", fields=["system"], condition=Q(status=PublishStatus.DRAFT)
            ),
            models.UniqueConstraint(
                name="system_version_one_published", fields=["system"], condition=Q(status=PublishStatus.PUBLISHED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system.name_zh} v{self.number}"


class Leaf(models.Model):
    """A published version's leaf as a row, so that answers and needs can point at it."""

    system_version = models.ForeignKey(SystemVersion, on_delete=models.PROTECT, related_name="leaves")
    code = models.CharField(max_length=20)
    dimension = models.CharField(max_length=12)
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)
    department = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="leaf_code_once", fields=["system_version", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"
