"""Sites: where things are kept and where people are sheltered."""

from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField, EncryptedTextField
from anlan.ground.versions import Versioned
from anlan.stores.core.values import KIND_NAMES, SHELTERS, SiteKind, persons_on

KIND_CHOICES = [(kind.value, _(name)) for kind, name in KIND_NAMES.items()]
SHELTER_KINDS = sorted(kind.value for kind in SHELTERS)


class SiteQuerySet(models.QuerySet["Site"]):
    def within(self, prefix: str) -> "SiteQuerySet":
        return self.filter(division_code__startswith=prefix)


class Site(Versioned):
    """A reserve point, warehouse or shelter. `capacity` as stated: persons in a shelter, m³ in a store."""

    name = models.CharField(max_length=80, verbose_name=_("name"))
    kind = models.CharField(max_length=16, choices=KIND_CHOICES, verbose_name=_("kind"))
    division_code = DivisionCodeField(verbose_name=_("unit"))
    unit_name = models.CharField(max_length=60, default="", verbose_name=_("unit"))
    place = PointField(verbose_name=_("place"))
    capacity = models.PositiveIntegerField(null=True, verbose_name=_("capacity"))
    effective_area_m2 = models.FloatField(null=True, verbose_name=_("effective area (m²)"))
    is_open = models.BooleanField(default=True, verbose_name=_("open"))
    keeper_name = models.CharField(max_length=40, default="", verbose_name=_("keeper"))
    keeper_phone = EncryptedTextField(default=b"", verbose_name=_("keeper's phone"))

    objects = SiteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division_code"], opclasses=["varchar_pattern_ops"], name="site_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(name="site_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="site_kind_is_known", condition=Q(kind__in=list(dict(KIND_CHOICES)))),
            models.CheckConstraint(name="site_unit_is_a_code", condition=Q(division_code__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(
                name="site_area_is_a_shelters",
                condition=Q(effective_area_m2__isnull=True) | Q(effective_area_m2__gt=0, kind__in=SHELTER_KINDS),
            ),
            models.UniqueConstraint(name="site_once_a_unit", fields=["division_code", "kind", "name"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shelter(self) -> bool:
        """Tell whether people stay there."""
        return self.kind in SHELTER_KINDS

    @property
    def persons_by_area(self) -> int | None:
        """Return how many people the area holds by the norm of its kind."""
        if self.effective_area_m2 is None or not self.is_shelter:
            return None
        return persons_on(SiteKind(self.kind), self.effective_area_m2)

    @property
    def holds(self) -> int | None:
        """Return the capacity to plan with: by the area where that is known, else as stated."""
        by_area = self.persons_by_area
        return self.capacity if by_area is None else by_area
