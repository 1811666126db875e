"""What came: readings by month, corrections beside them, the latest, and what could not be read.

A value of NaN is a reading that told a missing value; the device spoke. The first value told of an instant stays.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField
from anlan.telemetry.core.properties import PROTOCOL_NAMES
from anlan.telemetry.models.registry import PROTOCOL_CHOICES, Datastream, Device, Station


class Reading(models.Model):
    """One raw value. The table is partitioned by month; what lies beyond 2000–2100 shares a part of its own."""

    pk = models.CompositePrimaryKey("datastream_id", "time")
    datastream = models.ForeignKey(Datastream, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    time = models.DateTimeField()
    value = models.FloatField()
    flags = models.SmallIntegerField(default=0)  # core.quality.Quality
    arrived_at = models.DateTimeField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.datastream_id} at {self.time:%F %T}: {self.value}"


class Correction(models.Model):
    """What a person put in the place of a raw value, which stays; `value` None strikes it."""

    datastream = models.ForeignKey(Datastream, on_delete=models.PROTECT, related_name="+")
    time = models.DateTimeField()
    value = models.FloatField(null=True)
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)  # a later correction of the same instant supersedes it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="correction_current_once", fields=["datastream", "time"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} at {self.time:%F %T}: {self.value}"


class Latest(models.Model):
    """The newest believable reading of a datastream."""

    datastream = models.OneToOneField(Datastream, primary_key=True, on_delete=models.CASCADE, related_name="latest")
    time = models.DateTimeField()
    value = models.FloatField()
    flags = models.SmallIntegerField(default=0)
    arrived_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.value}"


class DeviceState(models.Model):
    """How a device does: when it was last heard, how far its clock was out, its supply, its status word."""

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="state")
    heard_at = models.DateTimeField(null=True)
    clock_error_s = models.FloatField(null=True)  # its clock − ours
    voltage = models.FloatField(null=True)
    status_bits = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"device {self.device_id}"


class Parcel(models.Model):
    """Readings that are committed and wait to be judged by the rules: `core.parcels` packs them.

    One over which judging fell is put aside with the fault, and tried again when the judge is started again.
    """

    content = models.BinaryField()
    created_at = models.DateTimeField()
    fault = models.CharField(max_length=300, db_default="", default="")

    def __str__(self) -> str:
        return f"parcel {self.pk}"


class QuarantineState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    REPLAYED = "replayed", _("replayed")
    DROPPED = "dropped", _("put aside")


class Quarantined(models.Model):
    """Bytes that came and could not be taken in, with the reason; the same bytes for the same reason count once."""

    protocol = models.CharField(max_length=16, choices=PROTOCOL_CHOICES)
    device_code = models.CharField(max_length=40, default="", db_index=True)  # as far as it is known
    division_code = DivisionCodeField(default="")  # of the device's station; "" where it is unknown
    source = models.CharField(max_length=200)  # topic or address
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)  # msgid
    values = models.JSONField(default=dict)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=QuarantineState.choices, default=QuarantineState.WAITING)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "-last_at"], name="quarantined_waiting")]
        constraints = [
            models.CheckConstraint(
                name="quarantined_protocol_is_known", condition=Q(protocol__in=[each.value for each in PROTOCOL_NAMES])
            ),
            models.UniqueConstraint(name="quarantined_once", fields=["sha256", "reason", "source"]),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class Picture(models.Model):
    """A picture that a station sent; kept by its content."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="pictures")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="picture_once", fields=["device", "taken_at", "sha256"])]

    def __str__(self) -> str:
        return self.path


class OrderState(models.TextChoices):
    QUEUED = "queued", _("waiting for the station")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
    FAILED = "failed", _("no answer")


class Order(models.Model):
    """What a person asks a station to tell or to set, sent when the station next holds a line open (SL 651)."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="orders")
    function = models.PositiveSmallIntegerField()  # function code, 37–51 hexadecimal
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.QUEUED)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=80, default="")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="order_waiting")]

    def __str__(self) -> str:
        return f"{self.function:02X} to {self.device_id}"
