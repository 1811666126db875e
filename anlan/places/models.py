"""Divisions valid in time, what became of them, rivers and roads. Places are degrees in WGS 84."""

from typing import Any

from django.contrib.gis.db.models import LineStringField, MultiLineStringField, MultiPolygonField, PointField
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Now, TruncDate
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField
from anlan.ground.versions import Versioned
from anlan.kernel.codes import Level
from anlan.places.core.hazard_values import HAZARD_KIND_NAMES, RISK_NAMES
from anlan.places.core.values import (
    HAZARD_NAMES,
    LANDFORM_NAMES,
    LEVEL_NAMES,
    NET_NAMES,
    REGION_NAMES,
    ROAD_NAMES,
    URBAN_RURAL_NAMES,
)

LEVEL_CHOICES = [(level.value, _(name)) for level, name in LEVEL_NAMES.items()]
LANDFORM_CHOICES = [(landform.value, _(name)) for landform, name in LANDFORM_NAMES.items()]
REGION_CHOICES = [(region.value, _(name)) for region, name in REGION_NAMES.items()]
HAZARD_CHOICES = [(hazard.value, _(name)) for hazard, name in HAZARD_NAMES.items()]
URBAN_RURAL_CHOICES = [(code, _(name)) for code, name in URBAN_RURAL_NAMES.items()]
NET_CHOICES = [(origin.value, _(name)) for origin, name in NET_NAMES.items()]
HAZARD_KIND_CHOICES = [(kind.value, _(name)) for kind, name in HAZARD_KIND_NAMES.items()]
RISK_CHOICES = [(risk.value, _(name)) for risk, name in RISK_NAMES.items()]
ROAD_CHOICES = [(kind.value, _(name)) for kind, name in ROAD_NAMES.items()]

CODE_OF_LEVEL = {
    Level.PROVINCE: r"^[0-9]{2}0{10}$",
    Level.CITY: r"^[0-9]{2}(?!00)[0-9]{2}0{8}$",
    Level.COUNTY: r"^[0-9]{4}(?!00)[0-9]{2}0{6}$",
    Level.TOWNSHIP: r"^[0-9]{6}(?!000)[0-9]{3}000$",
    Level.VILLAGE: r"^[0-9]{9}(?!000)[0-9]{3}$",
}


def _code_fits_level() -> Q:
    fits = Q()
    for level, pattern in CODE_OF_LEVEL.items():
        fits |= Q(level=level.value, code__regex=pattern)
    return fits


class DivisionQuerySet(models.QuerySet["Division"]):
    def valid_on(self, day: Any) -> "DivisionQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)

    def valid_today(self) -> "DivisionQuerySet":
        # A door asks the database's clock: what stands now is no figure that anybody recomputes later.
        return self.valid_on(TruncDate(Now()))

    def within(self, prefix: str) -> "DivisionQuerySet":
        return self.filter(code__startswith=prefix)

    def plain(self) -> "DivisionQuerySet":
        """Leave the shapes behind: they are most of a row's weight."""
        return self.defer("boundary", "outline", "seat")


