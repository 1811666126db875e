"""The register: stations, the devices that stand there, and the datastreams that they tell."""

from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import Transform
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField, EncryptedTextField
from anlan.ground.versions import Versioned
from anlan.telemetry.core.properties import PROPERTIES, PROTOCOL_NAMES, STATION_KIND_NAMES
from anlan.telemetry.core.quantities import QUANTITIES
from anlan.telemetry.core.rules import COLOUR_NAMES

KIND_CHOICES = [(kind.value, _(name)) for kind, name in STATION_KIND_NAMES.items()]
PROTOCOL_CHOICES = [(protocol.value, _(name)) for protocol, name in PROTOCOL_NAMES.items()]
PROPERTY_CHOICES = [(each.value, _(facts.name)) for each, facts in PROPERTIES.items()]
QUANTITY_CHOICES = [(each.value, _(facts.name)) for each, facts in QUANTITIES.items()]
COLOUR_CHOICES = [(colour.value, _(name)) for colour, name in COLOUR_NAMES.items()]


class StationQuerySet(models.QuerySet["Station"]):
    def within(self, prefix: str) -> "StationQuerySet":
        return self.filter(division_code__startswith=prefix)

    def in_use(self) -> "StationQuerySet":
        return self.filter(is_in_use=True)


class Station(Versioned):
    """A place that is watched. Stations of one `site` (a slope, a reservoir) speak for it together."""

    code = models.CharField(max_length=40, unique=True, verbose_name=_("code"))
    name = models.CharField(max_length=80, verbose_name=_("name"))
    kind = models.CharField(max_length=16, choices=KIND_CHOICES, verbose_name=_("kind"))
    division_code = DivisionCodeField(verbose_name=_("unit"))
    unit_name = models.CharField(max_length=60, default="", verbose_name=_("unit"))
    place = PointField(verbose_name=_("place"))
    place_3857 = models.GeneratedField(
        expression=Transform("place", 3857), output_field=PointField(srid=3857), db_persist=True
    )
    elevation_m = models.FloatField(null=True, verbose_name=_("elevation (m)"))
    site = models.CharField(max_length=80, default="", verbose_name=_("site"))
    river = models.CharField(max_length=60, default="", verbose_name=_("river"))
    upstream = models.ManyToManyField("self", symmetrical=False, related_name="downstream", verbose_name=_("upstream"))
    owner = models.CharField(max_length=80, default="", verbose_name=_("owner"))
    maintainer = models.CharField(max_length=80, default="", verbose_name=_("maintained by"))
    maintained_on = models.DateField(null=True, verbose_name=_("last maintained"))
    keeper_name = models.CharField(max_length=40, default="", verbose_name=_("responsible person"))
    keeper_phone = EncryptedTextField(default=b"", verbose_name=_("phone"))
    installed_on = models.DateField(null=True, verbose_name=_("installed"))
    is_in_use = models.BooleanField(default=True, verbose_name=_("in use"))
    note = models.CharField(max_length=200, default="", verbose_name=_("note"))

    objects = StationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division_code"], opclasses=["varchar_pattern_ops"], name="station_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(name="station_has_a_code_and_a_name", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(name="station_kind_is_known", condition=Q(kind__in=list(dict(KIND_CHOICES)))),
            models.CheckConstraint(name="station_unit_is_a_code", condition=Q(division_code__regex=r"^[0-9]{12}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place_key(self) -> str:
        """Return what its sensors speak for together: the site, else the station alone."""
        return f"site:{self.division_code[:6]}:{self.site}" if self.site else f"station:{self.code}"


class AtStation(Versioned):
    """What stands at a station is filed where the station stands."""

    class Meta:
        abstract = True

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.station.division_code  # type: ignore[no-any-return, attr-defined]


class Device(AtStation):
    """What stands at a station and speaks. `code` is its name on every wire but SL 651, where it is `address`."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="devices", verbose_name=_("station"))
    code = models.CharField(max_length=40, unique=True, verbose_name=_("code"))
    protocol = models.CharField(max_length=16, choices=PROTOCOL_CHOICES, verbose_name=_("protocol"))
    model = models.CharField(max_length=80, default="", verbose_name=_("make and model"))
    address = models.CharField(max_length=10, null=True, unique=True, verbose_name=_("SL 651 address"))  # noqa: DJ001
    centre = models.PositiveSmallIntegerField(default=1, verbose_name=_("SL 651 centre"))
    password = EncryptedTextField(default=b"", verbose_name=_("SL 651 password"))
    dialect = models.JSONField(default=dict, verbose_name=_("extensions"))  # elements and functions beyond the standard
    key_hash = models.CharField(max_length=64, default="", verbose_name=_("key"))  # ground.fields.keyed_hash
    mqtt_entry = models.CharField(max_length=200, default="")  # the broker's own hash of the key
    is_in_use = models.BooleanField(default=True, verbose_name=_("in use"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="device_code_is_plain", condition=Q(code__regex=r"^[A-Za-z0-9_.-]{1,40}$")),
            models.CheckConstraint(
                name="device_protocol_is_known", condition=Q(protocol__in=list(dict(PROTOCOL_CHOICES)))
            ),
            models.CheckConstraint(
                name="device_address_is_ten_hex_digits",
                condition=Q(address__isnull=True) | Q(address__regex=r"^[0-9A-F]{10}$"),
            ),
            models.CheckConstraint(name="device_centre_is_a_byte", condition=Q(centre__gte=1, centre__lte=255)),
            models.UniqueConstraint(name="device_key_once", fields=["key_hash"], condition=~Q(key_hash="")),
        ]

    def __str__(self) -> str:
        return self.code


class Datastream(AtStation):
    """One property measured at a station. `element` is its name on the wire of the device that tells it now."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="datastreams")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="datastreams")
    element = models.CharField(max_length=40, verbose_name=_("element"))
    name = models.CharField(max_length=80, default="", verbose_name=_("name"))
    property = models.CharField(max_length=16, choices=PROPERTY_CHOICES, verbose_name=_("property"))
    unit = models.CharField(max_length=16, verbose_name=_("unit (UCUM)"))
    factor = models.FloatField(default=1.0, verbose_name=_("factor"))  # wire value × factor + offset = stored value
    offset = models.FloatField(default=0.0, verbose_name=_("offset"))
    interval_s = models.FloatField(default=3600.0, verbose_name=_("reporting interval (s)"))
    lowest = models.FloatField(null=True, verbose_name=_("lowest"))
    highest = models.FloatField(null=True, verbose_name=_("highest"))
    spike = models.FloatField(null=True, verbose_name=_("spike"))
    stuck_s = models.FloatField(null=True, verbose_name=_("suspicious when unchanged for (s)"))
    is_counter = models.BooleanField(default=False, verbose_name=_("counter"))  # rain that only grows
    wraps_at = models.FloatField(null=True, verbose_name=_("counter begins again at"))
    uniform_mm_d = models.FloatField(null=True, verbose_name=_("uniform rate V (mm/d)"))
    uniform_by_id = models.BigIntegerField(null=True)
    uniform_by_name = models.CharField(max_length=80, default="")
    uniform_at = models.DateTimeField(null=True)
    noise_mm = models.FloatField(default=0.0, verbose_name=_("noise (mm)"))
    stage_limits = models.JSONField(default=dict)  # {"2": {"angle_deg": …, "speed_mm_d": …, "days": …}}, empty: default
    is_confirmed = models.BooleanField(default=True)  # False: begun by itself from an element that came
    is_in_use = models.BooleanField(default=True, verbose_name=_("in use"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="datastream_once_a_device", fields=["device", "element"], condition=Q(device__isnull=False)
            ),
            models.CheckConstraint(
                name="datastream_property_is_known", condition=Q(property__in=list(dict(PROPERTY_CHOICES)))
            ),
            models.CheckConstraint(name="datastream_interval_is_positive", condition=Q(interval_s__gt=0)),
            models.CheckConstraint(
                name="datastream_range_is_one",
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lt=F("highest")),
            ),
            models.CheckConstraint(
                name="datastream_uniform_rate_is_positive_and_confirmed",
                condition=Q(uniform_mm_d__isnull=True) | (Q(uniform_mm_d__gt=0) & ~Q(uniform_by_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name} {self.name or self.get_property_display()}"


class Threshold(models.Model):
    """A limit of one datastream, which goes before the rule's own: 警戒 is yellow, 保证 orange, 历史最高 red."""

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="thresholds")
    quantity = models.CharField(max_length=16, choices=QUANTITY_CHOICES)
    colour = models.PositiveSmallIntegerField(choices=COLOUR_CHOICES)
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="threshold_once", fields=["datastream", "quantity", "colour"]),
            models.CheckConstraint(name="threshold_colour_is_known", condition=Q(colour__gte=1, colour__lte=4)),
            models.CheckConstraint(
                name="threshold_quantity_is_known", condition=Q(quantity__in=list(dict(QUANTITY_CHOICES)))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.colour}: {self.value}"