class Division(Versioned):
    """A province, city, county, township or village, as it stood from one day up to but not including another."""

    code = DivisionCodeField(verbose_name=_("code"))
    name = models.CharField(max_length=60, verbose_name=_("name"))
    pinyin = models.CharField(max_length=400, default="")
    initials = models.CharField(max_length=60, default="")
    level = models.CharField(max_length=10, choices=LEVEL_CHOICES, verbose_name=_("level"))
    valid_from = models.DateField(verbose_name=_("valid from"))
    valid_until = models.DateField(null=True, verbose_name=_("valid until"))
    population = models.IntegerField(null=True, verbose_name=_("population"))
    households = models.IntegerField(null=True, verbose_name=_("households"))
    area_km2 = models.FloatField(null=True, verbose_name=_("area (km²)"))
    landform = models.CharField(max_length=10, choices=LANDFORM_CHOICES, default="", verbose_name=_("landform"))
    urban_rural_code = models.CharField(
        max_length=3, choices=URBAN_RURAL_CHOICES, default="", verbose_name=_("urban–rural code")
    )
    region_type = models.CharField(max_length=20, choices=REGION_CHOICES, default="", verbose_name=_("region type"))
    hazards = ArrayField(
        models.CharField(max_length=20, choices=HAZARD_CHOICES), default=list, verbose_name=_("hazards")
    )
    boundary = MultiPolygonField(null=True)
    outline = MultiPolygonField(null=True, spatial_index=False)  # the boundary simplified for maps, neighbours alike
    seat = PointField(null=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="division_code"),
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="division_name"),
            models.Index(fields=["pinyin"], opclasses=["varchar_pattern_ops"], name="division_pinyin"),
            models.Index(fields=["initials"], opclasses=["varchar_pattern_ops"], name="division_initials"),
        ]
        constraints = [
            models.CheckConstraint(name="division_code_fits_level", condition=_code_fits_level()),
            models.CheckConstraint(name="division_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="division_ends_after_it_starts",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="division_counts_are_not_negative",
                condition=(Q(population__isnull=True) | Q(population__gte=0))
                & (Q(households__isnull=True) | Q(households__gte=0))
                & (Q(area_km2__isnull=True) | Q(area_km2__gte=0)),
            ),
            models.CheckConstraint(
                name="division_households_within_population",
                condition=Q(population__isnull=True) | Q(households__isnull=True) | Q(households__lte=F("population")),
            ),
            models.CheckConstraint(
                name="division_landform_is_known", condition=Q(landform__in=["", *dict(LANDFORM_CHOICES)])
            ),
            models.CheckConstraint(
                name="division_urban_rural_code_is_known",
                condition=Q(urban_rural_code__in=["", *dict(URBAN_RURAL_CHOICES)]),
            ),
            models.CheckConstraint(
                name="division_region_type_is_known", condition=Q(region_type__in=["", *dict(REGION_CHOICES)])
            ),
            models.CheckConstraint(
                name="division_hazards_are_known", condition=Q(hazards__contained_by=list(dict(HAZARD_CHOICES)))
            ),
            ExclusionConstraint(
                name="division_code_stands_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_until", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SuccessorLink(models.Model):
    """Where a division went when it ended: all of it, or a share."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="successor_links")
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="predecessor_links")
    share = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="successor_once", fields=["division", "successor"]),
            models.CheckConstraint(name="successor_share_is_a_part", condition=Q(share__gt=0) & Q(share__lte=1)),
            models.CheckConstraint(name="successor_is_another", condition=~Q(division=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} → {self.successor_id}"


class River(models.Model):
    """A river inside one county."""

    county_code = DivisionCodeField()
    name = models.CharField(max_length=60)
    into = models.CharField(max_length=60, default="")
    drained_km2 = models.FloatField(null=True)
    lines = MultiLineStringField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="river_once_a_county", fields=["county_code", "name"]),
            models.CheckConstraint(
                name="river_drains_land", condition=Q(drained_km2__isnull=True) | Q(drained_km2__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Road(models.Model):
    """A piece of road inside one county; pieces of one road share its code."""

    county_code = DivisionCodeField(db_index=True)
    code = models.CharField(max_length=20, default="")
    name = models.CharField(max_length=80, default="")
    kind = models.CharField(max_length=12, choices=ROAD_CHOICES)
    line = LineStringField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="road_kind_is_known", condition=Q(kind__in=list(dict(ROAD_CHOICES)))),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class RoadNet(Versioned):
    """A county's roads as a graph, in compact arrays: a million pieces open in a fifth of a second."""

    county_code = DivisionCodeField(unique=True)
    origin = models.CharField(max_length=6, choices=NET_CHOICES, verbose_name=_("made from"))
    file_name = models.CharField(max_length=200, default="")
    made_at = models.DateTimeField(verbose_name=_("made at"))
    node_count = models.PositiveIntegerField()
    piece_count = models.PositiveIntegerField()
    heap_count = models.PositiveIntegerField()
    length_km = models.FloatField()
    speeds = models.JSONField(default=dict)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="road_net_origin_is_known", condition=Q(origin__in=list(dict(NET_CHOICES)))),
            models.CheckConstraint(name="road_net_has_roads", condition=Q(piece_count__gt=0, node_count__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.county_code)

    @property
    def code(self) -> str:
        """Return whose roads they are, for the audit trail."""
        return str(self.county_code)


class HazardZone(Versioned):
    """A place that threatens people: a point, or an area with the point at which it is drawn."""

    code = models.CharField(max_length=40, verbose_name=_("number"))
    name = models.CharField(max_length=80, verbose_name=_("name"))
    kind = models.CharField(max_length=16, choices=HAZARD_KIND_CHOICES, verbose_name=_("kind of hazard"))
    risk = models.PositiveSmallIntegerField(choices=RISK_CHOICES, verbose_name=_("risk"))
    division_code = DivisionCodeField(verbose_name=_("unit"))
    unit_name = models.CharField(max_length=60, default="", verbose_name=_("unit"))
    people = models.PositiveIntegerField(null=True, verbose_name=_("people threatened"))
    households = models.PositiveIntegerField(null=True, verbose_name=_("households threatened"))
    place = PointField(verbose_name=_("place"))
    area = MultiPolygonField(null=True, verbose_name=_("area"))
    retired_on = models.DateField(null=True, verbose_name=_("struck off"))
    note = models.CharField(max_length=200, default="", verbose_name=_("note"))

    class Meta:
        indexes = [
            models.Index(fields=["division_code"], opclasses=["varchar_pattern_ops"], name="hazard_zone_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(Left("division_code", 6), "code", name="hazard_zone_number_once_a_county"),
            models.CheckConstraint(name="hazard_zone_has_a_number_and_a_name", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(
                name="hazard_zone_kind_is_known", condition=Q(kind__in=list(dict(HAZARD_KIND_CHOICES)))
            ),
            models.CheckConstraint(name="hazard_zone_risk_is_known", condition=Q(risk__in=list(dict(RISK_CHOICES)))),
            models.CheckConstraint(name="hazard_zone_unit_is_a_code", condition=Q(division_code__regex=r"^[0-9]{12}$")),
        ]

    def __str__(self) -> str:
        return self.name


class HazardSquare(models.Model):
    """Standing hazard zones of one township in one square of the map, counted beforehand for the tiles."""

    cell = models.BigIntegerField()
    code = models.CharField(max_length=9)
    count = models.PositiveIntegerField()
    worst = models.PositiveSmallIntegerField()
    people = models.BigIntegerField()
    x = models.FloatField()
    y = models.FloatField()
    only_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="hazard_square_of_unit")]
        constraints = [models.UniqueConstraint(name="hazard_square_once_a_township", fields=["cell", "code"])]

    def __str__(self) -> str:
        return f"{self.cell}: {self.count}"
